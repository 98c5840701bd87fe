package vet

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// mapLoop is a range over a map. It looks for what the order of the entries
// decides. Functions that are called in expressions are believed to be pure.
type mapLoop struct {
	info     *types.Info
	stmt     *ast.RangeStmt
	function ast.Node // around the loop

	changed map[types.Object]bool // declared outside and assigned inside
	settled map[ast.Expr]bool     // assigned to in a way that no order decides
	returns string                // the results of the first return
	gathers bool                  // something is added up
	at      ast.Node              // what the order decides
	what    string                // in words
}

// decides returns the first thing that the order decides, and says what. It is
// nil when there is none.
func (l *mapLoop) decides() (at ast.Node, what string) {
	if l.stmt.Tok == token.ASSIGN {
		return l.stmt.Key, "keeps the last key"
	}
	l.changed, l.settled = map[types.Object]bool{}, map[ast.Expr]bool{}
	l.walk(l.mark)
	l.walk(l.look)
	if l.at == nil && l.gathers {
		if b := leaves(l.stmt.Body); b != nil {
			return b, "stops after some of the entries"
		}
	}
	return l.at, l.what
}

// walk calls visit for what is in the body, but not in function literals.
func (l *mapLoop) walk(visit func(ast.Node) bool) {
	ast.Inspect(l.stmt.Body, func(x ast.Node) bool {
		_, literal := x.(*ast.FuncLit)
		return x != nil && !literal && visit(x)
	})
}

func (l *mapLoop) mark(x ast.Node) bool {
	if assign, ok := x.(*ast.AssignStmt); ok {
		for _, lhs := range assign.Lhs {
			if obj, _ := root(l.info, lhs); obj != nil && !l.inside(obj) {
				l.changed[obj] = true
			}
		}
	}
	return true
}

func (l *mapLoop) look(x ast.Node) bool {
	if l.at != nil {
		return false
	}
	switch x := x.(type) {
	case *ast.IfStmt:
		l.extremum(x)
	case *ast.AssignStmt:
		for i, lhs := range x.Lhs {
			l.assign(x, lhs, x.Rhs[min(i, len(x.Rhs)-1)])
		}
	case *ast.IncDecStmt:
		l.gathers = l.gathers || !l.ownEntry(x.X)
	case *ast.ReturnStmt:
		l.returned(x)
	case *ast.ExprStmt:
		l.called(x)
	}
	return true
}

func (l *mapLoop) found(at ast.Node, what string) {
	if l.at == nil {
		l.at, l.what = at, what
	}
}

// inside reports whether something is declared by the loop.
func (l *mapLoop) inside(obj types.Object) bool {
	return l.stmt.Pos() <= obj.Pos() && obj.Pos() < l.stmt.End()
}

// varies reports whether an expression is another for each entry.
func (l *mapLoop) varies(x ast.Node) bool {
	return mentions(l.info, x, func(obj types.Object) bool { return l.inside(obj) || l.changed[obj] })
}

func (l *mapLoop) assign(s *ast.AssignStmt, lhs, rhs ast.Expr) {
	switch {
	case s.Tok == token.DEFINE, l.settled[lhs], l.ownEntry(lhs), !l.varies(rhs):
	case s.Tok == token.ASSIGN:
		l.replace(s, lhs, rhs)
	case l.commutes(s.Tok, lhs):
		l.gathers = true
	default:
		l.found(s, "adds up what depends on the order")
	}
}

// replace looks at lhs = rhs, where rhs is another for each entry.
func (l *mapLoop) replace(s *ast.AssignStmt, lhs, rhs ast.Expr) {
	own := types.ExprString(lhs)
	switch x := ast.Unparen(rhs).(type) {
	case *ast.CallExpr:
		switch {
		case isBuiltin(l.info, x, "append") && types.ExprString(x.Args[0]) == own:
			if !sortedAfter(l.info, l.function, lhs, l.stmt.End()) {
				l.found(s, "appends to "+own)
			}
			return
		case (isBuiltin(l.info, x, "min") || isBuiltin(l.info, x, "max")) && anyIs(own, x.Args...):
			return
		}
	case *ast.BinaryExpr:
		if anyIs(own, x.X, x.Y) && l.commutes(x.Op, lhs) {
			l.gathers = true
			return
		}
	}
	l.found(s, "keeps the last value of "+own)
}

