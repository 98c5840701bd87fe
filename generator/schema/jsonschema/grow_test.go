package jsonschema_test

import (
	"fmt"
	"strings"
	"testing"

	confluent "github.com/esgen-dev/esgen/compat/confluent/jsonschema"
	"github.com/esgen-dev/esgen/generator/schema/jsonschema"
)

// base is the message that the steps below change.
const base = `
message M {
  int32 i = 1; uint32 u = 2; int64 l = 3; float f = 4; string s = 5; bytes b = 6; bool t = 7;
  E e = 8; repeated E es = 9; map<string, E> em = 10;
  A a = 11; repeated A as = 12; map<int32, A > am = 13;
  oneof c { int32 x = 14; A y = 15; }
  google.protobuf.Timestamp at = 16; google.protobuf.Any any = 17; google.protobuf.Value v = 18; M m = 19;
  google.protobuf.NullValue n = 20; google.protobuf.Struct st = 21;
}
message A { int32 i = 1; M m = 2; }
enum E { E_ZERO = 0; E_ONE = 1; }
`

// TestEmit_grows changes a message by one step at a time, and asks the
// registry's rules whether it is compatible: with closed objects backward,
// with open ones forward.
func TestEmit_grows(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, old, update string
		backward, forward bool
	}{
		{"nothing", "", "", true, true},
		{"every kind of field", "message M {", "message M {" + everyField(), true, true},
		{"field of a nested message", "message A {", "message A { string z = 3;", true, true},
		{"first message type", "message M {", "message M { message New { New n = 1; } New new = 100;", true, true},
		{"enum value", "E_ONE = 1;", "E_ONE = 1; E_TWO = 2;", true, false},
		{"enum value before others", "E_ONE = 1;", "E_ONE = 1; E_LOW = -1;", true, false},
		{"member of a oneof", "oneof c {", "oneof c { string z = 100;", true, true},
		{"oneof with new members", "message M {", "message M { oneof d { string z = 100; int32 zz = 101; }", true, true},
		{"first oneof of a message", "message A {", "message A { oneof d { string z = 100; }", true, true},
		{"field into a new oneof", "string s = 5;", "oneof d { string s = 5; }", true, true},
		{"field out of a oneof", "oneof c { int32 x = 14; A y = 15; }", "int32 x = 14; A y = 15;", true, true},
		{"presence", "string s = 5;", "optional string s = 5;", true, true},
		{"wrapper", "string s = 5;", "google.protobuf.StringValue s = 5;", true, true},
		{"int32 to int64", "int32 i = 1; uint32", "int64 i = 1; uint32", true, false},
		{"int32 to sint32", "int32 i = 1; uint32", "sint32 i = 1; uint32", true, true},
		{"uint32 to uint64", "uint32 u", "uint64 u", true, false},
		{"uint32 to int64", "uint32 u", "int64 u", true, false},
		{"float to double", "float f", "double f", true, true},
		{"field renamed, JSON name kept", "string s = 5;", `string text = 5 [json_name = "s"];`, true, true},
		{"type renamed", "A ", "Renamed ", true, true},
		{"field deprecated", "string s = 5;", "string s = 5 [deprecated = true];", true, true},
		{"anything", "string s = 5;", "google.protobuf.Value s = 5;", true, false},

		{"field renamed", "string s = 5;", "string text = 5;", false, false},
		{"field removed", "string s = 5;", "reserved 5;", false, false},
		{"enum value removed", "E_ONE = 1;", "reserved 1;", false, true},
		{"enum value renamed", "E_ONE", "E_UNO", false, false},
		{"int64 to int32", "int64 l", "int32 l", false, true},
		{"int64 to uint64", "int64 l", "uint64 l", false, true},
		{"string to bytes", "string s", "bytes s", false, true},
		{"string to a timestamp", "string s", "google.protobuf.Timestamp s", false, true},
		{"string to int32", "string s", "int32 s", false, false},
		{"string to repeated", "string s", "repeated string s", false, false},
		{"string to an enum", "string s", "E s", false, false},
		{"string to a message", "string s", "A s", false, false},
		{"int32 to double", "int32 i = 1; uint32", "double i = 1; uint32", false, false},
		{"bool to int32", "bool t", "int32 t", false, false},
		{"bytes to a timestamp", "bytes b", "google.protobuf.Timestamp b", false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			changed := strings.Replace(base, tt.old, tt.update, 1)
			if tt.name == "type renamed" {
				changed = strings.ReplaceAll(base, tt.old, tt.update)
			}
			if tt.name != "nothing" && changed == base {
				t.Fatalf("there is no %q", tt.old)
			}
			if got := follows(t, base, changed, jsonschema.Options{}); got != tt.backward {
				t.Errorf("backward, closed: %v", got)
			}
			if got := follows(t, changed, base, jsonschema.Options{Open: true}); got != tt.forward {
				t.Errorf("forward, open: %v", got)
			}
		})
	}
}

