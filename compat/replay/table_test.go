package replay_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/compat/replay"
)

// change is one pair of schemas and what is found. The root is message M.
type change struct {
	name     string
	was, is  string // the body of a proto3 file, or a whole file
	binary   string // "RULE old position > new position, ..." or ""
	json     string // the same with Options.JSON; "=" for no more than binary
	untested bool   // by values: the rule is not about those, or the oracle does not make them
}

func changes() []change {
	return slices.Concat(fieldChanges(), kindChanges(), typeChanges(), presenceChanges(), oneofChanges(), enumChanges(), nameChanges(), editionChanges())
}

// TestCompare_table shows each rule with what it finds and what is near to it
// but safe, and has the oracle agree.
func TestCompare_table(t *testing.T) {
	t.Parallel()
	for _, c := range changes() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			was, is := link(t, c.was), link(t, c.is)
			if c.json == "=" {
				c.json = c.binary
			}
			for _, json := range []bool{false, true} {
				want := map[bool]string{false: c.binary, true: c.json}[json]
				got := summary(replay.Compare(was, is, replay.Options{JSON: json}))
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("json %t (-want +got):\n%s", json, diff)
				}
				if c.untested {
					continue
				}
				if lost := survives(was, is, json); (lost == nil) != (want == "") {
					t.Errorf("json %t: expected %q, but by values: %v", json, want, lost)
				}
			}
		})
	}
}

func survives(was, is protoreflect.MessageDescriptor, json bool) error {
	v := &values{Rand: rand.New(rand.NewPCG(1, 1))}
	for i := range 300 {
		v.density, v.zeros = 60, 30
		m := v.message(was)
		if i%3 == 0 {
			m = v.only(was, i)
		}
		if err := replayBinary(m, is); err != nil && !errors.Is(err, errUnstorable) {
			return err
		}
		if !json {
			continue
		}
		if err := replayJSON(m, is); err != nil && !errors.Is(err, errUnstorable) {
			return err
		}
	}
	return nil
}

// summary writes changes in one line.
func summary(changes []replay.Change) string {
	parts := make([]string, len(changes))
	for i, c := range changes {
		parts[i] = fmt.Sprintf("%s %s %d:%d>%d:%d", strings.TrimPrefix(c.Rule, "REPLAY_"), c.Symbol, c.OldAt.Line, c.OldAt.Column, c.NewAt.Line, c.NewAt.Column)
	}
	return strings.Join(parts, ", ")
}

// link compiles a whole file, or the body of one.
func link(t *testing.T, text string) protoreflect.MessageDescriptor {
	t.Helper()
	file, err := replay.Link(replay.Source{Text: whole(text)})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return file.Messages().ByName("M")
}

func proto2(body string) string { return `syntax = "proto2";` + "\n" + body }

