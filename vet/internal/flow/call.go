package flow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// call notes what a call does to references.
func (f *follower) call(i ssa.CallInstruction) {
	c := i.Common()
	if _, ok := c.Value.(*ssa.Builtin); ok {
		f.builtin(i)
		return
	}
	result := i.Value() // nil for go and defer
	targets := f.targets(c.Value)
	for _, fn := range targets {
		f.enter(fn, c.Args)
		if result != nil && fn.Signature.Results().Len() == 1 {
			f.results(result, fn, 0)
		}
	}
	if len(targets) == 0 {
		f.foreign(i)
	}
}

// enter passes arguments to a function of the package.
func (f *follower) enter(fn *ssa.Function, args []ssa.Value) {
	f.reach(fn)
	for n, p := range fn.Params {
		f.same(p, args[n])
		if _, ok := p.Type().Underlying().(*types.Signature); ok && !slices.Contains(f.passed[p], args[n]) {
			f.passed[p] = append(f.passed[p], args[n])
			f.changed = true
		}
		if c := f.filled[p]; c != nil {
			f.put(args[n], c.refs, c.sites)
		}
	}
}

// local reports whether a function belongs to the package and has a body.
func (f *follower) local(fn *ssa.Function) bool {
	return len(fn.Blocks) > 0 && packageOf(fn) == packageOf(f.query.Func)
}

func packageOf(fn *ssa.Function) *ssa.Package {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	if origin := fn.Origin(); origin != nil {
		fn = origin
	}
	return fn.Pkg
}

// builtin notes what append and copy do to references.
func (f *follower) builtin(i ssa.CallInstruction) {
	c := i.Common()
	switch {
	case isBuiltin(c, "append"):
		result := i.Value()
		if result == nil {
			return
		}
		if isClipped(c.Args[0]) {
			f.gather(result, c.Args[0], i)
		} else {
			f.same(result, c.Args[0])
		}
		f.gather(result, c.Args[1], i)
	case isBuiltin(c, "copy"):
		if elementsCarry(c.Args[1].Type()) {
			f.put(c.Args[0], f.inside(c.Args[1]), f.sites(c.Args[1], i))
		}
	}
}

// gather puts the elements of one container into another one that is made by
// an instruction.
func (f *follower) gather(result, elements ssa.Value, at ssa.Instruction) {
	if elementsCarry(elements.Type()) {
		f.hold(result, f.inside(elements), f.sites(elements, at))
	}
}

// judgeCall notes what a call does that it must not.
func (f *follower) judgeCall(i ssa.CallInstruction) {
	c := i.Common()
	switch {
	case isBuiltin(c, "append"):
		if !isClipped(c.Args[0]) && f.pointsInto(c.Args[0])&source != 0 {
			f.written(i, c.Args[0])
		}
	case isBuiltin(c, "copy"):
		if elementsCarry(c.Args[1].Type()) {
			f.written(i, c.Args[0], c.Args[1])
			return
		}
		f.written(i, c.Args[0])
	case isBuiltin(c, "delete"), isBuiltin(c, "clear"):
		f.written(i, c.Args[0])
	case len(f.targets(c.Value)) == 0:
		f.judgeForeign(i)
	}
}

func isBuiltin(c *ssa.CallCommon, name string) bool {
	b, ok := c.Value.(*ssa.Builtin)
	return ok && b.Name() == name
}

// isClipped reports whether appending to a slice makes a new one for sure.
func isClipped(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Slice:
		return v.Max != nil
	case *ssa.Call:
		fn := object(&v.Call)
		return fn != nil && fn.FullName() == "slices.Clip"
	}
	return false
}
