package replay_test

import (
	"errors"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/compat/replay"
)

func TestLink(t *testing.T) {
	t.Parallel()
	file, err := replay.Link(replay.Source{
		Path: "bank/v1/opened.proto",
		Text: `syntax = "proto3"; package bank.v1;
import "money.proto"; import "google/protobuf/timestamp.proto";
message Opened { google.type.Money limit = 1; google.protobuf.Timestamp due = 2; Kind kind = 3; }`,
		Imports: []replay.Import{
			{Name: "unused.proto", Text: "no schema at all"},
			{Name: "money.proto", Text: `syntax = "proto3"; package google.type; import public "kind.proto"; message Money { int64 units = 2; }`},
			{Name: "kind.proto", Text: `syntax = "proto3"; package bank.v1; enum Kind { KIND_UNSPECIFIED = 0; }`},
			{Name: "kind.proto", Text: `the first one counts`},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	fields := file.Messages().ByName("Opened").Fields()
	for name, want := range map[protoreflect.Name]protoreflect.FullName{"limit": "google.type.Money", "due": "google.protobuf.Timestamp"} {
		if got := fields.ByName(name).Message().FullName(); got != want {
			t.Errorf("%s is a %s, want %s", name, got, want)
		}
	}
	if got := fields.ByName("kind").Enum().FullName(); got != "bank.v1.Kind" {
		t.Errorf("kind is a %s", got)
	}
}

func TestLink_errors(t *testing.T) {
	t.Parallel()
	const proto3 = `syntax = "proto3";`
	imports := []replay.Import{
		{Name: "bad.proto", Text: proto3 + "\nmessage B {\n  Nowhere n = 1;\n}"},
		{Name: "loop.proto", Text: proto3 + `import "back.proto";`},
		{Name: "back.proto", Text: proto3 + "\nimport \"loop.proto\";"},
		{Name: "m.proto", Text: proto3 + "message M {}"},
	}
	for _, c := range []struct{ name, text, want string }{
		{"syntax", proto3 + "\nmessage M {\n  int32 = 1;\n}", "schema.proto:3:9: syntax error"},
		{"unknown type", proto3 + "\nmessage M { N n = 1; }", "schema.proto:2:13: field M.n: unknown type N"},
		{"twice", proto3 + "message M { int32 a = 1;\nint32 b = 1; }", "schema.proto:2:11: message M: fields a and b both have the same tag 1"},
		{"unknown option", proto3 + "message M {\n  option (x) = 1; }", "schema.proto:2:10: message M: unknown extension x"},
		{"import unknown", proto3 + "\nimport \"x.proto\";", `schema.proto:2:8: import "x.proto" is not at hand`},
		{"error in an import", proto3 + `import "bad.proto";`, "bad.proto:3:3: field B.n: unknown type Nowhere"},
		{"cycle", proto3 + `import "loop.proto";`, `back.proto:2:8: import "loop.proto" leads back to itself`},
		{"import of itself", proto3 + `import "schema.proto";`, `schema.proto:1:26: import "schema.proto" leads back to itself`},
		{"declared twice", proto3 + `import "m.proto";` + "\nmessage M {}", `schema.proto:2:9: symbol "M" already defined at m.proto:1:27`},
		{"nested too deeply", proto3 + strings.Repeat("message M {", 5000) + strings.Repeat("}", 5000), "schema.proto:1:"},
		{"nothing but braces", strings.Repeat("{", 100_000), "schema.proto:1:1: syntax error"},
		{"later edition", `edition = "2999";`, "schema.proto:1:11: "},
		{"no text", "\x00\xff", "schema.proto:1:1: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := replay.Link(replay.Source{Text: c.text, Imports: imports})
			if _, ok := errors.AsType[*replay.LinkError](err); !ok {
				t.Fatalf("got %T: %v", err, err)
			}
			if !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got %q, want %q", err, c.want)
			}
		})
	}
}
