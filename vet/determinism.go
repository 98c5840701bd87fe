package vet

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
)

// Determinism reports what makes the methods of a behaviour depend on more
// than their arguments, or change more than the state.
var Determinism = &analysis.Analyzer{
	Name: "esdeterminism",
	Doc: `behaviours depend on their arguments alone

Every Apply and Upcast method runs again whenever an aggregate is loaded, on
any machine and years later, and has to do the same each time. A Handle method
runs again when a write has to be repeated. So none of them may read a clock,
draw random numbers, do I/O, start goroutines or use channels and locks, change
variables that outlive the call, or let the order of a map decide anything. The
time is in es.Meta; what has to come from outside belongs into the command.
Functions, methods and variables of the same package are followed.

A loop over a map may count, add up integers, find a minimum or maximum, delete,
write under the key of the entry, and append to a slice that is sorted later.`,
	URL:      docURL + "#Determinism",
	Requires: []*analysis.Analyzer{behavior},
	Run:      runDeterminism,
}

const docURL = "https://pkg.go.dev/github.com/esgen-dev/esgen/vet"

func runDeterminism(pass *analysis.Pass) (any, error) {
	rows, reported := effects(), map[token.Pos]bool{}
	for _, n := range serviceOf(pass).reached(pass.TypesInfo) {
		d := determinism{pass: pass, node: n, effects: rows, reported: reported, settled: map[ast.Node]bool{}}
		ast.Inspect(n.code, d.visit)
	}
	return nil, nil
}

// determinism looks at one node.
type determinism struct {
	pass     *analysis.Pass
	node     node
	effects  []effect
	reported map[token.Pos]bool
	settled  map[ast.Node]bool // what needs no further look
}

func (d *determinism) report(at ast.Node, does, instead string) {
	if d.reported[at.Pos()] {
		return // for a loop around it
	}
	d.reported[at.Pos()] = true
	d.pass.Report(analysis.Diagnostic{
		Pos: at.Pos(), End: at.End(),
		Message: d.node.name + " " + does + ": " + instead,
	})
}

func (d *determinism) visit(x ast.Node) bool {
	if d.settled[x] {
		return false
	}
	switch x := x.(type) {
	case *ast.Ident:
		if e, ok := effectOf(d.effects, d.pass.TypesInfo.Uses[x]); ok {
			d.report(x, e.does+" with "+qualified(d.pass.TypesInfo.Uses[x]), e.instead)
		}
	case *ast.GoStmt:
		d.report(x, "starts a goroutine", useEvents)
	case *ast.SelectStmt:
		d.report(x, "uses channels", useEvents)
		for _, clause := range x.Body.List {
			if comm, ok := clause.(*ast.CommClause); ok && comm.Comm != nil {
				d.settled[comm.Comm] = true
			}
		}
	case *ast.SendStmt:
		d.report(x, "uses channels", useEvents)
	case *ast.UnaryExpr:
		if x.Op == token.ARROW {
			d.report(x, "uses channels", useEvents)
		}
	case *ast.RangeStmt:
		d.rangeStmt(x)
	case *ast.CallExpr:
		d.call(x)
	case *ast.AssignStmt:
		d.assign(x)
	case *ast.IncDecStmt:
		d.change(x, x.X)
	}
	return true
}

func (d *determinism) rangeStmt(x *ast.RangeStmt) {
	if _, ok := d.pass.TypesInfo.TypeOf(x.X).Underlying().(*types.Chan); ok {
		d.report(x.X, "uses channels", useEvents)
	}
	if !overMap(d.pass.TypesInfo, x.X) {
		return
	}
	loop := mapLoop{info: d.pass.TypesInfo, stmt: x, function: d.node.code}
	if at, decided := loop.decides(); at != nil {
		d.report(at, "ranges over a map in random order and "+decided, "range over slices.Sorted(maps.Keys(m))")
	}
}

func (d *determinism) call(x *ast.CallExpr) {
	info := d.pass.TypesInfo
	switch {
	case isBuiltin(info, x, "make"):
		if _, ok := info.TypeOf(x).Underlying().(*types.Chan); ok {
			d.report(x, "uses channels", useEvents)
		}
	case isBuiltin(info, x, "delete"), isBuiltin(info, x, "clear"):
		d.change(x, x.Args[0])
	case collects(info, x):
		d.report(x, "collects the entries of a map in random order", "sort them")
	case isClock(info, x):
		d.report(x, "asks a clock", useMeta)
	}
}

// isClock reports whether a call through a function value or an interface
// returns a time for nothing.
func isClock(info *types.Info, call *ast.CallExpr) bool {
	sig, ok := info.TypeOf(call.Fun).Underlying().(*types.Signature)
	if !ok || sig.Params().Len() != 0 || sig.Results().Len() != 1 || !isTime(sig.Results().At(0).Type()) {
		return false
	}
	fn := callee(info, call)
	if fn == nil {
		_, literal := ast.Unparen(call.Fun).(*ast.FuncLit)
		return !literal
	}
	return fn.Signature().Recv() != nil && types.IsInterface(fn.Signature().Recv().Type())
}

func isTime(t types.Type) bool {
	name := typeName(t)
	return name != nil && name.Name() == "Time" && name.Pkg() != nil && name.Pkg().Path() == "time"
}

func (d *determinism) assign(x *ast.AssignStmt) {
	for i, lhs := range x.Lhs {
		d.change(x, lhs)
		if len(x.Rhs) != len(x.Lhs) {
			continue
		}
		if call, ok := ast.Unparen(x.Rhs[i]).(*ast.CallExpr); ok && collects(d.pass.TypesInfo, call) &&
			sortedAfter(d.pass.TypesInfo, d.node.code, lhs, x.End()) {
			d.settled[call] = true
		}
	}
}

// change reports a change of something that outlives the call and is not part
// of the state: a variable of a package, or what the behaviour itself holds.
func (d *determinism) change(at ast.Node, lhs ast.Expr) {
	obj, shared := root(d.pass.TypesInfo, lhs)
	v, ok := obj.(*types.Var)
	if !ok || v.Pkg() == nil {
		return
	}
	if v.Parent() == v.Pkg().Scope() {
		d.report(at, "changes the variable "+v.Name()+", which outlives the call", "keep it in the state")
		return
	}
	if shared && d.node.decl != nil && d.node.decl.Recv != nil && v == receiverOf(d.pass.TypesInfo, d.node.decl) &&
		typeName(v.Type()) == d.node.root.receiver() {
		d.report(at, "changes its receiver, which outlives the call", "keep it in the state")
	}
}

func receiverOf(info *types.Info, decl *ast.FuncDecl) types.Object {
	if names := decl.Recv.List[0].Names; len(names) == 1 {
		return info.Defs[names[0]]
	}
	return nil
}