// ownEntry reports whether what is assigned to belongs to the entry: it was
// declared by the loop, or stands under the key of the entry.
func (l *mapLoop) ownEntry(lhs ast.Expr) bool {
	if obj, _ := root(l.info, lhs); isBlank(lhs) || obj != nil && l.inside(obj) {
		return true
	}
	key, ok := l.stmt.Key.(*ast.Ident)
	if !ok || isBlank(key) {
		return false
	}
	own := false
	ast.Inspect(lhs, func(x ast.Node) bool {
		if index, ok := x.(*ast.IndexExpr); ok {
			ident, ok := ast.Unparen(index.Index).(*ast.Ident)
			own = own || ok && l.info.Uses[ident] == l.info.Defs[key]
		}
		return !own
	})
	return own
}

// commutes reports whether an operation on values of this type leads to the
// same in every order. Adding floating point numbers does not.
func (l *mapLoop) commutes(op token.Token, x ast.Expr) bool {
	basic, ok := l.info.TypeOf(x).Underlying().(*types.Basic)
	if !ok {
		return false
	}
	switch op {
	case token.ADD, token.SUB, token.MUL, token.AND, token.OR, token.XOR, token.AND_NOT,
		token.ADD_ASSIGN, token.SUB_ASSIGN, token.MUL_ASSIGN, token.AND_ASSIGN, token.OR_ASSIGN, token.XOR_ASSIGN, token.AND_NOT_ASSIGN:
		return basic.Info()&types.IsInteger != 0
	case token.LAND, token.LOR:
		return true
	default:
		return false
	}
}

// extremum settles assignments that keep the least or the greatest value:
// if v < least { least = v }.
func (l *mapLoop) extremum(s *ast.IfStmt) {
	for _, stmt := range s.Body.List {
		assign, ok := stmt.(*ast.AssignStmt)
		if !ok || assign.Tok != token.ASSIGN || len(assign.Lhs) != len(assign.Rhs) {
			continue
		}
		for i, lhs := range assign.Lhs {
			l.settled[lhs] = compares(s.Cond, types.ExprString(lhs), types.ExprString(assign.Rhs[i]))
		}
	}
}

// compares reports whether a condition, or one side of an or, orders x and y.
func compares(cond ast.Expr, x, y string) bool {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok {
		return false
	}
	switch b.Op {
	case token.LOR:
		return compares(b.X, x, y) || compares(b.Y, x, y)
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		return x != y && anyIs(x, b.X, b.Y) && anyIs(y, b.X, b.Y)
	default:
		return false
	}
}

// returned looks at a return: it may only say that there is some entry.
func (l *mapLoop) returned(s *ast.ReturnStmt) {
	texts := []string{"return"}
	for _, result := range s.Results {
		if l.varies(result) {
			l.found(s, "returns something of the first entry")
		}
		texts = append(texts, types.ExprString(result))
	}
	text := strings.Join(texts, " ")
	switch {
	case l.returns == "":
		l.returns = text
	case l.returns != text:
		l.found(s, "returns what the first entry leads to")
	}
	if l.gathers {
		l.found(s, "stops after some of the entries")
	}
}

// called looks at a call that is made for its effect.
func (l *mapLoop) called(s *ast.ExprStmt) {
	call, ok := s.X.(*ast.CallExpr)
	if !ok || l.info.Types[call.Fun].IsBuiltin() {
		return
	}
	if selector, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		if obj, _ := root(l.info, selector.X); obj != nil && l.inside(obj) {
			return // it changes the entry, or what is made of it
		}
	}
	if slices.ContainsFunc(call.Args, func(x ast.Expr) bool { return l.varies(x) }) {
		l.found(s, "calls "+types.ExprString(call.Fun))
	}
}

// leaves returns a break that ends the loop with this body, or nil.
func leaves(body ast.Node) ast.Node {
	var found ast.Node
	ast.Inspect(body, func(x ast.Node) bool {
		switch x := x.(type) {
		case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt, *ast.FuncLit:
			return false // a break belongs to it
		case *ast.BranchStmt:
			if x.Tok == token.BREAK && found == nil {
				found = x
			}
		}
		return true
	})
	return found
}

func anyIs(text string, exprs ...ast.Expr) bool {
	return slices.ContainsFunc(exprs, func(x ast.Expr) bool { return types.ExprString(ast.Unparen(x)) == text })
}

func isBlank(x ast.Expr) bool {
	ident, ok := x.(*ast.Ident)
	return ok && ident.Name == "_"
}