func fieldChanges() []change {
	large := "message M { "
	for i := range 40 {
		large += fmt.Sprintf("optional int32 f%d = %d; ", i, i+1)
	}
	const one = "\nmessage M {\n  string a = 1;\n  int32 b = 2;\n}"
	return []change{
		{name: "nothing", was: one, is: one},
		{name: "nothing in JSON", was: one, is: one, json: "="},
		{name: "field added", was: one, is: "\nmessage M { string a = 1; int32 b = 2; int32 c = 3; optional M d = 4; }"},
		{name: "field removed", was: one, is: "\nmessage M { string a = 1; }", binary: "FIELD_REMOVED M.b 4:9>2:9", json: "="},
		{
			name: "field removed and reserved", was: one, is: "\nmessage M { string a = 1; reserved 2; reserved \"b\"; }",
			binary: "FIELD_REMOVED M.b 4:9>2:9", json: "=",
		},
		{name: "all fields removed", was: one, is: "\nmessage M {}", binary: "FIELD_REMOVED M.a 3:10>2:9, FIELD_REMOVED M.b 4:9>2:9", json: "="},
		{name: "fields reordered", was: one, is: "\nmessage M { int32 b = 2; string a = 1; }"},
		{name: "field renamed", was: one, is: "\nmessage M { string a = 1; int32 c = 2; }", json: "JSON_NAME M.b 4:9>2:33"},
		{name: "field renamed, JSON name kept", was: one, is: "\nmessage M { string a = 1; int32 c = 2 [json_name = \"b\"]; }"},
		{name: "JSON name changed", was: one, is: "\nmessage M { string a = 1; int32 b = 2 [json_name = \"c\"]; }"}, // the name in the source is read too
		{
			name: "JSON name lost", was: "\nmessage M { int32 b = 2 [json_name = \"c\"]; }", is: "\nmessage M { int32 b = 2; }",
			json: "JSON_NAME M.b 2:19>2:19",
		},
		{
			name: "JSON name of another", was: one, is: "\nmessage M { string a = 1 [json_name = \"b\"]; int32 b = 2 [json_name = \"c\"]; }",
			json: "JSON_NAME M.b 4:9>2:20",
		},
		{name: "field renumbered", was: one, is: "\nmessage M { string a = 1; int32 b = 3; }", binary: "FIELD_RENUMBERED M.b 4:9>2:33", json: "="},
		{
			name: "names swapped", was: "\nmessage M { string a = 1; string b = 2; }", is: "\nmessage M { string b = 1; string a = 2; }",
			binary: "FIELD_NAME_MOVED M.a 2:20>2:34, FIELD_NAME_MOVED M.b 2:34>2:20", json: "=",
		},
		{
			name: "name moved on", was: "\nmessage M { string a = 1; }", is: "\nmessage M { string old = 1; string a = 2; }",
			binary: "FIELD_NAME_MOVED M.a 2:20>2:36", json: "=",
		},
		{
			name: "number reused", was: "\nmessage M { int32 limit = 2; }", is: "\nmessage M { int64 opened_by = 2; }",
			binary: "NUMBER_REUSED M.limit 2:19>2:19", json: "NUMBER_REUSED M.limit 2:19>2:19, JSON_NAME M.limit 2:19>2:19", untested: true,
		},
		{
			name: "reserved number used", was: "\nmessage M { reserved 2, 5 to 7; }", is: "\nmessage M { int32 b = 6; int32 c = 8; }",
			binary: "RESERVED_NUMBER M.b 2:9>2:19", json: "=", untested: true,
		},
		{
			name: "reserved name used", was: "\nmessage M { reserved \"b\"; }", is: "\nmessage M { int32 b = 6; }",
			json: "RESERVED_NAME M.b 2:9>2:19", untested: true,
		},
		{name: "unreserved", was: "\nmessage M { reserved 2; reserved \"b\"; }", is: "\nmessage M {}"},
		{
			name: "extension range used", was: proto2("message M { extensions 100 to 199; }"), is: proto2("message M { extensions 100 to 199; optional int32 b = 200; }"),
		},
		{
			name: "number of an extension used", was: proto2("message M { extensions 100 to 199; }"), is: proto2("message M { extensions 101 to 199; optional int32 b = 100; }"),
			binary: "EXTENSION_RANGE M.b 2:9>2:51, EXTENSION_RANGE M 2:9>2:9", json: "=", untested: true,
		},
		{
			name: "extension range split", was: proto2("message M { extensions 100 to 199; }"), is: proto2("message M { extensions 150 to 300, 90 to 149; }"),
		},
		{
			name: "extension removed", was: proto2("message M { extensions 100 to 199; }\nextend M { optional int32 x = 100; }"), is: proto2("message M { extensions 100 to 199; }"),
			binary: "FIELD_REMOVED x 3:27>2:9", json: "=", untested: true,
		},
		{
			name: "extension changed", was: proto2("message M { extensions 100 to 199; message N { extend M { optional int64 x = 100; } } }"),
			is:     proto2("message M { extensions 100 to 199; message N { extend M { optional int32 x = 100; } } }"),
			binary: "FIELD_TYPE M.N.x 2:74>2:74", json: "=", untested: true,
		},
		{
			name: "extension of a large message", was: proto2(large + "extensions 100 to 199; }\nextend M { optional int64 x = 100; }"),
			is:     proto2(large + "extensions 100 to 199; }\nextend M { optional int32 x = 100; }"),
			binary: "FIELD_TYPE x 3:27>3:27", json: "=", untested: true,
		},
		{
			name: "extension renamed", was: proto2("message M { extensions 100 to 199; }\nextend M { optional int32 x = 100; }"),
			is:   proto2("message M { extensions 100 to 199; }\nextend M { optional int32 y = 100; }"),
			json: "JSON_NAME x 3:27>3:27", untested: true,
		},
	}
}

