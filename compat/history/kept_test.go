package history_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/generator/schema"
)

func TestKept(t *testing.T) {
	t.Parallel()
	d := bank()
	first := event("Closed", "reason") + "message Gone { enum Kind { NONE = 0; } }\nmessage Shell { message In {} }\n"
	fsys, _ := update(t, nil, d.with("bank.v1.Closed", first))
	fsys, _ = update(t, fsys, d.with("bank.v1.Closed", event("Closed", "by")+"enum Late { ZERO = 0; }\n"))
	d = d.with("bank.v1.Closed", event("Closed"))
	d.json = map[string]string{"bank.v1.Closed": `{"title": "message Json {}"}`}
	fsys, _ = update(t, fsys, d)
	want := map[string][]string{
		"bank.v1.Closed": {"bank.v1.Closed", "bank.v1.Gone.Kind", "bank.v1.Late", "bank.v1.Shell.In"},
		"bank.v1.Opened": {"bank.v1.Opened"},
	}
	if diff := cmp.Diff(want, read(t, fsys).Kept()); diff != "" {
		t.Error(diff)
	}
}

// typesOf returns what Kept finds in a text.
func typesOf(t *testing.T, text string) []string {
	t.Helper()
	_, u := update(t, nil, declared{texts: map[string]string{"a.B": text}})
	return u.History.Kept()["a.B"]
}

// Kept reads texts by itself, because that is quicker, and has to read them as
// the writer of schemas does.
func TestKept_asSchemaTypes(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "syntax = \"proto3\";",
		"syntax = \"proto3\"; message A {}",
		"syntax = \"proto3\"; package a.b.c; message A { message B { message C { } } enum D { X = 0; } }",
		"syntax = \"proto3\"; package a . b; message A { int32 message_count = 1; .a.A enumx = 2; reserved 3, 5 to 8; reserved \"x\"; message B {} }",
		"syntax = \"proto3\"; message A { message B {}; }",
		"syntax = \"proto3\"; message A { ; }",
		"syntax = \"proto3\"; message A { oneof o { int32 a = 1; string b = 2 [json_name = \"message M {\"]; } message B {} }",
		"syntax = \"proto3\"; message A { map<string, B> m = 1; message B { reserved \"a\\\"}\", '{', \"\\\\\"; } }",
		"syntax = \"proto3\"; message A { option deprecated = true; message B {} }",
		"syntax = \"proto3\"; // message X {}\n/* message Y { */ message A { /* } */ message B { // {\n } }",
		"syntax = \"proto3\"; enum E { option allow_alias = true; A = 0; B = 0 [deprecated = true, (x) = { message: { a: 1 } }]; } message M {}",
		"syntax = \"proto3\"; option (x) = { message: { n: \"}\" } }; message M { option (x) = { enum { } }; message N {} }",
		"syntax = \"proto2\"; message A { optional group Result = 1 { optional int32 a = 1; message In {} } message B {} }",
		"syntax = \"proto2\"; message A { extensions 100 to max [(x) = { a: 1 }]; message B {} }",
		"syntax = \"proto2\"; message A { extend A { optional int32 x = 100; } message B {} }",
		"syntax = \"proto2\"; extend A { optional group G = 100 { } } message A {}",
		"syntax = \"proto3\"; service S { rpc R(A) returns (A) { option (x) = { message: {} }; } } message A {}",
		"syntax = \"proto2\"; message A { optional string s = 1 [default = \"message B {\"]; enum E { Z = 0; } }",
		"syntax = \"proto2\"; message message { optional int32 a = 1; } message enum { } enum enums { A = 0; }",
		strings.Repeat("message M { ", 50) + strings.Repeat("}", 50),
	} {
		want, err := schema.Types(text)
		if err != nil {
			t.Errorf("the test's text does not parse: %v\n%s", err, text)
			continue
		}
		got := typesOf(t, text)
		if len(want)+len(got) > 0 {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s\n%s", text, diff)
			}
		}
	}
}

func FuzzKept(f *testing.F) {
	f.Add("syntax = \"proto3\"; package a; message A { message B { int32 x = 1 [json_name = \"}\"]; } enum C { Z = 0; } }")
	f.Add("message A { optional group G = 1 { } oneof o { int32 a = 2; } reserved \"{\"; }")
	f.Fuzz(func(t *testing.T, text string) {
		got := typesOf(t, text) // of any text, it ends
		want, err := schema.Types(text)
		if err != nil || strings.Contains(text, "<") && strings.Contains(text, ">") {
			return // aggregates in angle brackets are not ours to print
		}
		if len(want)+len(got) > 0 {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%q\n%s", text, diff)
			}
		}
	})
}
