package generator_test

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/generator/write"
)

// goCompiler type-checks generated packages. What they import is read once,
// from what the go command has compiled.
type goCompiler struct {
	imports types.Importer
}

func newGoCompiler(tb testing.TB) *goCompiler {
	tb.Helper()
	const known = "google.golang.org/protobuf/types/"
	out, err := exec.CommandContext(tb.Context(), "go", "list", "-export", "-deps", "-f", "{{with .Export}}{{$.ImportPath}}={{.}}{{end}}",
		"github.com/esgen-dev/esgen/es/estest", "github.com/esgen-dev/esgen/proto/esgen/v1",
		known+"known/...", known+"descriptorpb", known+"gofeaturespb", known+"pluginpb").Output()
	if err != nil {
		tb.Fatalf("go list: %v", err)
	}
	exports := map[string]string{}
	for line := range strings.Lines(string(out)) {
		importPath, file, _ := strings.Cut(strings.TrimSpace(line), "=")
		exports[importPath] = file
	}
	open := func(importPath string) (io.ReadCloser, error) {
		file, ok := exports[importPath]
		if !ok {
			return nil, fmt.Errorf("no package %s", importPath)
		}
		return os.Open(file)
	}
	return &goCompiler{imports: importer.ForCompiler(token.NewFileSet(), "gc", open)}
}

// check compiles files whose directories are import paths, with and without
// the tag of the hybrid API, and returns what the compiler would say.
func (c *goCompiler) check(files []write.File) error {
	without, with := c.build(files, "//go:build protoopaque\n"), error(nil)
	if slices.ContainsFunc(files, func(f write.File) bool { return bytes.Contains(f.Content, []byte("//go:build protoopaque\n")) }) {
		with = c.build(files, "//go:build !protoopaque\n")
	}
	return errors.Join(without, with)
}

// build compiles the files that do not have a certain line.
func (c *goCompiler) build(files []write.File, line string) error {
	files = slices.DeleteFunc(slices.Clone(files), func(f write.File) bool { return bytes.Contains(f.Content, []byte(line)) })
	build := &goBuild{
		imports: c.imports, fset: token.NewFileSet(),
		files: map[string][]*ast.File{}, done: map[string]*types.Package{},
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(build.fset, file.Path, file.Content, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir := path.Dir(file.Path)
		if first := build.files[dir]; len(first) > 0 && first[0].Name.Name != parsed.Name.Name {
			return fmt.Errorf("%s: package %s; expected %s", file.Path, parsed.Name.Name, first[0].Name.Name)
		}
		build.files[dir] = append(build.files[dir], parsed)
	}
	for _, file := range files {
		if _, err := build.Import(path.Dir(file.Path)); err != nil && !errors.Is(err, errImportCycle) {
			build.errs = append(build.errs, err)
		}
	}
	return errors.Join(build.errs...)
}

// goBuild is one compilation.
type goBuild struct {
	imports types.Importer
	fset    *token.FileSet
	files   map[string][]*ast.File
	done    map[string]*types.Package // nil while it is checked
	errs    []error
}

// errImportCycle is what the declarations ask for when the .proto files of two
// Go packages import each other crosswise: no generator can help that.
var errImportCycle = errors.New("import cycle")

// Import implements [types.Importer] for generated packages and all others.
func (b *goBuild) Import(importPath string) (*types.Package, error) {
	files, ours := b.files[importPath]
	if !ours {
		return b.imports.Import(importPath)
	}
	if pkg, seen := b.done[importPath]; seen {
		if pkg == nil {
			return nil, errImportCycle
		}
		return pkg, nil
	}
	b.done[importPath] = nil
	config := types.Config{Importer: b, Error: func(err error) {
		if !strings.Contains(err.Error(), errImportCycle.Error()) {
			b.errs = append(b.errs, err)
		}
	}}
	pkg, err := config.Check(importPath, b.fset, files, nil)
	b.done[importPath] = pkg
	if pkg == nil {
		return nil, err
	}
	return pkg, nil
}
