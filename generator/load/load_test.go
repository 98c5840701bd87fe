package load_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/load"
	esgenv1 "github.com/esgen-dev/esgen/proto/esgen/v1"
)

// tree writes files below a fresh directory and returns it.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func sources(t *testing.T, o load.Options) (*load.Set, []diag.Finding) {
	t.Helper()
	o.Parameter = "paths=source_relative"
	set, findings, err := load.Sources(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return set, findings
}

// message finds a message of a set by its full name.
func message(t *testing.T, set *load.Set, name protoreflect.FullName) protoreflect.MessageDescriptor {
	t.Helper()
	for _, f := range set.Plugin.Files {
		for _, m := range f.Messages {
			if m.Desc.FullName() == name {
				return m.Desc
			}
		}
	}
	t.Fatalf("no message %s", name)
	return nil
}

// Columns count bytes, although the compiler counts characters and takes a tab
// for up to eight of them.
func TestPosition(t *testing.T) {
	t.Parallel()
	const text = "syntax = \"proto3\";\r\npackage a.v1;\r\nimport \"esgen/v1/options.proto\";\r\n" +
		"option go_package = \"example.com/a/v1;av1\";\r\n" +
		"/* äöü */ message Acc {\r\n" +
		"\toption (esgen.v1.aggregate) = {\ttopic: {\tname: \"ä.b\"\tpartitions: 3 } };\r\n" +
		"\t \tstring id = 1 /* ü */ [(esgen.v1.field).id = true];\r\n" +
		"}\r\n"
	root := tree(t, map[string]string{"a/v1/a.proto": text})
	set, findings := sources(t, load.Options{Roots: []string{root}})
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	acc := message(t, set, "a.v1.Acc")
	field := acc.Fields().Get(0)
	for _, c := range []struct {
		what string
		at   diag.Position
		want string
	}{
		{"a message", set.Position(acc), "Acc"},
		{"a field", set.Position(field), "id"},
		{"a file", set.Position(acc.ParentFile()), "package"},
		{"a value in an option", set.OptionPosition(acc, 50820, 1, 2), "partitions"},
		{"a value behind one with an umlaut", set.OptionPosition(acc, 50820, 1, 1), "name"},
		{"what is around a value that is not there", set.OptionPosition(acc, 50820, 1, 3), "topic"},
		{"an option", set.OptionPosition(acc, 50820), "option"},
		{"an option that is not there", set.OptionPosition(acc, 50821), "Acc"},
		{"an option of a field", set.OptionPosition(field, 50825, 1), "(esgen.v1.field).id"},
		{"an option of a file that is not there", set.OptionPosition(acc.ParentFile(), 50826, 1), "package"},
	} {
		lines := strings.Split(text, "\n")
		if !strings.HasPrefix(lines[c.at.Line-1][c.at.Column-1:], c.want) {
			t.Errorf("%s: position %s is at %q, want %q", c.what, c.at, lines[c.at.Line-1][c.at.Column-1:], c.want)
		}
		if got := c.at.Path; got != filepath.Join(root, "a/v1/a.proto") {
			t.Errorf("%s: path is %s", c.what, got)
		}
	}
	if got := string(set.Text(filepath.Join(root, "a/v1/a.proto"))); got != text {
		t.Errorf("Text returns %q", got)
	}
	if set.Text("elsewhere.proto") != nil {
		t.Errorf("Text knows a file that was not read")
	}
}

func TestOption(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{"a.proto": `syntax = "proto2";
package a;
import "esgen/v1/options.proto";
option go_package = "example.com/a";
message Acc {
  option (esgen.v1.aggregate).state_version = 7;
  option (esgen.v1.aggregate).topic.partitions = 3;
}
message Plain { option deprecated = true; }
`})
	set, _ := sources(t, load.Options{Roots: []string{root}})
	got, ok := load.Option[*esgenv1.AggregateOptions](load.Decode(message(t, set, "a.Acc")), esgenv1.E_Aggregate)
	want := &esgenv1.AggregateOptions{StateVersion: 7, Topic: &esgenv1.TopicOptions{Partitions: 3}}
	if !ok || !proto.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if _, ok := load.Option[*esgenv1.EventOptions](load.Decode(message(t, set, "a.Acc")), esgenv1.E_Event); ok {
		t.Error("an option is found that is not set")
	}
	if _, ok := load.Option[*esgenv1.AggregateOptions](load.Decode(message(t, set, "a.Plain")), esgenv1.E_Aggregate); ok {
		t.Error("an option is found on a message without custom options")
	}
}

func TestSources_findings(t *testing.T) {
	t.Parallel()
	const good = "syntax = \"proto3\";\npackage a;\noption go_package = \"example.com/a\";\n"
	for _, c := range []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"two errors", map[string]string{"a.proto": good + "message A { B b = 1; C c = 2; }"}, []string{"PROTO_COMPILE", "PROTO_COMPILE"}},
		{"a warning", map[string]string{"a.proto": strings.Replace(good, "package", "import \"google/protobuf/any.proto\";\npackage", 1)}, []string{"PROTO_WARNING"}},
		{"no package", map[string]string{"a.proto": "syntax = \"proto3\";\n"}, []string{"GO_PACKAGE_MISSING"}},
		{"two names", map[string]string{"a.proto": good, "b.proto": strings.Replace(good, "/a\"", "/a;b\"", 1)}, []string{"GO_PACKAGE_INVALID"}},
		{"no path", map[string]string{"a.proto": strings.Replace(good, "example.com/a", "a", 1)}, []string{"GO_PACKAGE_INVALID"}},
		{"nothing", map[string]string{"README.md": ""}, []string{"PROTO_NO_FILES"}},
		{"twice", map[string]string{"a.proto": good + "message A {}", "b.proto": good + "message A {}"}, []string{"PROTO_COMPILE"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, findings := sources(t, load.Options{Roots: []string{tree(t, c.files)}})
			var got []string
			for _, f := range findings {
				got = append(got, f.Rule)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s\n%v", diff, findings)
			}
		})
	}
	t.Run("a root that is not there", func(t *testing.T) {
		t.Parallel()
		_, findings := sources(t, load.Options{Roots: []string{"no/such/root"}})
		if len(findings) != 1 || findings[0].Rule != "PROTO_ROOT_MISSING" {
			t.Errorf("got %v", findings)
		}
	})
	t.Run("two roots", func(t *testing.T) {
		t.Parallel()
		files := map[string]string{"a.proto": good}
		_, findings := sources(t, load.Options{Roots: []string{tree(t, files), tree(t, files)}})
		if len(findings) != 1 || findings[0].Rule != "PROTO_FILE_SHADOWED" {
			t.Errorf("got %v", findings)
		}
	})
}

