package protobuf_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
)

// TestInvalid lists what the registry does not take.
func TestInvalid(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, position, message string }{
		{"edition", `edition = "2023"; message M {}`, "1:1", "editions are not supported"},
		{"unknown syntax", `syntax = "proto4";`, "1:1", "neither proto2 nor proto3"},
		{"syntax twice", `syntax = "proto3"; syntax = "proto3";`, "1:20", "first declaration"},
		{"syntax late", `package p; syntax = "proto3";`, "1:12", "first declaration"},
		{"syntax behind a semicolon", `; syntax = "proto3";`, "1:3", "first declaration"},
		{"syntax without quotes", `syntax = proto3;`, "1:10", "expected a string"},
		{"required in proto3", `syntax = "proto3"; message M { required int32 a = 1; }`, "1:32", "required is not allowed"},
		{"no label in proto2", `syntax = "proto2"; message M { int32 a = 1; }`, "1:32", "not a label"},
		{"no label and no syntax", `message M { int32 a = 1; }`, "1:13", "not a label"},
		{"map with a label", `syntax = "proto3"; message M { repeated map<string, string> a = 1; }`, "1:32", "a map has no label"},
		{"label in a oneof", `syntax = "proto3"; message M { oneof o { optional int32 a = 1; } }`, "1:57", `expected "="`},
		{"semicolon in a oneof", `syntax = "proto3"; message M { oneof o { int32 a = 1;; } }`, "1:54", "expected a word"},
		{"no semicolon", `syntax = "proto3"; message M { int32 a = 1 }`, "1:44", `expected ";"`},
		{"no end", "syntax = \"proto3\";\nmessage M {\n", "3:1", `expected "}", found the end`},
		{"too many ends", `syntax = "proto3"; message M {}}`, "1:32", "expected a word"},
		{"comment without an end", `syntax = "proto3"; /* x`, "1:20", "comment without an end"},
		{"string without an end", `syntax = "proto3"; import "x`, "1:27", "string without an end"},
		{"half a comment", `syntax = "proto3"; / message M {}`, "1:20", "expected a comment"},
		{"block comment behind a field", `syntax = "proto3"; message M { int32 a = 1; /* a */ }`, "1:53", "nothing may follow a comment"},
		{"number too large", `syntax = "proto3"; message M { int32 a = 2147483648; }`, "1:42", "integer of 32 bits"},
		{"number with a point", `syntax = "proto3"; message M { int32 a = 1.0; }`, "1:42", "integer of 32 bits"},
		{"field begins with a digit", `syntax = "proto3"; message M { int32 1a = 1; }`, "1:38", "begins with a digit"},
		{"constant begins with a digit", `syntax = "proto3"; enum M { 1a = 1; }`, "1:29", "begins with a digit"},
		{"reserved word", `syntax = "proto3"; message M { reserved a; }`, "1:41", "integer of 32 bits"},
		{"range in hexadecimal", `syntax = "proto3"; message M { reserved 1 to 0x10; }`, "1:46", "decimal"},
		{"range without to", `syntax = "proto3"; message M { reserved 1 until 2; }`, "1:43", "expected to"},
		{"options in the middle of extensions", `syntax = "proto3"; message M { extensions 1 [a = 1], 2; }`, "1:52", `expected ";"`},
		{"empty options", `syntax = "proto3"; message M { int32 a = 1 []; }`, "1:45", "expected a word"},
		{"option without a value", `syntax = "proto3"; message M { int32 a = 1 [deprecated]; }`, "1:55", `expected "="`},
		{"extension in the path of an option", `syntax = "proto3"; message M { int32 a = 1 [(x).y.(z) = 1]; }`, "1:51", `expected "="`},
		{"angle brackets in an option", `syntax = "proto3"; option (x) = {y <z: 1>};`, "1:36", `expected ":"`},
		{"escape without digits", `syntax = "proto3"; option x = "\x";`, "1:34", "expected a digit"},
		{"group in a group", `syntax = "proto2"; message M { optional group G = 1 { optional group H = 2 {} } }`, "1:55", "a group holds no group"},
		{"message in a service", `syntax = "proto3"; service S { message M {} }`, "1:32", "does not begin a declaration of a service"},
		{"statement in an rpc", `syntax = "proto3"; message M {} service S { rpc A(M) returns (M) { x y; } }`, "1:68", "does not begin a declaration of an rpc"},
		{"rpc without returns", `syntax = "proto3"; message M {} service S { rpc A(M) (M); }`, "1:54", "expected a word"},
		{"unknown declaration", `syntax = "proto3"; class M {}`, "1:20", "class does not begin"},
		{"byte order mark", "\ufeffsyntax = \"proto3\";", "1:1", "expected a word"},

		{"unknown type", "syntax = \"proto3\";\nmessage M {\n  Missing a = 1;\n}", "3:3", "Missing is not a type"},
		{"unknown type behind a label", `syntax = "proto3"; message M { repeated Missing a = 1; }`, "1:41", "Missing is not a type"},
		{"unknown type in a oneof", `syntax = "proto3"; message M { oneof o { Missing a = 1; } }`, "1:42", "Missing is not a type"},
		{"unknown type in a nested message", `syntax = "proto3"; message M { message N { Missing a = 1; } }`, "1:44", "Missing is not a type"},
		{"unknown type in a group", `syntax = "proto2"; message M { optional group G = 1 { optional Missing a = 1; } }`, "1:64", "Missing is not a type"},
		{"unknown type in an extension", `syntax = "proto3"; message M {} extend M { Missing a = 1; }`, "1:44", "Missing is not a type"},
		{"unknown type extended", `syntax = "proto3"; extend Missing { int32 a = 1; }`, "1:27", "Missing is not a type"},
		{"unknown request", `syntax = "proto3"; message M {} service S { rpc A(stream Missing) returns (M); }`, "1:58", "Missing is not a type"},
		{"unknown response", `syntax = "proto3"; message M {} service S { rpc A(M) returns (Missing); }`, "1:63", "Missing is not a type"},
		{"a dot makes it absolute", `syntax = "proto3"; package p; message M { .M a = 1; }`, "1:43", ".M is not a type"},
		{"import that nobody gave", `syntax = "proto3"; import "a.proto"; message M { a.A a = 1; }`, "1:50", "a.A is not a type"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := protobuf.Parse(protobuf.Source{Text: test.text})
			invalid := (*protobuf.InvalidError)(nil)
			if !errors.As(err, &invalid) {
				t.Fatalf("err = %v, want an InvalidError", err)
			}
			if want := test.position + ": "; !strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), test.message) {
				t.Errorf("err = %v, want %s...%s", err, want, test.message)
			}
		})
	}
}

