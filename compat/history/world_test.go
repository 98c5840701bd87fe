package history_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/compat/history"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/model"
	"github.com/esgen-dev/esgen/generator/schema"
	"github.com/esgen-dev/esgen/generator/write"
)

// declared is what a service declares: the texts of its events and of the files
// that they import, by key, and who imports what.
type declared struct {
	texts   map[string]string
	imports map[string][]string
	json    map[string]string
	topic   string // of the only aggregate
}

const aggregate = "bank.v1.Account"

// event returns the text of an event with fields that are called like words.
func event(name string, fields ...string) string {
	var out strings.Builder
	fmt.Fprintf(&out, "syntax = \"proto3\";\npackage bank.v1;\n\nmessage %s {\n", name[strings.LastIndexByte(name, '.')+1:])
	for i, field := range fields {
		fmt.Fprintf(&out, "  string %s = %d;\n", field, i+1)
	}
	out.WriteString("}\n")
	return out.String()
}

func isFile(key string) bool { return strings.Contains(key, "/") || strings.HasSuffix(key, ".proto") }

// schemas returns what the schema writer would.
func (d declared) schemas() []schema.Schema {
	var list []schema.Schema
	for key, text := range d.texts {
		s := schema.Schema{
			Key: key, Subject: key, Type: schema.Protobuf, Text: text,
			Position: diag.Position{Path: "proto/" + key, Line: 1, Column: 1},
		}
		if !isFile(key) {
			s.Subject = "accounts-" + key
			s.Event = &model.Event{Message: model.Message{FullName: protoreflect.FullName(key)}}
			s.Level, s.Types = "FULL", []string{key}
		}
		for _, name := range d.imports[key] {
			s.References = append(s.References, schema.Reference{Name: name, Subject: name})
		}
		list = append(list, s)
	}
	for key, text := range d.json {
		list = append(list, schema.Schema{Key: key, Subject: "accounts-" + key + "-json", Type: schema.JSON, Text: text})
	}
	return list // in any order: Update does not depend on one
}

// model returns the model with the events that have a text.
func (d declared) model() *model.Model {
	a := &model.Aggregate{
		Message: model.Message{FullName: aggregate},
		Topic:   model.Topic{Name: "accounts", Partitions: 12},
	}
	if d.topic != "" {
		a.Topic.Name = d.topic
	}
	for _, key := range slices.Sorted(maps.Keys(d.texts)) {
		if !isFile(key) {
			name := protoreflect.FullName(key)
			a.Events = append(a.Events, &model.Event{Message: model.Message{FullName: name}, Aggregate: a, StoredType: string(name.Name())})
		}
	}
	return &model.Model{Packages: []*model.Package{{Aggregates: []*model.Aggregate{a}}}}
}

// mapOf returns files as a file system, beside those of another one.
func mapOf(base fstest.MapFS, files []write.File) fstest.MapFS {
	fsys := maps.Clone(base)
	if fsys == nil {
		fsys = fstest.MapFS{}
	}
	for _, f := range files {
		fsys[f.Path] = &fstest.MapFile{Data: f.Content}
	}
	return fsys
}

// read reads a history in which nothing is wrong.
func read(t testing.TB, fsys fstest.MapFS) *history.History {
	t.Helper()
	h, findings, err := history.Read(fsys, nil)
	if err != nil || len(findings) > 0 {
		t.Fatalf("read: %v %s", err, list(findings))
	}
	return h
}

// update accepts what is declared on top of a file system.
func update(t testing.TB, fsys fstest.MapFS, d declared) (fstest.MapFS, history.Updated) {
	t.Helper()
	u, findings := read(t, fsys).Update(d.schemas(), d.model())
	if len(findings) > 0 {
		t.Fatalf("update: %s", list(findings))
	}
	return mapOf(fsys, u.Files), u
}

// list shows findings one below the other.
func list(findings []diag.Finding) string {
	var out strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&out, "\n%s:%d:%d: %s: %s [%s]", f.Position.Path, f.Position.Line, f.Position.Column, f.Severity, f.Message, f.Rule)
		for _, p := range f.Previous {
			fmt.Fprintf(&out, "\n\t%s:%d", p.Path, p.Line)
		}
		fmt.Fprintf(&out, "\n\thelp: %s", strings.ReplaceAll(f.Help, "\n", "\n\t"))
	}
	return out.String()
}

// rules returns the rules of findings.
func rules(findings []diag.Finding) []string {
	var ids []string
	for _, f := range findings {
		ids = append(ids, f.Rule)
	}
	return ids
}

// put writes files below a directory.
func put(t testing.TB, dir string, files []write.File) {
	t.Helper()
	for _, f := range files {
		at := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, f.Content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// bank is a service with two events, one of which imports a file.
func bank() declared {
	return declared{
		texts: map[string]string{
			"bank.v1.Opened":     event("Opened", "owner"),
			"bank.v1.Closed":     event("Closed", "reason"),
			"common/money.proto": "syntax = \"proto3\";\npackage common;\n\nmessage Money {\n  int64 cents = 1;\n}\n",
		},
		imports: map[string][]string{"bank.v1.Opened": {"common/money.proto"}},
	}
}