func kindChanges() []change {
	pair := func(from, to, binary, json string) change {
		return change{
			name: from + " to " + to, was: "message M {" + padded(from) + "a = 1; }", is: "message M {" + padded(to) + "a = 1; }",
			binary: binary, json: json,
		}
	}
	var out []change
	safe := map[string]string{
		"int32": "int64", "uint32": "uint64 int64", "sint32": "sint64", "string": "bytes", "bool": "int32 int64 uint32 uint64",
	}
	for _, from := range scalars {
		for _, to := range scalars {
			switch {
			case from == to:
				out = append(out, pair(from, to, "", ""))
			case slices.Contains(strings.Fields(safe[from]), to) && (from == "bool" || from == "string"):
				out = append(out, pair(from, to, "", "JSON_FORM M.a 1:45>1:45"))
			case slices.Contains(strings.Fields(safe[from]), to):
				out = append(out, pair(from, to, "", ""))
			default:
				out = append(out, pair(from, to, "FIELD_TYPE M.a 1:45>1:45", "="))
			}
		}
	}
	return out
}

// padded writes a type so that what follows stands in the same column.
func padded(typ string) string { return fmt.Sprintf(" %-14s", typ) }

func typeChanges() []change {
	imports := `import "google/protobuf/timestamp.proto"; import "google/protobuf/duration.proto"; import "google/protobuf/wrappers.proto";` + "\n"
	field := func(typ string) string { return imports + "message M { " + typ + " a = 1; }" }
	const here = " M.a 2:"
	return []change{
		{
			name: "text is checked", was: proto2("message M { optional string a = 1; repeated string b = 2; optional bytes c = 3; }"),
			is:     "\nmessage M { optional string a = 1; repeated string b = 2; optional bytes c = 3; }",
			binary: "FIELD_UTF8 M.a 2:29>2:29, FIELD_UTF8 M.b 2:52>2:52", json: "=",
		},
		{
			name: "text is checked in a map", was: proto2("message M { map<string, string> a = 1; }"), is: "\nmessage M { map<string, string> a = 1; }",
			binary: "FIELD_UTF8 M.a 2:33>2:33", json: "=",
		},
		{name: "text is no longer checked", was: "\nmessage M { optional string a = 1; }", is: proto2("message M { optional string a = 1; }")},
		{
			name: "time to length", was: field("google.protobuf.Timestamp"), is: field("google.protobuf.Duration"),
			binary: "WELL_KNOWN_TYPE" + here + "39>2:38", json: "=",
		},
		{
			name: "time to own message", was: field("google.protobuf.Timestamp"),
			is:   imports + "message M { message T { int64 seconds = 1; int32 nanos = 2; } T a = 1; }",
			json: "JSON_FORM" + here + "39>2:65",
		},
		{name: "wrapper to wider wrapper", was: field("google.protobuf.Int32Value"), is: field("google.protobuf.Int64Value")},
		{
			name: "wrapper to other wrapper", was: field("google.protobuf.StringValue"), is: field("google.protobuf.BytesValue"),
			json: "JSON_FORM google.protobuf.StringValue.value 0:0>0:0", untested: false,
		},
		{
			name: "wrapper to scalar", was: field("google.protobuf.Int32Value"), is: field("int32"),
			binary: "FIELD_TYPE" + here + "40>2:19", json: "=",
		},
		{
			name: "message renamed", was: "\nmessage M { N a = 1; message N { int32 b = 1; M m = 2; } }", is: "\nmessage M { O a = 1; } message O { int32 b = 1; M m = 2; }",
		},
		{
			name: "message replaced", was: "\nmessage M { N a = 1; message N { int32 b = 1; int32 c = 2; } }", is: "\nmessage M { O a = 1; } message O { int32 b = 1; M m = 3; }",
			binary: "FIELD_REMOVED M.N.c 2:53>2:32", json: "=",
		},
		{
			name: "below a replaced message", was: "\nmessage M { N a = 1; } message N { P p = 1; } message O { P p = 1; } message P { int32 x = 1; int32 y = 2; }",
			is:     "\nmessage M { O a = 1; } message N { P p = 1; } message O { P p = 1; } message P { int32 x = 1; }",
			binary: "FIELD_REMOVED P.y 2:101>2:78", json: "=",
		},
		{name: "message to bytes", was: "\nmessage M { M a = 1; }", is: "\nmessage M { bytes a = 1; }", binary: "FIELD_TYPE M.a 2:15>2:19", json: "="},
		{name: "message to text", was: "\nmessage M { M a = 1; }", is: "\nmessage M { string a = 1; }", binary: "FIELD_TYPE M.a 2:15>2:20", json: "="},
		{
			name: "group to message", was: proto2("message M { optional group A = 1 { optional int32 b = 1; } }"),
			is: proto2("message M { optional A a = 1; message A { optional int32 b = 1; } }"), binary: "FIELD_TYPE M.a 2:28>2:24", json: "=",
		},
		{name: "packed", was: "\nmessage M { repeated int32 a = 1; }", is: "\nmessage M { repeated int32 a = 1 [packed = false]; }"},
		{
			name: "single to list", was: "\nmessage M { optional int32 a = 1; }", is: "\nmessage M { repeated int32 a = 1; }",
			binary: "FIELD_CARDINALITY M.a 2:28>2:28", json: "=",
		},
		{
			name: "list to single", was: "\nmessage M { repeated M a = 1; }", is: "\nmessage M { M a = 1; }",
			binary: "FIELD_CARDINALITY M.a 2:24>2:15", json: "=",
		},
		{
			name: "map to entries", was: "\nmessage M { map<int32, int32> a = 1; }", is: "\nmessage M { repeated E a = 1; message E { int32 key = 1; int32 value = 2; } }",
			binary: "FIELD_CARDINALITY M.a 2:31>2:24", json: "=",
		},
		{
			name: "entries to map", was: "\nmessage M { repeated E a = 1; message E { int32 key = 1; int32 value = 2; } }", is: "\nmessage M { map<int32, int32> a = 1; }",
			binary: "FIELD_CARDINALITY M.a 2:24>2:31", json: "=",
		},
		{name: "map widened", was: "\nmessage M { map<int32, uint32> a = 1; }", is: "\nmessage M { map<int64, uint64> a = 1; }"},
		{
			name: "map key and value changed", was: "\nmessage M { map<int64, uint32> a = 1; }", is: "\nmessage M { map<int32, int32> a = 1; }",
			binary: "FIELD_TYPE M.a 2:32>2:31, FIELD_TYPE M.a 2:32>2:31", json: "=",
		},
		{
			name: "map key in JSON", was: "\nmessage M { map<bool, uint32> a = 1; }", is: "\nmessage M { map<int32, uint32> a = 1; }",
			json: "JSON_FORM M.a 2:31>2:32",
		},
		{
			name: "map of messages", was: "\nmessage M { map<int32, N> a = 1; message N { int64 b = 1; } }", is: "\nmessage M { map<int32, N> a = 1; message N { int32 b = 1; } }",
			binary: "FIELD_TYPE M.N.b 2:52>2:52", json: "=",
		},
		{
			name: "deep and cyclic", was: "\nmessage M { N n = 1; } message N { O o = 1; M m = 2; } message O { repeated N n = 1; sint32 x = 2; }",
			is:     "\nmessage M { N n = 1; } message N { O o = 1; M m = 2; } message O { repeated N n = 1; int32 x = 2; }",
			binary: "FIELD_TYPE O.x 2:93>2:92", json: "=",
		},
	}
}