// TestValid lists what the registry takes although protoc would not, or needs
// to see more.
func TestValid(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing":                       ``,
		"no syntax":                     `message M { optional int32 a = 1; }`,
		"number twice":                  `syntax = "proto3"; message M { int32 a = 1; int32 b = 1; }`,
		"number reserved":               `syntax = "proto3"; message M { reserved 1; int32 a = 1; }`,
		"number zero or below":          `syntax = "proto3"; message M { int32 a = 0; int32 b = -5; }`,
		"name twice":                    `syntax = "proto3"; message M { int32 a = 1; int32 a = 2; } message M {}`,
		"enum without a zero":           `syntax = "proto3"; enum E { A = 1; }`,
		"enum without constants":        `syntax = "proto3"; enum E {}`,
		"aliases without allow_alias":   `syntax = "proto3"; enum E { A = 0; B = 0; }`,
		"package twice":                 `package a; package b;`,
		"import without a text":         `syntax = "proto3"; import "missing.proto"; message M {}`,
		"package below a built-in type": `syntax = "proto3"; package google.type.Money; message M { google.type.Money a = 1; }`,
		"import without need":           `syntax = "proto3"; message M { google.protobuf.Any a = 1; google.type.Money b = 2; confluent.Meta c = 3; }`,
		"unknown value of a map":        `syntax = "proto3"; message M { map<string, Missing> a = 1; }`,
		"key of a map":                  `syntax = "proto3"; message M { map<double, string> a = 1; }`,
		"map in a oneof":                `syntax = "proto3"; message M { oneof o { map<string, string> a = 1; } }`,
		"keywords as names":             `syntax = "proto3"; message message { string message = 1; string reserved = 2; string group = 3; string oneof = 4; }`,
		"keywords as constants":         `syntax = "proto3"; enum enum { message = 0; package = 1; oneof = 2; }`,
		"defaults of another type":      `syntax = "proto2"; message M { optional int32 a = 1 [default = "x"]; }`,
		"unknown options":               `syntax = "proto3"; option (a.b).c = { d: [1, 2] e { f: "g" } [h.i.j]: true }; message M {}`,
		"labels in proto2 maps":         `syntax = "proto2"; message M { map<string, string> a = 1; }`,
		"single quotes":                 `syntax = 'proto3'; import 'a' "b"; message M {}`,
		"group in proto3":               `syntax = "proto3"; message M { group G = 1 { int32 a = 1; } }`,
		"weak import":                   `syntax = "proto3"; import weak "a.proto"; message M {}`,
		"comments":                      "syntax = \"proto3\"; /* a */ message M { // b\n int32 a = 1; // c\n int32 b = 2; /* d */\n /* e */ } // f",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parse(t, protobuf.Source{Text: text})
		})
	}
}

func TestInvalidImport(t *testing.T) {
	t.Parallel()
	_, err := protobuf.Parse(protobuf.Source{
		Text:    `syntax = "proto3";`,
		Imports: []protobuf.Import{{Name: "good.proto", Text: `syntax = "proto3"; message M { Missing a = 1; }`}, {Name: "bad.proto", Text: "\nmessage"}},
	})
	if err == nil || err.Error() != "bad.proto:2:8: expected a word, found the end" {
		t.Errorf("err = %v", err)
	}
}

