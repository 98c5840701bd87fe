package vet

import (
	"go/ast"
	"go/types"
	"reflect"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// runtimePath is the package that generated code imports.
const runtimePath = "github.com/esgen-dev/esgen/es"

// role is what a method of a behaviour is for.
type role string

const (
	handle role = "Handle"
	apply  role = "Apply"
	upcast role = "Upcast"
)

// method is a method of a behaviour. It has a body.
type method struct {
	role role
	fn   *types.Func
	decl *ast.FuncDecl
}

// receiver returns the type that has the method.
func (m method) receiver() *types.TypeName { return typeName(m.fn.Signature().Recv().Type()) }

// service is what a package holds for esgen to look at.
type service struct {
	methods []method // in order of the source
	decls   map[*types.Func]*ast.FuncDecl
	values  map[types.Object]ast.Expr // the initial values of package-level variables
	ssa     func() *ssa.Program       // built when it is first asked for
}

// behavior finds the methods of behaviours for the analyzers.
var behavior = &analysis.Analyzer{
	Name:       "esbehavior",
	Doc:        "find the methods of esgen behaviours\n\nIt reports nothing: other analyzers use it.",
	Run:        findBehavior,
	ResultType: reflect.TypeFor[*service](),
}

func serviceOf(pass *analysis.Pass) *service {
	s, _ := pass.ResultOf[behavior].(*service) // as ResultType says
	return s
}

func findBehavior(pass *analysis.Pass) (any, error) {
	s := &service{
		decls:  map[*types.Func]*ast.FuncDecl{},
		values: map[types.Object]ast.Expr{},
		ssa:    sync.OnceValue(func() *ssa.Program { return buildSSA(pass) }),
	}
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				s.addFunc(pass.TypesInfo, decl)
			case *ast.GenDecl:
				s.addValues(pass.TypesInfo, decl)
			}
		}
	}
	return s, nil
}

func (s *service) addFunc(info *types.Info, decl *ast.FuncDecl) {
	fn, ok := info.Defs[decl.Name].(*types.Func)
	if !ok || decl.Body == nil {
		return
	}
	s.decls[fn] = decl
	if r, ok := roleOf(fn); ok {
		s.methods = append(s.methods, method{role: r, fn: fn, decl: decl})
	}
}

func (s *service) addValues(info *types.Info, decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		value, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		for i, name := range value.Names {
			switch {
			case len(value.Values) == len(value.Names):
				s.values[info.Defs[name]] = value.Values[i]
			case len(value.Values) == 1:
				s.values[info.Defs[name]] = value.Values[0]
			}
		}
	}
}

// roleOf returns the role of a method of a behaviour: one with the name and
// the signature of a method of a generated interface.
func roleOf(fn *types.Func) (role, bool) {
	sig := fn.Signature()
	params := sig.Params()
	if sig.Recv() == nil || params.Len() < 2 || !isMeta(params.At(0).Type()) {
		return "", false
	}
	for _, r := range []role{handle, apply, upcast} {
		if strings.HasPrefix(fn.Name(), string(r)) {
			// Commands and events live in the package of their aggregate.
			message := typeName(params.At(params.Len() - 1).Type())
			return r, message != nil && declares(message.Pkg(), fn)
		}
	}
	return "", false
}

// declares reports whether a package has the interface of a behaviour, or of
// its upcasts, with a method like fn.
func declares(pkg *types.Package, fn *types.Func) bool {
	if pkg == nil {
		return false
	}
	for _, name := range pkg.Scope().Names() {
		if !strings.HasSuffix(name, "Behavior") && !strings.HasSuffix(name, "Upcasts") {
			continue
		}
		iface, ok := pkg.Scope().Lookup(name).Type().Underlying().(*types.Interface)
		if !ok {
			continue
		}
		for m := range iface.Methods() {
			if m.Name() == fn.Name() && types.Identical(m.Signature(), fn.Signature()) {
				return true
			}
		}
	}
	return false
}

func isMeta(t types.Type) bool {
	name := typeName(t)
	return name != nil && name.Name() == "Meta" && name.Pkg() != nil && name.Pkg().Path() == runtimePath
}

// typeName returns the name of a type or of what it points to, or nil.
func typeName(t types.Type) *types.TypeName {
	t = types.Unalias(t)
	if pointer, ok := t.(*types.Pointer); ok {
		t = types.Unalias(pointer.Elem())
	}
	if named, ok := t.(*types.Named); ok {
		return named.Obj()
	}
	return nil
}

// buildSSA builds the functions of the package, and declares those of others.
func buildSSA(pass *analysis.Pass) *ssa.Program {
	program := ssa.NewProgram(pass.Fset, ssa.InstantiateGenerics)
	seen := map[*types.Package]bool{}
	var declare func(pkgs []*types.Package)
	declare = func(pkgs []*types.Package) {
		for _, p := range pkgs {
			if !seen[p] {
				seen[p] = true
				program.CreatePackage(p, nil, nil, true)
				declare(p.Imports())
			}
		}
	}
	declare(pass.Pkg.Imports())
	program.CreatePackage(pass.Pkg, pass.Files, pass.TypesInfo, false).Build()
	return program
}
