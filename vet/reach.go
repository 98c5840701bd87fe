package vet

import (
	"go/ast"
	"go/types"
)

// node is code that a method of a behaviour reaches: a function or the initial
// value of a variable.
type node struct {
	root method // the first method that reaches it
	name string // e.g. "ApplyDeposited" or "ApplyDeposited, through total,"
	decl *ast.FuncDecl
	code ast.Node
}

// reached returns the code of the methods and all code of the package that
// they reach, each piece once.
func (s *service) reached(info *types.Info) []node {
	seen := map[types.Object]bool{}
	for _, m := range s.methods {
		seen[m.fn] = true
	}
	var all []node
	for _, m := range s.methods {
		queue := []node{{root: m, name: m.fn.Name(), decl: m.decl, code: m.decl.Body}}
		for len(queue) > 0 {
			n := queue[0]
			queue = append(queue[1:], s.next(info, n, seen)...)
			all = append(all, n)
		}
	}
	return all
}

// next returns what a node mentions and was not seen before.
func (s *service) next(info *types.Info, from node, seen map[types.Object]bool) []node {
	var found []node
	ast.Inspect(from.code, func(x ast.Node) bool {
		ident, ok := x.(*ast.Ident)
		if !ok {
			return true
		}
		obj := info.Uses[ident]
		if fn, ok := obj.(*types.Func); ok {
			obj = fn.Origin()
		}
		if obj == nil || seen[obj] {
			return true
		}
		n := node{root: from.root, name: from.root.fn.Name() + ", through " + obj.Name() + ","}
		if fn, ok := obj.(*types.Func); ok && s.decls[fn] != nil {
			n.decl, n.code = s.decls[fn], s.decls[fn].Body
		} else if value := s.values[obj]; value != nil {
			n.code = value
		} else {
			return true
		}
		seen[obj] = true
		found = append(found, n)
		return true
	})
	return found
}