// TestImportTwice holds that of two imports with one name the second is not
// even read.
func TestImportTwice(t *testing.T) {
	t.Parallel()
	src := protobuf.Source{Text: `syntax = "proto3"; message M { t.A a = 1; }`, Imports: []protobuf.Import{
		{Name: "t.proto", Text: `syntax = "proto3"; package t; message A {}`},
		{Name: "t.proto", Text: `syntax = "proto3"; package t; message B {} }`},
	}}
	parse(t, src)
	src.Imports[1].Text = `syntax = "proto3"; package t; message B {}`
	src.Text = `syntax = "proto3"; message M { t.B b = 1; }`
	if _, err := protobuf.Parse(src); err == nil {
		t.Error("a type of the second import is known")
	}
}

// TestVersionWithoutSubject holds that a version alone says nothing.
func TestVersionWithoutSubject(t *testing.T) {
	t.Parallel()
	source := func(typ string) protobuf.Source {
		return protobuf.Source{Text: `syntax = "proto3"; message M { t.A a = 1; }`, Imports: []protobuf.Import{
			{Name: "t.proto", Version: 1, Text: `syntax = "proto3"; package t; message A { ` + typ + ` x = 1; }`},
		}}
	}
	if compatible(protobuf.V2, parse(t, source("int32")), parse(t, source("string"))) {
		t.Error("two imports without a subject are taken for the same")
	}
}

func TestParseStored(t *testing.T) {
	t.Parallel()
	old, err := protobuf.ParseStored(protobuf.Source{Text: `syntax = "proto3"; message M { Missing a = 1; Gone b = 2; }`})
	if err != nil {
		t.Fatal(err)
	}
	update := parse(t, protobuf.Source{Text: `syntax = "proto3"; message M { Missing a = 1; Missing b = 2; } message Missing {}`})
	want := "[FIELD_NAMED_TYPE_CHANGED #/M/2 MESSAGE_ADDED #/Missing]"
	if got := "[" + strings.Join(lines(protobuf.Diff(protobuf.V2, old, update)), " ") + "]"; got != want {
		t.Errorf("differences = %s, want %s", got, want)
	}
	if _, err := protobuf.ParseStored(protobuf.Source{Text: "message"}); err == nil {
		t.Error("half a message was read")
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, record, types string }{
		{`syntax = "proto3"; package a.b; enum E {} message M { message N { enum K {} } enum L {} } message O {}`, "a.b.M", "a.b.M a.b.M.N a.b.M.N.K a.b.M.L a.b.O a.b.E"},
		{`syntax = "proto3"; message M {}`, "M", "M"},
		{`syntax = "proto3"; package a; enum E {}`, "a.E", "a.E"},
		{`syntax = "proto3"; package a;`, "", ""},
		{`syntax = "proto3"; import public "x.proto";`, "x.X", ""},
		{`syntax = "proto3"; import "x.proto";`, "", ""},
		{`syntax = "proto3"; import public "x.proto"; enum E {}`, "E", "E"},
	} {
		s := parse(t, protobuf.Source{Text: test.text, Imports: []protobuf.Import{{Name: "x.proto", Text: `syntax = "proto3"; package x; message X {}`}}})
		if got := s.RecordName(); got != test.record {
			t.Errorf("%s: the record is named %q, want %q", test.text, got, test.record)
		}
		if got := strings.Join(s.Types(), " "); got != test.types {
			t.Errorf("%s: types = %s, want %s", test.text, got, test.types)
		}
	}
}

func TestBuiltins(t *testing.T) {
	t.Parallel()
	for name := range strings.FieldsSeq(`
		google.protobuf.Any google.protobuf.Api google.protobuf.Method google.protobuf.Mixin google.protobuf.FileDescriptorProto
		google.protobuf.FieldDescriptorProto.Type google.protobuf.FieldOptions google.protobuf.Duration google.protobuf.Empty
		google.protobuf.FieldMask google.protobuf.SourceContext google.protobuf.Struct google.protobuf.Value google.protobuf.NullValue
		google.protobuf.ListValue google.protobuf.Timestamp google.protobuf.Type google.protobuf.Enum google.protobuf.Syntax
		google.protobuf.DoubleValue google.protobuf.BoolValue google.protobuf.BytesValue
		google.type.CalendarPeriod google.type.Color google.type.Date google.type.DateTime google.type.TimeZone google.type.DayOfWeek
		google.type.Decimal google.type.Expr google.type.Fraction google.type.Interval google.type.LatLng google.type.LocalizedText
		google.type.Money google.type.Month google.type.PhoneNumber google.type.PhoneNumber.ShortCode google.type.PostalAddress
		google.type.Quaternion google.type.TimeOfDay confluent.Meta confluent.type.Decimal confluent.type.Variant`) {
		if _, err := protobuf.Parse(protobuf.Source{Text: `syntax = "proto3"; message M { ` + name + ` a = 1; }`}); err != nil {
			t.Error(err)
		}
	}
}