// Imports come from directories, from descriptor sets and from esgen itself.
func TestSources_imports(t *testing.T) {
	t.Parallel()
	money := &descriptorpb.FileDescriptorProto{
		Name: new("money.proto"), Package: new("money"), Syntax: new("proto3"),
		Options:     &descriptorpb.FileOptions{GoPackage: new("example.com/money")},
		MessageType: []*descriptorpb.DescriptorProto{{Name: new("Money")}},
	}
	if _, err := protodesc.NewFile(money, nil); err != nil {
		t.Fatal(err)
	}
	data, err := proto.Marshal(&descriptorpb.FileDescriptorSet{File: []*descriptorpb.FileDescriptorProto{money}})
	if err != nil {
		t.Fatal(err)
	}
	root := tree(t, map[string]string{
		"proto/a.proto": `syntax = "proto3";
package a;
import "money.proto";
import "city.proto";
option go_package = "example.com/a";
message A { money.Money money = 1; city.City city = 2; }`,
		"third/city.proto": "syntax = \"proto3\";\npackage city;\noption go_package = \"example.com/city\";\nmessage City {}",
		"money.binpb":      string(data),
		"broken.binpb":     "\xff\xff",
	})
	in := func(name string) string { return filepath.Join(root, name) }
	set, findings := sources(t, load.Options{Roots: []string{in("proto")}, Imports: []string{in("third"), in("money.binpb")}})
	if set == nil || len(findings) > 0 {
		t.Fatal(findings)
	}
	for _, f := range set.Plugin.Files {
		if f.Generate != (f.Desc.Path() == "a.proto") {
			t.Errorf("%s: to be generated: %t", f.Desc.Path(), f.Generate)
		}
	}
	for _, name := range []string{"broken.binpb", "missing.binpb"} {
		_, _, err := load.Sources(t.Context(), load.Options{Roots: []string{in("proto")}, Imports: []string{in(name)}})
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v does not name it", name, err)
		}
	}
}

func TestRequest_refuses(t *testing.T) {
	t.Parallel()
	if _, err := load.Request([]byte("not a request"), nil); err == nil || !strings.Contains(err.Error(), "CodeGeneratorRequest") {
		t.Errorf("got %v", err)
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	for _, r := range load.Rules() {
		if r.ID == "" || r.Title == "" || r.Explain == "" {
			t.Errorf("rule %+v is incomplete", r)
		}
	}
}

// A slip in an option is answered with what may have been meant.
func TestSources_suggests(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ body, help string }{
		{"message A { option (esgen.v1.aggregate) = { snapshot: { evry: 3 } }; }", "did you mean every?"},
		{"message A { option (esgen.v1.command).modde = MODE_CREATE; }", "did you mean mode?"},
		{"message A { option (esgen.v1.command) = { mode: CREATE }; }", "did you mean MODE_CREATE?"},
		{"message A { option (esgen.v1.command) = { mode: MODE_CRATE }; }", "did you mean MODE_CREATE?"},
		{"message A { option (esgen.v1.evnt) = {}; }", "did you mean (esgen.v1.event)?"},
		{"message A { option (esgen.v1.zebra) = {}; }", `add import "esgen/v1/options.proto"; esgen brings the file along`},
		{"message A { option (esgen.v1.event) = { zebra: 1 }; }", `run "esgen options" to read what the option may hold`},
		{"message A { option (esgen.v1.event) = { retired: 1 }; }", `run "esgen options" to read what the option may hold`},
	} {
		t.Run(c.body, func(t *testing.T) {
			t.Parallel()
			_, findings := sources(t, load.Options{Roots: []string{tree(t, map[string]string{
				"a.proto": "syntax = \"proto3\";\npackage a;\nimport \"esgen/v1/options.proto\";\noption go_package = \"example.com/a\";\n" + c.body,
			})}})
			if len(findings) == 0 || findings[0].Help != c.help {
				t.Errorf("got %+v, want the help %q", findings, c.help)
			}
		})
	}
}

// A copy of the options file among the imports may be an older one.
func TestSources_bringsTheOptionsAlong(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{
		"proto/a.proto": "syntax = \"proto3\";\npackage a;\nimport \"esgen/v1/options.proto\";\noption go_package = \"example.com/a\";\n" +
			"message A { option (esgen.v1.aggregate) = {}; }",
		"third_party/esgen/v1/options.proto": "syntax = \"proto3\";\npackage esgen.v1;\noption go_package = \"example.com/old\";\n",
	})
	set, findings := sources(t, load.Options{
		Roots: []string{filepath.Join(root, "proto")}, Imports: []string{filepath.Join(root, "third_party")},
	})
	if set == nil || len(findings) > 0 {
		t.Errorf("findings: %v", findings)
	}
}
