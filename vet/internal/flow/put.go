package flow

import "golang.org/x/tools/go/ssa"

// put notes that something was stored in the object that v points to, for all
// values that are known to lead to it.
func (f *follower) put(v ssa.Value, r refs, sites []Site) {
	if f.pointsInto(v) == 0 && f.hold(v, r, sites) {
		f.back(v, r, sites)
	}
}

// back goes from a pointer to what it was made of.
func (f *follower) back(v ssa.Value, r refs, sites []Site) {
	deeper := refs{deep: r.all()}
	switch v := v.(type) {
	case *ssa.FieldAddr:
		if f.pointsInto(v.X) == 0 && f.field(v.X, v.Field, r, sites) {
			f.back(v.X, r, sites)
		}
	case *ssa.UnOp:
		f.put(v.X, deeper, sites)
	case *ssa.Lookup:
		f.put(v.X, deeper, sites)
	case *ssa.Extract:
		f.put(v.Tuple, deeper, sites)
	case *ssa.Phi:
		for _, edge := range v.Edges {
			f.put(edge, r, sites)
		}
	case *ssa.FreeVar:
		if x := f.bound[v]; x != nil {
			f.put(x, r, sites)
		}
	case *ssa.Parameter:
		f.fill(v, r, sites)
	case *ssa.Call:
		if isBuiltin(&v.Call, "append") {
			f.put(v.Call.Args[0], r, sites)
		}
	default:
		if x := converted(v); x != nil {
			f.put(x, r, sites)
		}
	}
}

func (f *follower) fill(p *ssa.Parameter, r refs, sites []Site) {
	if f.filled[p] == nil {
		f.filled[p] = &content{}
	}
	f.changed = f.filled[p].add(r, sites) || f.changed
}

// converted returns the pointer that another one to the same memory is made
// of, or nil.
func converted(v ssa.Value) ssa.Value {
	switch v := v.(type) {
	case *ssa.IndexAddr:
		return v.X
	case *ssa.Slice:
		return v.X
	case *ssa.ChangeType:
		return v.X
	case *ssa.Convert:
		return v.X
	case *ssa.MakeInterface:
		return v.X
	case *ssa.ChangeInterface:
		return v.X
	case *ssa.TypeAssert:
		return v.X
	case *ssa.SliceToArrayPointer:
		return v.X
	case *ssa.Range:
		return v.X
	case *ssa.Next:
		return v.Iter
	}
	return nil
}
