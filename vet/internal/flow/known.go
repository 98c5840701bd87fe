package flow

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// foreign notes what a call does to references that leaves the package: to a
// function of another one, or to one that is not known.
func (f *follower) foreign(i ssa.CallInstruction) {
	args := arguments(i.Common())
	fn := object(i.Common())
	f.callBack(i.Common(), args)
	if src := stored(fn, args); src != nil {
		f.put(args[0], f.gives(fn, src), f.sites(src, i))
	}
	result := i.Value()
	if fn == nil || result == nil || len(args) == 0 {
		return
	}
	switch {
	case fn.Signature().Recv() != nil && strings.HasPrefix(fn.Name(), "Get"):
		f.read(result, args[0])
	case fn.Signature().Recv() != nil && fn.Name() == "Build":
		f.same(result, args[0])
	case inPackage(fn, "slices"), inPackage(fn, "maps"):
		f.container(i, result, fn, args)
	}
}

// gives returns what is stored: a value, or the entries of a map.
func (f *follower) gives(fn *types.Func, src ssa.Value) refs {
	if inPackage(fn, "maps") {
		return f.inside(src)
	}
	return f.refers(src)
}

// container looks at a function of slices or maps: its result holds what its
// arguments hold.
func (f *follower) container(i ssa.CallInstruction, result *ssa.Call, fn *types.Func, args []ssa.Value) {
	if inPlace(fn) || fn.Name() == "Clip" || fn.Name() == "Grow" {
		f.point(result, f.pointsInto(args[0]))
	}
	for _, arg := range args {
		switch result.Type().Underlying().(type) {
		case *types.Slice, *types.Map, *types.Signature:
			if elementsCarry(result.Type()) {
				f.hold(result, f.inside(arg), f.sites(arg, i))
			}
		default:
			f.read(result, arg)
		}
	}
}

// callBack passes the elements of arguments, and of what is called, to
// functions among the arguments.
func (f *follower) callBack(c *ssa.CallCommon, args []ssa.Value) {
	for _, arg := range args {
		for _, fn := range f.targets(arg) {
			f.reach(fn)
			for _, p := range fn.Params {
				f.read(p, c.Value)
				for _, given := range args {
					f.read(p, given)
				}
			}
		}
	}
}

// judgeForeign notes what such a call does that it must not.
func (f *follower) judgeForeign(i ssa.CallInstruction) {
	args := arguments(i.Common())
	fn := object(i.Common())
	dst, ok := changes(fn)
	switch src := stored(fn, args); {
	case !ok || dst >= len(args):
	case src != nil:
		f.written(i, args[dst], src)
	default:
		f.written(i, args[dst])
	}
}

// arguments returns the arguments of a call, with the receiver first.
func arguments(c *ssa.CallCommon) []ssa.Value {
	if c.IsInvoke() {
		return append([]ssa.Value{c.Value}, c.Args...)
	}
	return c.Args
}

// object returns the function or method that is called, or nil.
func object(c *ssa.CallCommon) *types.Func {
	if c.IsInvoke() {
		return c.Method
	}
	fn := c.StaticCallee()
	if fn == nil {
		return nil
	}
	if origin := fn.Origin(); origin != nil {
		fn = origin
	}
	obj, _ := fn.Object().(*types.Func) // nil for what the compiler made
	return obj
}

func inPackage(fn *types.Func, path string) bool { return fn.Pkg() != nil && fn.Pkg().Path() == path }

// changes returns the argument that a function writes to.
func changes(fn *types.Func) (arg int, ok bool) {
	switch {
	case fn == nil:
		return 0, false
	case fn.Signature().Recv() != nil:
		return 0, fn.Name() == "Reset" || hasPrefix(fn.Name(), "Set", "Clear")
	case inPackage(fn, "sort"), inPlace(fn):
		return 0, true
	}
	switch fn.FullName() {
	case "maps.Copy", "maps.DeleteFunc", "maps.Insert",
		"google.golang.org/protobuf/proto.Merge", "google.golang.org/protobuf/proto.Reset",
		"google.golang.org/protobuf/proto.SetExtension", "google.golang.org/protobuf/proto.ClearExtension":
		return 0, true
	case "google.golang.org/protobuf/proto.Unmarshal", "google.golang.org/protobuf/encoding/protojson.Unmarshal",
		"google.golang.org/protobuf/encoding/prototext.Unmarshal":
		return 1, true
	}
	return 0, false
}

// inPlace reports whether a function of slices changes the one it is given.
// Sorted is given an iterator, which is no memory to write to.
func inPlace(fn *types.Func) bool {
	return inPackage(fn, "slices") &&
		hasPrefix(fn.Name(), "Sort", "Reverse", "Delete", "Insert", "Replace", "Compact")
}

// stored returns the argument whose references a function stores in its first
// one, or nil.
func stored(fn *types.Func, args []ssa.Value) ssa.Value {
	switch {
	case fn == nil || len(args) < 2:
	case fn.Signature().Recv() != nil && strings.HasPrefix(fn.Name(), "Set"):
		return args[1]
	case inPackage(fn, "maps") && (fn.Name() == "Copy" || fn.Name() == "Insert") && elementsCarry(args[1].Type()):
		return args[1]
	}
	return nil
}

func hasPrefix(name string, prefixes ...string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, p) })
}
