package golang_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/golang"
	"github.com/esgen-dev/esgen/generator/load"
	"github.com/esgen-dev/esgen/generator/model"
	"github.com/esgen-dev/esgen/generator/write"
)

// goldenRoot holds .proto files with the Go files made from them beside them:
// packages of this module, so whatever imports one compiles it.
const goldenRoot = "../../testdata/golang"

// TestGenerate_goldens compares what is generated with what stands on disk.
// ESGEN_REFRESH=1 rewrites the files, and fails so that nobody forgets it set.
func TestGenerate_goldens(t *testing.T) {
	t.Parallel()
	set, m := loadGoldens(t)
	want := readGenerated(t)
	got := map[string]string{}
	for _, f := range generate(t, set, m) {
		got[f.Path] = string(f.Content)
	}
	if os.Getenv("ESGEN_REFRESH") != "" {
		refresh(t, got, want)
		t.Fatal("ESGEN_REFRESH is set: the files were rewritten, run again without it")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("generated files differ (-disk +generated); ESGEN_REFRESH=1 rewrites them:\n%s", diff)
	}
}

// loadGoldens loads the .proto files of the goldens.
func loadGoldens(t testing.TB) (*load.Set, *model.Model) {
	t.Helper()
	return loadRoot(t, goldenRoot, "paths=source_relative")
}

func loadRoot(t testing.TB, root, parameter string) (*load.Set, *model.Model) {
	t.Helper()
	set, findings, err := load.Sources(t.Context(), load.Options{Roots: []string{root}, Parameter: parameter})
	if err != nil || set == nil {
		t.Fatalf("load %s: %v %v", root, err, findings)
	}
	m, findings := model.Build(set)
	for _, f := range findings {
		if f.Severity == diag.Error {
			t.Errorf("%s:%d: %s %s", f.Position.Path, f.Position.Line, f.Rule, f.Message)
		}
	}
	if t.Failed() {
		t.FailNow()
	}
	return set, m
}

func generate(t testing.TB, set *load.Set, m *model.Model) []write.File {
	t.Helper()
	files, err := golang.Generate(set.Plugin, m, golang.Options{Messages: true, Kit: true})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// readGenerated reads the Go files on disk, all of them generated, by path
// below goldenRoot.
func readGenerated(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(goldenRoot, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(goldenRoot, path)
		files[filepath.ToSlash(rel)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func refresh(t *testing.T, got, old map[string]string) {
	t.Helper()
	for path := range old {
		if _, ok := got[path]; !ok {
			if err := os.Remove(filepath.Join(goldenRoot, path)); err != nil {
				t.Error(err)
			}
		}
	}
	for path, content := range got {
		name := filepath.Join(goldenRoot, path)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Error(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Error(err)
		}
	}
}
