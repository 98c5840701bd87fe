package vet

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Exhaustive reports type switches over a sealed set of generated code that
// forget one of its types.
var Exhaustive = &analysis.Analyzer{
	Name: "esexhaustive",
	Doc: `a type switch over events names all of them

The sets of events and commands in generated code are sealed: there are no
other implementations. A type switch over one has to name each of them, so that
a new event cannot be overlooked, or has to have a default, which says what is
to be done with all others. Ignoring some is fine: spell it out, with an empty
case or with an empty default and a comment that says why.

A case with an interface stands for all events that implement it. Nil needs no
case. Generated files are not looked at.`,
	URL: docURL + "#Exhaustive",
	Run: runExhaustive,
}

func runExhaustive(pass *analysis.Pass) (any, error) {
	for _, file := range pass.Files {
		if ast.IsGenerated(file) {
			continue
		}
		ast.Inspect(file, func(x ast.Node) bool {
			if s, ok := x.(*ast.TypeSwitchStmt); ok {
				checkSwitch(pass, s)
			}
			return true
		})
	}
	return nil, nil
}

func checkSwitch(pass *analysis.Pass, s *ast.TypeSwitchStmt) {
	set, ok := sealedSet(pass.TypesInfo.TypeOf(subject(s)))
	if !ok {
		return
	}
	missing := implementations(set)
	for _, stmt := range s.Body.List {
		clause, ok := stmt.(*ast.CaseClause)
		if !ok || clause.List == nil {
			return // a default
		}
		for _, x := range clause.List {
			missing = slices.DeleteFunc(missing, func(t *types.TypeName) bool { return covers(pass.TypesInfo.TypeOf(x), t) })
		}
	}
	if len(missing) == 0 {
		return
	}
	names := make([]string, len(missing))
	for i, t := range missing {
		names[i] = "*" + t.Pkg().Name() + "." + t.Name()
	}
	pass.Report(analysis.Diagnostic{
		Pos: s.Pos(), End: s.Body.Pos(),
		Message: "the type switch over " + set.Obj().Name() + " has no case for " + strings.Join(names, ", ") +
			": add it, or a default that says what to do with the others",
	})
}

// subject returns x of switch x.(type), or of switch v := x.(type).
func subject(s *ast.TypeSwitchStmt) ast.Expr {
	var x ast.Expr
	switch assign := s.Assign.(type) {
	case *ast.ExprStmt:
		x = assign.X
	case *ast.AssignStmt:
		x = assign.Rhs[0]
	}
	if assert, ok := ast.Unparen(x).(*ast.TypeAssertExpr); ok {
		return assert.X
	}
	return x
}

// sealedSet reports whether a type is one of the sealed interfaces of generated
// code: XEvent, XStoredEvent and XCommand, which have a method isXEvent and so
// on, and XOutcome, which has outcomeOfX. Their package imports the runtime.
func sealedSet(t types.Type) (*types.Named, bool) {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || !importsRuntime(named.Obj().Pkg()) {
		return nil, false
	}
	iface, ok := named.Underlying().(*types.Interface)
	if !ok {
		return nil, false
	}
	name := named.Obj().Name()
	seal := "is" + name
	if command, ok := strings.CutSuffix(name, "Outcome"); ok {
		seal = "outcomeOf" + command
	}
	for m := range iface.ExplicitMethods() {
		if m.Name() == seal && m.Signature().Params().Len() == 0 && m.Signature().Results().Len() == 0 {
			return named, true
		}
	}
	return nil, false
}

func importsRuntime(pkg *types.Package) bool {
	return slices.ContainsFunc(pkg.Imports(), func(p *types.Package) bool { return p.Path() == runtimePath })
}

// implementations returns the types T for which *T is of the set, in order of
// their names.
func implementations(set *types.Named) []*types.TypeName {
	iface, _ := set.Underlying().(*types.Interface) // as sealedSet made sure
	var all []*types.TypeName
	scope := set.Obj().Pkg().Scope()
	for _, name := range scope.Names() {
		t, ok := scope.Lookup(name).(*types.TypeName)
		if ok && !t.IsAlias() && !types.IsInterface(t.Type()) && types.Implements(types.NewPointer(t.Type()), iface) {
			all = append(all, t)
		}
	}
	return all
}

// covers reports whether a case with type t is taken by a pointer to member.
func covers(t types.Type, member *types.TypeName) bool {
	pointer := types.NewPointer(member.Type())
	if iface, ok := t.Underlying().(*types.Interface); ok {
		return types.Implements(pointer, iface)
	}
	return types.Identical(t, pointer)
}