func presenceChanges() []change {
	return []change{
		{name: "presence added", was: "\nmessage M { int32 a = 1; }", is: "\nmessage M { optional int32 a = 1; }"},
		{
			name: "presence removed", was: "\nmessage M { optional int32 a = 1; M m = 2; }", is: "\nmessage M { int32 a = 1; M m = 2; }",
			binary: "FIELD_PRESENCE M.a 2:28>2:19", json: "=",
		},
		{
			name: "required to implicit", was: proto2("message M { required int32 a = 1 [default = 5]; }"), is: "\nmessage M { int32 a = 1; }",
		},
		{name: "required to optional", was: proto2("message M { required int32 a = 1; }"), is: proto2("message M { optional int32 a = 1; }")},
		{
			name: "optional to required", was: proto2("message M { optional int32 a = 1; }"), is: proto2("message M { required int32 a = 1; }"),
			binary: "REQUIRED_ADDED M.a 2:28>2:28", json: "=",
		},
		{
			name: "required added", was: proto2("message M { optional int32 a = 1; }"), is: proto2("message M { optional int32 a = 1; required int32 b = 2; }"),
			binary: "REQUIRED_ADDED M.b 2:9>2:50", json: "=",
		},
		{
			name: "required in a new type", was: proto2("message M { optional int32 a = 1; }"),
			is: proto2("message M { optional int32 a = 1; optional N n = 2; } message N { required int32 b = 1; }"),
		},
		{
			name: "default changed", was: proto2("message M { optional int32 a = 1 [default = 1]; }"), is: proto2("message M { optional int32 a = 1 [default = 2]; }"),
			binary: "FIELD_DEFAULT M.a 2:28>2:28", json: "=",
		},
		{
			name: "default lost with the syntax", was: proto2("message M { optional int32 a = 1 [default = 1]; }"), is: "\nmessage M { optional int32 a = 1; }",
			binary: "FIELD_DEFAULT M.a 2:28>2:28", json: "=",
		},
		{
			name: "default spelled out", was: proto2("message M { optional bool a = 1; optional double b = 2; optional bytes c = 3; }"),
			is: proto2("message M { optional bool a = 1 [default = false]; optional double b = 2 [default = 0]; optional bytes c = 3 [default = \"\"]; }"),
		},
		{
			name: "default spelled differently", was: proto2("message M { optional double a = 1 [default = nan]; optional bytes b = 2 [default = \"\\001\"]; }"),
			is: proto2("message M { optional double a = 1 [default = nan]; optional bytes b = 2 [default = \"\\x01\"]; }"),
		},
		{
			name: "zero of another sign", was: proto2("message M { optional double a = 1 [default = 0]; }"), is: proto2("message M { optional double a = 1 [default = -0.0]; }"),
			binary: "FIELD_DEFAULT M.a 2:29>2:29", json: "=",
		},
		{
			name: "default widened", was: proto2("message M { optional bool a = 1 [default = true]; optional string b = 2 [default = \"x\"]; }"),
			is:   proto2("message M { optional int32 a = 1 [default = 1]; optional bytes b = 2 [default = \"x\"]; }"),
			json: "JSON_FORM M.a 2:27>2:28, JSON_FORM M.b 2:67>2:64",
		},
		{
			name: "first enum value changed", was: proto2("message M { enum E { A = 1; B = 2; } optional E a = 1; }"), is: proto2("message M { enum E { B = 2; A = 1; } optional E a = 1; }"),
			binary: "FIELD_DEFAULT M.a 2:49>2:49", json: "=",
		},
		{
			name: "first enum value changed under a default", was: proto2("message M { enum E { A = 1; B = 2; } optional E a = 1 [default = B]; }"),
			is: proto2("message M { enum E { B = 2; A = 1; } optional E a = 1; }"),
		},
		{
			name: "zero of an enum without zero", was: "\nmessage M { E a = 1; } enum E { A = 0; B = 1; }",
			is:     proto2("message M { optional E a = 1; } enum E { B = 1; A = 0; }"),
			binary: "FIELD_DEFAULT M.a 2:15>2:24, ENUM_CLOSED E 2:29>2:38", json: "=",
		},
	}
}

