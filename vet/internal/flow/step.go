package flow

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// step notes what an instruction does to references.
func (f *follower) step(instruction ssa.Instruction) {
	switch i := instruction.(type) {
	case *ssa.Store:
		f.store(i)
	case *ssa.MapUpdate:
		f.put(i.Map, f.refers(i.Key), f.sites(i.Key, i))
		f.put(i.Map, f.refers(i.Value), f.sites(i.Value, i))
	case *ssa.UnOp:
		if i.Op == token.MUL {
			f.read(i, i.X)
		}
	case *ssa.FieldAddr:
		f.point(i, f.pointsInto(i.X))
		c := f.held(i.X)
		f.hold(i, c.whole.or(c.fields[i.Field]), c.sites)
	case *ssa.Field:
		c := f.held(i.X)
		r := c.whole.or(c.fields[i.Field])
		f.point(i, f.pointsInto(i.X)|r.direct)
		f.hold(i, r.below(), c.sites)
	case *ssa.Index:
		f.read(i, i.X)
	case *ssa.Lookup:
		f.read(i, i.X)
	case *ssa.Extract:
		f.extract(i)
	case *ssa.Phi:
		for _, edge := range i.Edges {
			f.same(i, edge)
		}
	case *ssa.MakeClosure:
		f.closure(i)
	case ssa.CallInstruction:
		f.call(i)
	case ssa.Value:
		if x := converted(i); x != nil {
			f.same(i, x)
		}
	}
}

// store keeps the fields of a struct apart.
func (f *follower) store(i *ssa.Store) {
	_, ok := i.Val.Type().Underlying().(*types.Struct)
	if _, local := i.Addr.(*ssa.Alloc); ok && local && f.pointsInto(i.Val) == 0 {
		f.copyFields(i.Addr, i.Val)
		return
	}
	f.put(i.Addr, f.refers(i.Val), f.sites(i.Val, i))
}

func (f *follower) extract(i *ssa.Extract) {
	switch tuple := i.Tuple.(type) {
	case *ssa.Next:
		f.read(i, tuple)
	case *ssa.Call:
		for _, fn := range f.targets(tuple.Call.Value) {
			f.results(i, fn, i.Index)
		}
	default:
		f.same(i, tuple)
	}
}

// results makes v what a function returns as its nth result.
func (f *follower) results(v ssa.Value, fn *ssa.Function, n int) {
	each(fn, func(instruction ssa.Instruction) {
		if r, ok := instruction.(*ssa.Return); ok {
			f.same(v, r.Results[n])
		}
	})
}

func (f *follower) closure(i *ssa.MakeClosure) {
	fn, ok := i.Fn.(*ssa.Function)
	if !ok || !f.local(fn) {
		return
	}
	f.reach(fn)
	for n, v := range fn.FreeVars {
		f.bound[v] = i.Bindings[n]
		f.same(v, i.Bindings[n])
	}
}

// judge notes what an instruction does that it must not.
func (f *follower) judge(instruction ssa.Instruction) {
	switch i := instruction.(type) {
	case *ssa.Store:
		f.written(i, i.Addr, i.Val)
	case *ssa.MapUpdate:
		f.written(i, i.Map, i.Key, i.Value)
	case ssa.CallInstruction:
		f.judgeCall(i)
	case *ssa.Return:
		if f.query.Returns && i.Parent() == f.query.Func && len(i.Results) > 0 {
			for _, site := range f.sites(i.Results[0], i) {
				f.leaks = append(f.leaks, Leak{Kind: Lend, Site: site})
			}
		}
	}
}

// written looks at values that are stored in the memory that dst points into.
func (f *follower) written(at ssa.Instruction, dst ssa.Value, values ...ssa.Value) {
	into := f.pointsInto(dst)
	var from memory
	for _, v := range values {
		from |= f.refers(v).all()
	}
	for _, rule := range []struct {
		kind   Kind
		broken bool
	}{
		{Write, into&source != 0},
		{Keep, into&target != 0 && from&source != 0},
		{Outlive, into&outside != 0 && from&(source|target) != 0},
	} {
		if rule.broken {
			f.leaks = append(f.leaks, Leak{Kind: rule.kind, Site: Site{Pos: at.Pos(), Func: at.Parent()}})
		}
	}
}
