package parity_test

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/compiler/protogen"

	"github.com/esgen-dev/esgen/generator/golang"
	"github.com/esgen-dev/esgen/generator/load"
	"github.com/esgen-dev/esgen/generator/model"
)

// The Go messages of what others published are those of protoc-gen-go, and
// what esgen refuses is what the list says.
func TestRealInput(t *testing.T) {
	t.Parallel()
	lists, err := filepath.Glob("../../testdata/parity/real/*.yaml")
	if err != nil || len(lists) == 0 {
		t.Fatalf("no trees: %v", err)
	}
	for _, list := range lists {
		t.Run(strings.TrimSuffix(filepath.Base(list), ".yaml"), func(t *testing.T) {
			t.Parallel()
			testTree(t, readTree(t, list))
		})
	}
}

func testTree(t *testing.T, tr tree) {
	t.Helper()
	compile := map[string]func(string) compiler{"protoc": protoc, "buf": buf}[tr.Compiler](tool(t, tr.Compiler))
	generate, imports := tr.split(t)
	all := maps.Clone(imports)
	maps.Copy(all, generate)
	for _, name := range named(slices.Concat(tr.Apart, tr.Refused)...) {
		delete(generate, name)
		delete(imports, name)
	}

	t.Run("together", func(t *testing.T) {
		t.Parallel()
		w := layOut(t, generate, imports, tr.GoPackage)
		want, got := bothMessages(t, w, compile)
		for _, name := range named(tr.Shipped...) {
			name = strings.TrimSuffix(name, ".proto") + ".pb.go"
			sameText(t, name, withoutVersions(shipped(t, tr.Sources, name)), withoutVersions(got.files[name]))
			delete(want, name)
			delete(got.files, name)
		}
		same(t, want, got.files)
		if got.count != tr.Messages {
			t.Errorf("compared %d messages, the list says %d", got.count, tr.Messages)
		}
	})
	for _, name := range named(tr.Apart...) {
		t.Run("apart/"+name, func(t *testing.T) {
			t.Parallel()
			w := layOut(t, alone(t, all, name), importsOf(all, name), tr.GoPackage)
			want, got := bothMessages(t, w, compile)
			same(t, want, got.files)
		})
	}
	for _, e := range tr.Refused {
		for _, name := range e.Files {
			t.Run("refused/"+name, func(t *testing.T) {
				t.Parallel()
				w := layOut(t, alone(t, all, name), importsOf(all, name), tr.GoPackage)
				refused(t, w, e, compile)
			})
		}
	}
}

// split returns the files to generate and those that are only imported.
func (tr tree) split(t *testing.T) (generate, imports map[string]string) {
	t.Helper()
	generate, imports = files(t, tr.Sources), files(t, tr.Imports)
	skip, only := having(generate, tr.SkipText), having(generate, tr.OnlyText)
	for name, text := range maps.Clone(generate) {
		if skip[name] || tr.OnlyText != "" && !only[name] {
			imports[name] = text
			delete(generate, name)
		}
	}
	return generate, imports
}

// having returns the files whose text matches a pattern, and those that import
// them.
func having(all map[string]string, pattern string) map[string]bool {
	found := map[string]bool{}
	if pattern == "" {
		return found
	}
	next := regexp.MustCompile(pattern)
	for next != nil {
		var imports []string
		for name, text := range all {
			if !found[name] && next.MatchString(text) {
				found[name] = true
				imports = append(imports, regexp.QuoteMeta(name))
			}
		}
		next = nil
		if len(imports) > 0 {
			next = regexp.MustCompile(`(?m)^import .*"(?:` + strings.Join(imports, "|") + `)"`)
		}
	}
	return found
}

// bothMessages returns the messages of protoc-gen-go, and those of esgen.
func bothMessages(t *testing.T, w workspace, compile compiler) (map[string]string, generated) {
	t.Helper()
	want, err := compile(t, w, plugin{name: "go", file: built.protocGenGo, parameter: w.parameter})
	if err != nil {
		t.Fatal(err)
	}
	got, err := messages(t, w)
	if err != nil {
		t.Fatal(err)
	}
	return want, got
}

// refused checks that a file is refused by those who should, as they should.
// A file that esgen alone refuses has to come out right through its plugin.
func refused(t *testing.T, w workspace, e exception, compile compiler) {
	t.Helper()
	_, err := messages(t, w)
	if got, want := err != nil, slices.Contains(e.By, "esgen"); got != want {
		t.Errorf("esgen refuses the file: %t, want %t: %v", got, want, err)
	}
	onlyEsgen := slices.Equal(e.By, []string{"esgen"})
	want, compileErr := compile(t, w, plugin{name: "go", file: built.protocGenGo, parameter: w.parameter})
	if got, want := compileErr != nil, !onlyEsgen; got != want {
		t.Errorf("the compiler refuses the file: %t, want %t: %v", got, want, compileErr)
	}
	for _, err := range []error{err, compileErr} {
		if err != nil && !strings.Contains(err.Error(), e.Says) {
			t.Errorf("refused with %q, want %q", err, e.Says)
		}
	}
	if onlyEsgen {
		got, err := compile(t, w, plugin{name: "esgen", file: built.plugin, parameter: w.parameter + ",messages=true"})
		if err != nil {
			t.Error(err)
		}
		same(t, want, got)
	}
}

// generated is what esgen wrote.
type generated struct {
	files map[string]string // by path
	count int               // messages, nested ones included
}

// messages generates the Go messages of a workspace.
func messages(t *testing.T, w workspace) (generated, error) {
	t.Helper()
	o := load.Options{Roots: []string{w.root()}, Parameter: w.parameter}
	if w.imports {
		o.Imports = []string{w.importRoot()}
	}
	set, findings, err := load.Sources(t.Context(), o)
	if err != nil {
		return generated{}, err
	}
	if set == nil {
		var errs []error
		for _, f := range findings {
			errs = append(errs, fmt.Errorf("%s:%d: %s (%s)", f.Position.Path, f.Position.Line, f.Message, f.Help))
		}
		return generated{}, errors.Join(errs...)
	}
	files, err := golang.Generate(set.Plugin, &model.Model{}, golang.Options{Messages: true})
	if err != nil {
		return generated{}, err
	}
	result := generated{files: map[string]string{}}
	for _, f := range files {
		result.files[f.Path] = string(f.Content)
	}
	for _, f := range set.Plugin.Files {
		if f.Generate {
			result.count += count(f.Messages)
		}
	}
	return result, nil
}

func count(list []*protogen.Message) int {
	n := 0
	for _, m := range list {
		if !m.Desc.IsMapEntry() {
			n += 1 + count(m.Messages)
		}
	}
	return n
}

func alone(t *testing.T, all map[string]string, name string) map[string]string {
	t.Helper()
	text, ok := all[name]
	if !ok {
		t.Fatalf("%s is listed, but not in the module", name)
	}
	return map[string]string{name: text}
}

// importsOf returns what a file imports, and what that imports.
func importsOf(all map[string]string, name string) map[string]string {
	statement := regexp.MustCompile(`(?m)^import [^"\n]*"([^"\n]+)"`)
	found := map[string]string{}
	var visit func(name string)
	visit = func(name string) {
		for _, match := range statement.FindAllStringSubmatch(all[name], -1) {
			text, ok := all[match[1]]
			if _, seen := found[match[1]]; ok && !seen {
				found[match[1]] = text
				visit(match[1])
			}
		}
	}
	visit(name)
	return found
}
