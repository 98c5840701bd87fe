package schema_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/load"
	"github.com/esgen-dev/esgen/generator/model"
	"github.com/esgen-dev/esgen/generator/schema"
)

// loaded is a set with the model that was built from it.
type loaded struct {
	set   *load.Set
	model *model.Model
}

// files loads .proto files, given by path, that have to be sound.
func files(t testing.TB, texts map[string]string) loaded {
	t.Helper()
	root := t.TempDir()
	for name, text := range texts {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return loadDir(t, root)
}

func loadDir(t testing.TB, root string, imports ...string) loaded {
	t.Helper()
	set, findings, err := load.Sources(t.Context(), load.Options{Roots: []string{root}, Imports: imports, Parameter: "paths=source_relative"})
	if err != nil || set == nil {
		t.Fatalf("load: %v %v", findings, err)
	}
	m, findings := model.Build(set)
	for _, f := range findings {
		if f.Severity == diag.Error {
			t.Fatalf("%v: %s [%s]", f.Position, f.Message, f.Rule)
		}
	}
	return loaded{set, m}
}

// build makes the schemas of sound declarations.
func (l loaded) build(t testing.TB, o schema.Options) []schema.Schema {
	t.Helper()
	schemas, findings := schema.Build(l.set, l.model, o)
	for _, f := range findings {
		t.Errorf("unexpected finding: %s: %s [%s]", f.Position.Path, f.Message, f.Rule)
	}
	return schemas
}

// refreshing reports whether goldens are written instead of compared. Such a
// run fails, so that nobody takes it for a test.
func refreshing() bool { return os.Getenv("ESGEN_REFRESH") != "" }

// TestBuild makes the schemas of every archive in testdata. An archive holds
// .proto files, then what is expected: schemas/ the schemas, findings the
// findings. Its comment may set options, one a line.
func TestBuild(t *testing.T) {
	t.Parallel()
	for _, path := range archives(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			sources, want := split(archive)
			l := files(t, sources)
			schemas, findings := schema.Build(l.set, l.model, optionsOf(t, archive.Comment))
			got := append(shown(schemas), shownFindings(findings)...)
			if archived(archive, "originals") {
				for _, o := range schema.Originals(l.set) {
					got = append(got, txtar.File{Name: "originals/" + o.Path, Data: []byte(o.Text)})
				}
			}
			if refreshing() {
				refresh(t, path, archive, got)
				return
			}
			if diff := cmp.Diff(string(txtar.Format(&txtar.Archive{Files: want})), string(txtar.Format(&txtar.Archive{Files: got}))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Every rule is broken by an archive, and says what it is about.
func TestRules(t *testing.T) {
	t.Parallel()
	var found strings.Builder
	for _, path := range archives(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		found.Write(text)
	}
	for _, r := range schema.Rules() {
		if !strings.Contains(found.String(), "["+r.ID+"]") {
			t.Errorf("no archive breaks %s", r.ID)
		}
		if r.Category == "" || r.Severity == 0 || r.Explain == "" || len(r.Title) > 60 {
			t.Errorf("%s is not described, or at too great a length: %q", r.ID, r.Title)
		}
	}
}

func archives(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	return paths
}

// split returns the sources of an archive and what it expects.
func split(archive *txtar.Archive) (sources map[string]string, want []txtar.File) {
	sources = map[string]string{}
	for _, f := range archive.Files {
		if strings.HasPrefix(f.Name, "schemas/") || strings.HasPrefix(f.Name, "originals/") || f.Name == "findings" {
			want = append(want, f)
		} else {
			sources[f.Name] = string(f.Data)
		}
	}
	return sources, want
}

// optionsOf reads the lines "naming: topic", "text: file", "level: FORWARD",
// "kept: event type..." of the comment of an archive.
func optionsOf(t testing.TB, comment []byte) schema.Options {
	t.Helper()
	o := schema.Options{Kept: map[string][]string{}}
	for line := range strings.Lines(string(comment)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "naming":
			o.Naming = schema.Naming(value)
		case "text":
			o.Text = schema.Text(value)
		case "level":
			o.Level = value
		case "kept":
			names := strings.Fields(value)
			o.Kept[names[0]] = names[1:]
		}
	}
	return o
}

func archived(archive *txtar.Archive, line string) bool {
	return strings.Contains("\n"+string(archive.Comment), "\n"+line+"\n")
}

// shown writes schemas as files. The name holds the subject, the first line
// the rest.
func shown(schemas []schema.Schema) []txtar.File {
	var shown []txtar.File
	for _, s := range schemas {
		var head strings.Builder
		fmt.Fprintf(&head, "// %s %s", s.Type, s.Key)
		if s.Index != 0 {
			fmt.Fprintf(&head, " index=%d", s.Index)
		}
		if s.Level != "" {
			fmt.Fprintf(&head, " level=%s", s.Level)
		}
		for _, ref := range s.References {
			fmt.Fprintf(&head, " ->%s", ref.Name)
		}
		fmt.Fprintf(&head, "\n// types: %s\n", strings.Join(s.Types, " "))
		shown = append(shown, txtar.File{Name: "schemas/" + s.Subject, Data: []byte(head.String() + s.Text)})
	}
	return shown
}

func shownFindings(findings []diag.Finding) []txtar.File {
	if len(findings) == 0 {
		return nil
	}
	var text strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&text, "%s %s [%s] %s\n", place(f.Position), f.Severity, f.Rule, f.Message)
		for _, p := range f.Previous {
			fmt.Fprintf(&text, "  %s %s\n", place(p.Position), p.Text)
		}
	}
	return []txtar.File{{Name: "findings", Data: []byte(text.String())}}
}

func place(p diag.Position) string {
	_, path, _ := strings.Cut(filepath.ToSlash(p.Path), "/001/")
	return fmt.Sprintf("%s:%d:%d", path, p.Line, p.Column)
}

func refresh(t *testing.T, path string, archive *txtar.Archive, got []txtar.File) {
	t.Helper()
	var kept []txtar.File
	sources, _ := split(archive)
	for _, f := range archive.Files {
		if _, ok := sources[f.Name]; ok {
			kept = append(kept, f)
		}
	}
	archive.Files = slices.Concat(kept, got)
	if err := os.WriteFile(path, txtar.Format(archive), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Error("the archive was rewritten: look at the changes and run again without ESGEN_REFRESH")
}

// refused reports whether a finding is about text that cannot be compiled.
func refused(findings []diag.Finding) bool {
	for _, f := range findings {
		if f.Rule == "SCHEMA_GROUP" {
			return true
		}
	}
	return false
}
