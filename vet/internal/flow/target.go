package flow

import "golang.org/x/tools/go/ssa"

// targets returns the functions of the package that a value may stand for.
func (f *follower) targets(v ssa.Value) []*ssa.Function {
	r := resolver{follower: f, seen: map[ssa.Value]bool{}}
	r.visit(v)
	return r.found
}

// resolver goes from a function value to what it was made of.
type resolver struct {
	*follower
	seen  map[ssa.Value]bool
	found []*ssa.Function
}

func (r *resolver) visit(v ssa.Value) {
	if fn, ok := v.(*ssa.Function); ok {
		if r.local(fn) {
			r.found = append(r.found, fn)
		}
		return
	}
	if r.seen[v] {
		return
	}
	r.seen[v] = true
	switch v := v.(type) {
	case *ssa.MakeClosure:
		r.visit(v.Fn)
	case *ssa.ChangeType:
		r.visit(v.X)
	case *ssa.Phi:
		for _, edge := range v.Edges {
			r.visit(edge)
		}
	case *ssa.Parameter:
		for _, x := range r.passed[v] {
			r.visit(x)
		}
	case *ssa.FreeVar:
		if x := r.bound[v]; x != nil {
			r.visit(x)
		}
	case *ssa.UnOp:
		r.variable(v.X)
	case *ssa.Call:
		r.returned(v)
	}
}

// variable visits what is stored in a captured variable.
func (r *resolver) variable(addr ssa.Value) {
	for {
		v, ok := addr.(*ssa.FreeVar)
		if !ok {
			break
		}
		addr = r.bound[v]
	}
	variable, ok := addr.(*ssa.Alloc)
	if !ok {
		return
	}
	for _, i := range *variable.Referrers() {
		if store, ok := i.(*ssa.Store); ok && store.Addr == variable {
			r.visit(store.Val)
		}
	}
}

// returned visits what a function of the package returns, such as an iterator.
func (r *resolver) returned(call *ssa.Call) {
	called := resolver{follower: r.follower, seen: r.seen} // so that a function that returns itself comes to an end
	called.visit(call.Call.Value)
	for _, fn := range called.found {
		each(fn, func(i ssa.Instruction) {
			if result, ok := i.(*ssa.Return); ok && len(result.Results) > 0 {
				r.visit(result.Results[0])
			}
		})
	}
}