// everyField declares a field of every type and shape.
func everyField() string {
	var b strings.Builder
	number := 100
	for _, shape := range []string{"", "optional ", "repeated ", "map<bool, "} {
		for _, name := range typeNames() {
			if strings.HasPrefix(shape, "map") {
				name += ">"
			}
			fmt.Fprintf(&b, "%s%s new%d = %d;\n", shape, name, number, number)
			number++
		}
	}
	return b.String()
}

// TestEmit_requiredDropped checks that fields of proto2 may become optional,
// also where their schema is a union already.
func TestEmit_requiredDropped(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"E", "A", "google.protobuf.Any", "int64", "string", "google.protobuf.Value", "google.protobuf.NullValue"} {
		source := func(label string) string {
			return emit(t, event(t, header("proto2")+"message M { "+label+" "+name+" f = 1; } message A { } enum E { Z = 0; }"), jsonschema.Options{})
		}
		if !compatible(t, source("required"), source("optional")) {
			t.Errorf("required %s to optional", name)
		}
		if compatible(t, source("optional"), source("required")) {
			t.Errorf("optional %s to required", name)
		}
	}
}

// TestEmit_oneofsCannotBeSaid checks the reason why the schema of a oneof does
// not say that one member excludes another: no way to say it can grow by a
// member, or appear in a message that had no oneof.
func TestEmit_oneofsCannotBeSaid(t *testing.T) {
	t.Parallel()
	object := func(more string) string {
		return `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"},"c":{"type":"string"}},"additionalProperties":false` + more + `}`
	}
	for _, tt := range []struct{ name, old, update string }{
		{"not both", `,"not":{"required":["a","b"]}`, `,"not":{"anyOf":[{"required":["a","b"]},{"required":["a","c"]},{"required":["b","c"]}]}`},
		{
			"no pair", `,"allOf":[{"not":{"required":["a","b"]}}]`,
			`,"allOf":[{"not":{"required":["a","b"]}},{"not":{"required":["a","c"]}},{"not":{"required":["b","c"]}}]`,
		},
		{
			"one or none", `,"oneOf":[{"required":["a"]},{"required":["b"]},{"not":{"anyOf":[{"required":["a"]},{"required":["b"]}]}}]`,
			`,"oneOf":[{"required":["a"]},{"required":["b"]},{"required":["c"]},{"not":{"anyOf":[{"required":["a"]},{"required":["b"]},{"required":["c"]}]}}]`,
		},
		{
			"dependencies", `,"dependencies":{"a":{"not":{"required":["b"]}}}`,
			`,"dependencies":{"a":{"not":{"required":["b"]}},"c":{"not":{"required":["a"]}}}`,
		},
		{"a condition appears", ``, `,"if":{"required":["a","b"]},"then":false`},
	} {
		if compatible(t, object(tt.old), object(tt.update)) {
			t.Errorf("%s: it can grow", tt.name)
		}
	}
}

// follows reports whether the registry would let a message follow another.
func follows(t *testing.T, old, update string, o jsonschema.Options) bool {
	t.Helper()
	return compatible(t, emit(t, proto3(t, old), o), emit(t, proto3(t, update), o))
}

// compatible reports whether the registry would let a text follow another.
func compatible(t *testing.T, old, update string) bool {
	t.Helper()
	parse := func(text string) *confluent.Schema {
		s, err := confluent.Parse(confluent.Source{Text: text})
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		return s
	}
	for _, d := range confluent.Diff(confluent.Strict, parse(old), parse(update)) {
		if !d.Type.Compatible(confluent.Strict) {
			t.Logf("%v", d)
			return false
		}
	}
	return true
}
