package replay_test

import (
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
	"github.com/esgen-dev/esgen/compat/replay"
)

// What is additive has no changes, over random pairs: most are not additive,
// so pairs that only gained something are made as well.
func TestAdditive_random(t *testing.T) {
	t.Parallel()
	const pairs = 3000
	additive, harmless := 0, 0
	for number := range pairs {
		p := newPair(11, number)
		if p == nil {
			continue
		}
		changes := replay.Compare(p.original, p.update, replay.Options{JSON: true})
		if len(changes) == 0 {
			harmless++
		}
		was, err := protobuf.Parse(protobuf.Source{Text: p.was})
		if err != nil {
			continue // not in the registry's language
		}
		is, err := protobuf.Parse(protobuf.Source{Text: p.is})
		if err != nil || !replay.Additive(was.Canonical(), is.Canonical()) {
			continue
		}
		additive++
		if len(changes) > 0 {
			t.Fatalf("additive, and yet %v\n%s", changes[0], p)
		}
	}
	t.Logf("%d of %d pairs are additive, %d have no changes", additive, pairs, harmless)
	if additive < pairs/20 {
		t.Errorf("only %d of %d pairs are additive: the test shows little", additive, pairs)
	}
}

func TestAdditive(t *testing.T) {
	t.Parallel()
	const before = `syntax = "proto3";
package a;

message E {
  reserved 9;

  string id = 1;
  .a.M m = 2;

  oneof o {
    int32 x = 3;
    int32 y = 4;
  }

  message N {
    bool b = 1;
  }
}
message M {
  int64 n = 1;
}
enum K {
  ZERO = 0;
  ONE = 1;
}
`
	replace := func(old, now string) string { return replaceOnce(t, before, old, now) }
	for name, c := range map[string]struct {
		after string
		want  bool
	}{
		"nothing":                   {before, true},
		"a field":                   {replace("  .a.M m = 2;\n", "  .a.M m = 2;\n  repeated string tags = 5;\n"), true},
		"a field in front":          {replace("  string id = 1;\n", "  map<string, .a.M> all = 5;\n  string id = 1;\n"), true},
		"a deprecated field":        {replace("  string id = 1;\n", "  string id = 1;\n  string old = 5 [deprecated = true];\n"), true},
		"a member":                  {replace("    int32 y = 4;\n", "    int32 y = 4;\n    .a.M z = 5;\n"), true},
		"a oneof":                   {replace("  message N {\n", "  oneof p {\n    int32 q = 5;\n  }\n\n  message N {\n"), true},
		"a message":                 {before + "message L {\n  oneof o {\n    int32 x = 1;\n  }\n}\n", true},
		"an enum":                   {replace("  message N {\n", "  enum L {\n    L_ZERO = 0;\n  }\n\n  message N {\n"), true},
		"a field less":              {replace("  string id = 1;\n", ""), false},
		"another type":              {replace("  string id = 1;\n", "  bytes id = 1;\n"), false},
		"another number":            {replace("  string id = 1;\n", "  string id = 5;\n"), false},
		"presence":                  {replace("  string id = 1;\n", "  optional string id = 1;\n"), false},
		"moved into a oneof":        {replaceOnce(t, replace("  string id = 1;\n", ""), "    int32 y = 4;\n", "    int32 y = 4;\n    string id = 1;\n"), false},
		"moved to a nested message": {replaceOnce(t, replace("  string id = 1;\n", ""), "    bool b = 1;\n", "    bool b = 1;\n    string id = 1;\n"), false},
		"a oneof around a field":    {replace("  string id = 1;\n", "  oneof p {\n    string id = 1;\n  }\n"), false},
		"a oneof less":              {replace("  oneof o {\n    int32 x = 3;\n    int32 y = 4;\n  }\n", "  int32 x = 3;\n  int32 y = 4;\n"), false},
		"a field with a default":    {replace("  string id = 1;\n", "  string id = 1;\n  string d = 5 [default = \"x\"];\n"), false},
		"a required field":          {replace("  string id = 1;\n", "  string id = 1;\n  required string r = 5;\n"), false},
		"reserved":                  {replace("  reserved 9;\n", "  reserved 9, 10;\n"), false},
		"nothing reserved":          {replace("  reserved 9;\n", ""), false},
		"an enum value":             {replace("  ONE = 1;\n", "  ONE = 1;\n  TWO = 2;\n"), false},
		"an enum value less":        {replace("  ONE = 1;\n", ""), false},
		"another package":           {replace("package a;", "package b;"), false},
		"an import":                 {replace("package a;\n", "package a;\n\nimport \"b.proto\";\n"), false},
		"an option":                 {replace("  reserved 9;\n", "  reserved 9;\n  option deprecated = true;\n"), false},
		"a message less":            {replace("message M {\n  int64 n = 1;\n}\n", ""), false},
		"cut off":                   {before[:len(before)-3], false},
		"empty":                     {"", false},
		"relative names, and a message that could be meant": {
			replaceOnce(t, replace(".a.M m = 2;", "M m = 2;"), "  message N {\n", "  message M {\n  }\n\n  message N {\n"), false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := replay.Additive(before, c.after); got != c.want {
				t.Errorf("got %v, want %v:\n%s", got, c.want, c.after)
			}
		})
	}
	// The relative name is no obstacle while no message is new.
	relative := replace(".a.M m = 2;", "M m = 2;")
	if !replay.Additive(relative, replaceOnce(t, relative, "  string id = 1;\n", "  string id = 1;\n  bool b = 5;\n")) {
		t.Error("a field beside a relative name is not additive")
	}
	shadowed := replaceOnce(t, relative, "  message N {\n", "  message M {\n    bool b = 1;\n  }\n\n  message N {\n")
	if replay.Additive(relative, shadowed) {
		t.Error("M is another message now, and that is additive")
	}
}

func replaceOnce(t *testing.T, text, old, now string) string {
	t.Helper()
	if strings.Count(text, old) != 1 {
		t.Fatalf("%q does not stand once in\n%s", old, text)
	}
	return strings.Replace(text, old, now, 1)
}
