package generator_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator"
	"github.com/esgen-dev/esgen/generator/golang"
	"github.com/esgen-dev/esgen/generator/load"
	"github.com/esgen-dev/esgen/generator/write"
)

// FuzzSource generates from any text: it leads to findings, or to Go that
// compiles.
func FuzzSource(f *testing.F) {
	for _, pattern := range []string{"../testdata/golang/*/*.proto", "../testdata/golang/*/*/*.proto", "../examples/*/proto/*/*/*.proto"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			f.Fatalf("no files %s: %v", pattern, err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(text))
		}
	}
	// The compiler panics at a field of an option that begins with a capital.
	f.Add("import \"esgen/v1/options.proto\"; message A { option (esgen.v1.command) = { Emits: \"B\" }; }")
	f.Add("option go_package = \"example.com/\xff\"; import \"esgen/v1/options.proto\"; message A { option (esgen.v1.event) = { Retired: true }; }")
	// The compiler loses a line to a string without an end.
	f.Add("syntax = \"proto3\";\noption go_package = \"example.com/a\nmessage A {\n\n    opt")
	f.Add(hybridGetter)
	w := newWorkshop(f)
	f.Fuzz(func(t *testing.T, text string) {
		w.generate(t, map[string]string{"a.proto": text})
	})
}

// hybridGetter has a field whose getter has two names in the hybrid API, of
// which the opaque API has one.
const hybridGetter = `edition = "2023";
package door;
import "esgen/v1/options.proto";
import "google/protobuf/go_features.proto";
option go_package = "example.com/door";
option features.(pb.go).api_level = API_HYBRID;
message Door { option (esgen.v1.aggregate) = {}; bool x = 1; string clear_x = 2; }
message Open {
  option (esgen.v1.command) = { emits: "Opened" require: { field: "x" is: true code: "X" } };
  string id = 1 [(esgen.v1.field).id = true];
}
message Opened { option (esgen.v1.event) = {}; }
`

// FuzzDeclarations generates from declarations that the bytes choose: nearly
// all of them make sense to a compiler of Protobuf, few to a person.
func FuzzDeclarations(f *testing.F) {
	for seed := range 64 {
		f.Add(shuffled(seed))
	}
	w := newWorkshop(f)
	f.Fuzz(func(t *testing.T, choices []byte) {
		w.generate(t, declare(choices))
	})
}

// workshop is what the runs of a target share: a directory and a compiler.
type workshop struct {
	root     string
	compiler *goCompiler
}

func newWorkshop(f *testing.F) *workshop {
	f.Helper()
	return &workshop{root: f.TempDir(), compiler: newGoCompiler(f)}
}

// generate runs the generator on .proto files, and compiles what comes out.
// What is refused is refused again in the same words.
func (w *workshop) generate(t *testing.T, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(w.root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	defer os.RemoveAll(w.root)
	result := run(t, w.root)
	if len(result.Files) == 0 {
		if diff := cmp.Diff(result.Findings, run(t, w.root).Findings); diff != "" {
			t.Errorf("found something else the second time:\n%s", diff)
		}
	}
	w.checkFindings(t, files, result.Findings)
	if _, err := write.Compare(t.Context(), write.Target{Root: w.root}, result.Files); err != nil {
		return // two .proto files lead to one Go file, which is said when it would be written
	}
	if err := w.compiler.check(result.Files); err != nil {
		t.Errorf("the Go code does not compile:\n%v", err)
		for name, text := range files {
			t.Logf("%s:\n%s", name, text)
		}
	}
}

// checkFindings holds findings to saying what is wrong at a place that exists.
func (w *workshop) checkFindings(t *testing.T, files map[string]string, findings []diag.Finding) {
	t.Helper()
	for _, finding := range findings {
		at := finding.Position
		if finding.Message == "" || finding.Rule == "" || at.Path == "" {
			t.Errorf("finding without a message, a rule or a place: %+v", finding)
		}
		name, err := filepath.Rel(w.root, at.Path)
		if err != nil {
			t.Error(err)
		}
		lines := strings.Split(files[filepath.ToSlash(name)], "\n")
		if at.Line < 1 || at.Line > len(lines) || at.Column < 1 || at.Column > len(lines[at.Line-1])+1 {
			t.Errorf("%s is not a place in the file: %+v", at, finding)
		}
	}
}

// run generates everything that can be generated from the files below a root.
func run(t *testing.T, root string) generator.Result {
	t.Helper()
	set, findings, err := load.Sources(t.Context(), load.Options{Roots: []string{root}, Parameter: "paths=import"})
	if err != nil {
		t.Fatal(err)
	}
	if set == nil {
		if diag.Worst(findings) < diag.Error {
			t.Errorf("nothing is loaded, and nothing is wrong: %v", findings)
		}
		return generator.Result{Findings: findings}
	}
	result, err := generator.Generate(set, golang.Options{Messages: true, Kit: true})
	if err != nil {
		t.Fatal(err)
	}
	return result
}