func oneofChanges() []change {
	const loose = "\nmessage M { string a = 1; string b = 2; }"
	const bound = "\nmessage M { oneof o { string a = 1; string b = 2; } }"
	return []change{
		{
			name: "two fields into a oneof", was: loose, is: bound, binary: "ONEOF_MERGED M.b 2:34>2:44", json: "=",
		},
		{name: "one field into a new oneof", was: "\nmessage M { string a = 1; }", is: bound},
		{
			name: "field into an existing oneof", was: "\nmessage M { oneof o { string a = 1; } string b = 2; }", is: bound,
			binary: "ONEOF_MERGED M.b 2:46>2:44", json: "=",
		},
		{
			name: "oneofs merged", was: "\nmessage M { oneof o { string a = 1; } oneof p { string b = 2; } }", is: bound,
			binary: "ONEOF_MERGED M.b 2:56>2:44", json: "=",
		},
		{name: "oneof renamed", was: bound, is: "\nmessage M { oneof p { string a = 1; string b = 2; } }"},
		{name: "oneof split", was: bound, is: "\nmessage M { oneof o { string a = 1; } oneof p { string b = 2; } }"},
		{name: "oneof dissolved", was: bound, is: "\nmessage M { optional string a = 1; optional string b = 2; }"},
		{
			name: "oneof dissolved without presence", was: bound, is: loose,
			binary: "FIELD_PRESENCE M.a 2:30>2:20, FIELD_PRESENCE M.b 2:44>2:34", json: "=",
		},
		{name: "member removed", was: bound, is: "\nmessage M { oneof o { string a = 1; } }", binary: "FIELD_REMOVED M.b 2:44>2:9", json: "="},
		{name: "member added", was: "\nmessage M { oneof o { string a = 1; } }", is: bound},
		{
			name: "three into one", was: "\nmessage M { oneof o { string a = 1; string b = 2; } optional string c = 3; }",
			is:     "\nmessage M { oneof o { string a = 1; string b = 2; string c = 3; } }",
			binary: "ONEOF_MERGED M.c 2:69>2:58", json: "=",
		},
	}
}

