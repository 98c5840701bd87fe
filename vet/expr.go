package vet

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"
)

// root returns the variable at the beginning of an expression such as
// v.Lines[i].Count, and whether its memory is shared with copies of the
// variable. It is nil for the result of a call.
func root(info *types.Info, x ast.Expr) (obj types.Object, shared bool) {
	for {
		switch e := x.(type) {
		case *ast.Ident:
			return info.ObjectOf(e), shared
		case *ast.ParenExpr:
			x = e.X
			continue
		case *ast.StarExpr:
			x, shared = e.X, true
			continue
		case *ast.IndexExpr:
			x = e.X
		case *ast.SelectorExpr:
			if info.Selections[e] == nil {
				return info.Uses[e.Sel], shared // of another package
			}
			x = e.X
		default:
			return nil, false
		}
		switch info.TypeOf(x).Underlying().(type) {
		case *types.Pointer, *types.Map, *types.Slice:
			shared = true
		}
	}
}

// callee returns the function or method that is called, or nil.
func callee(info *types.Info, call *ast.CallExpr) *types.Func {
	fn, _ := typeutil.Callee(info, call).(*types.Func) // nil for builtins and values
	return fn
}

// isCall reports whether a call is one of a function of a package, with one of
// the names.
func isCall(info *types.Info, x ast.Expr, path string, names ...string) bool {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return false
	}
	fn := callee(info, call)
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != path {
		return false
	}
	for _, name := range names {
		if fn.Name() == name {
			return true
		}
	}
	return false
}

func isBuiltin(info *types.Info, call *ast.CallExpr, name string) bool {
	b, ok := typeutil.Callee(info, call).(*types.Builtin)
	return ok && b.Name() == name
}

// overMap reports whether a range over x meets the entries of a map.
func overMap(info *types.Info, x ast.Expr) bool {
	_, ok := info.TypeOf(x).Underlying().(*types.Map)
	return ok || isCall(info, x, "maps", "All", "Keys", "Values")
}

// collects reports whether a call makes a slice of a map, in the map's order.
func collects(info *types.Info, call *ast.CallExpr) bool {
	return isCall(info, call, "slices", "Collect", "AppendSeq") && overMap(info, call.Args[len(call.Args)-1])
}

// sortedAfter reports whether the variable is sorted somewhere behind a
// position of a function.
func sortedAfter(info *types.Info, function ast.Node, variable ast.Expr, pos token.Pos) bool {
	obj, _ := root(info, variable)
	found := false
	ast.Inspect(function, func(x ast.Node) bool {
		call, ok := x.(*ast.CallExpr)
		if !ok || call.Pos() < pos || len(call.Args) == 0 {
			return true
		}
		fn := callee(info, call)
		if fn == nil || fn.Pkg() == nil {
			return true
		}
		sorts := fn.Pkg().Path() == "sort" || fn.Pkg().Path() == "slices" && strings.HasPrefix(fn.Name(), "Sort")
		if sorts && obj != nil && mentions(info, call.Args[0], func(o types.Object) bool { return o == obj }) {
			found = true
		}
		return !found
	})
	return found
}

// mentions reports whether an expression uses an object for which is holds.
func mentions(info *types.Info, x ast.Node, is func(types.Object) bool) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		if ident, ok := n.(*ast.Ident); ok && info.Uses[ident] != nil && is(info.Uses[ident]) {
			found = true
		}
		return !found
	})
	return found
}