func enumChanges() []change {
	enum := func(values string) string { return "\nmessage M { repeated E a = 1; } enum E { " + values + " }" }
	return []change{
		{name: "enum value added", was: enum("A = 0;"), is: enum("A = 0; B = 1;")},
		{name: "enum value removed", was: enum("A = 0; B = 1;"), is: enum("A = 0; reserved 1;"), binary: "ENUM_VALUE_REMOVED B 2:49>2:38", json: "="},
		{name: "enum value renamed", was: enum("A = 0; B = 1;"), is: enum("A = 0; C = 1;"), json: "JSON_ENUM_NAME B 2:49>2:49"},
		{name: "enum value renamed behind an alias", was: enum("A = 0; B = 1;"), is: enum("option allow_alias = true; A = 0; C = 1; B = 1;")},
		{name: "alias removed", was: enum("option allow_alias = true; A = 0; B = 1; C = 1;"), is: enum("A = 0; B = 1;")},
		{
			name: "first of two aliases removed", was: enum("option allow_alias = true; A = 0; B = 1; C = 1;"), is: enum("A = 0; C = 1;"),
			json: "JSON_ENUM_NAME B 2:76>2:49",
		},
		{
			name: "both aliases removed", was: enum("option allow_alias = true; A = 0; B = 1; C = 1;"), is: enum("A = 0;"),
			binary: "ENUM_VALUE_REMOVED B 2:76>2:38", json: "=",
		},
		{
			name: "alias moved", was: enum("option allow_alias = true; A = 0; B = 1; C = 1;"), is: enum("A = 0; B = 1; C = 2;"),
			binary: "ENUM_NAME_MOVED C 2:83>2:56", json: "=",
		},
		{name: "enum value renumbered", was: enum("A = 0; B = 1;"), is: enum("A = 0; B = 2;"), binary: "ENUM_VALUE_RENUMBERED B 2:49>2:49", json: "="},
		{
			name: "enum names swapped", was: enum("A = 0; B = 1;"), is: enum("B = 0; A = 1;"),
			binary: "ENUM_NAME_MOVED A 2:42>2:49, ENUM_NAME_MOVED B 2:49>2:42", json: "=",
		},
		{name: "enum reordered", was: enum("A = 0; B = 1; C = 2;"), is: enum("A = 0; C = 2; B = 1;")},
		{name: "reserved enum number used", was: enum("A = 0; reserved 1;"), is: enum("A = 0; B = 1;"), binary: "RESERVED_NUMBER B 2:38>2:49", json: "=", untested: true},
		{name: "reserved enum name used", was: enum("A = 0; reserved \"B\";"), is: enum("A = 0; B = 1;"), json: "RESERVED_NAME B 2:38>2:49", untested: true},
		{
			name: "enum closed", was: enum("A = 0;"), is: proto2("message M { repeated E a = 1; } enum E { A = 0; }"),
			binary: "ENUM_CLOSED E 2:38>2:38", json: "=",
		},
		{name: "enum opened", was: proto2("message M { repeated E a = 1; } enum E { A = 0; }"), is: enum("A = 0;")},
		{
			name: "enum to integer", was: enum("A = 0; B = 1;"), is: "\nmessage M { repeated int32 a = 1; }",
			binary: "FIELD_TYPE M.a 2:24>2:28", json: "=",
		},
		{
			name: "integer to enum", was: "\nmessage M { repeated int32 a = 1; }", is: enum("A = 0; B = 1;"),
			binary: "FIELD_TYPE M.a 2:28>2:24", json: "=",
		},
		{
			name: "enum replaced", was: enum("A = 0; B = 1; D = 2;"), is: "\nmessage M { repeated F a = 1; } enum F { G = 0; H = 1; }",
			binary: "ENUM_VALUE_REMOVED D 2:56>2:38", json: "JSON_ENUM_NAME A 2:42>2:42, JSON_ENUM_NAME B 2:49>2:49, ENUM_VALUE_REMOVED D 2:56>2:38",
		},
		{
			name: "null in JSON", was: "import \"google/protobuf/struct.proto\";\nmessage M { optional google.protobuf.NullValue a = 1; }",
			is:   "\nmessage M { optional E a = 1; } enum E { NULL_VALUE = 0; }",
			json: "JSON_FORM M.a 2:48>2:24",
		},
		{
			name: "used twice, told once", was: "\nmessage M { E a = 1; E b = 2; N c = 3; N d = 4; } enum E { A = 0; B = 1; } message N { int64 x = 1; }",
			is:     "\nmessage M { E a = 1; E b = 2; N c = 3; N d = 4; } enum E { A = 0; } message N { int32 x = 1; }",
			binary: "ENUM_VALUE_REMOVED B 2:67>2:56, FIELD_TYPE N.x 2:94>2:87", json: "=",
		},
	}
}

// nameChanges are about fields whose name and number part ways.
func nameChanges() []change {
	return []change{
		{
			name: "name on another field, number gone", was: "\nmessage M { int32 a = 1; int32 b = 2; }", is: "\nmessage M { int32 b = 1; }",
			binary: "FIELD_RENUMBERED M.b 2:32>2:19", json: "JSON_NAME M.a 2:19>2:19, FIELD_RENUMBERED M.b 2:32>2:19",
		},
		{
			name: "rotated", was: "\nmessage M { int32 a = 1; int32 b = 2; int32 c = 3; }", is: "\nmessage M { int32 b = 1; int32 c = 2; int32 a = 3; }",
			binary: "FIELD_NAME_MOVED M.a 2:19>2:45, FIELD_NAME_MOVED M.b 2:32>2:19, FIELD_NAME_MOVED M.c 2:45>2:32", json: "=",
		},
		{
			name: "key of two fields", was: "\nmessage M { int32 a_b = 1; }", is: "\nmessage M { int32 a_b = 1 [json_name = \"x\"]; int32 c = 2 [json_name = \"aB\"]; }",
			json: "JSON_NAME M.a_b 2:19>2:52",
		},
	}
}

// editionChanges are told by features. The oracle's decoder does not know all
// of them.
func editionChanges() []change {
	edition := func(body string) string { return "edition = \"2023\";\n" + body }
	return []change{
		{
			name: "same features", was: "syntax = \"proto3\";\nmessage M { optional int32 a = 1; E e = 2; enum E { A = 0; } }",
			is: edition("message M { int32 a = 1; E e = 2; enum E { A = 0; } }"),
		},
		{
			name: "implicit presence", was: edition("message M { int32 a = 1; }"), is: edition("message M { int32 a = 1 [features.field_presence = IMPLICIT]; }"),
			binary: "FIELD_PRESENCE M.a 2:19>2:19", json: "=",
		},
		{
			name: "closed enum", was: edition("message M { E e = 1; enum E { A = 0; } }"), is: edition("message M { E e = 1; enum E { option features.enum_type = CLOSED; A = 0; } }"),
			binary: "ENUM_CLOSED M.E 2:27>2:27", json: "=",
		},
		{
			name: "delimited", was: edition("message M { M e = 1; }"), is: edition("message M { M e = 1 [features.message_encoding = DELIMITED]; }"),
			binary: "FIELD_TYPE M.e 2:15>2:15", json: "=",
		},
		{
			name: "checked text", was: edition("message M { string a = 1 [features.utf8_validation = NONE]; }"), is: edition("message M { string a = 1; }"),
			binary: "FIELD_UTF8 M.a 2:20>2:20", json: "=", untested: true,
		},
		{
			name: "checked text in a map", was: edition("message M { map<int32, string> a = 1 [features.utf8_validation = NONE]; }"),
			is:     edition("message M { map<int32, string> a = 1; }"),
			binary: "FIELD_UTF8 M.a 2:32>2:32", json: "=", untested: true,
		},
		{
			name: "required by feature", was: edition("message M { int32 a = 1; }"), is: edition("message M { int32 a = 1 [features.field_presence = LEGACY_REQUIRED]; }"),
			binary: "REQUIRED_ADDED M.a 2:19>2:19", json: "=", untested: true,
		},
	}
}
