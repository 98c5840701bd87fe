package jsonschema_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/esgen-dev/esgen/generator/schema/jsonschema"
)

// TestEmit_unsupported checks that what cannot be expressed is an error that
// names the field in the way and says why.
func TestEmit_unsupported(t *testing.T) {
	t.Parallel()
	const proto2 = `syntax = "proto2"; package t;`
	for _, tt := range []struct{ name, source, field, reason string }{
		{"extensions of the event", proto2 + `message M { extensions 5; }`, "t.M", "t.M has extensions"},
		{
			"extensions below", proto2 + `message M { map<string, A> a = 1; } message A { repeated B bs = 3; } message B { extensions 5; }`,
			"t.A.bs", "t.B has extensions",
		},
		{
			"message set", proto2 + `message M { optional S s = 1; } message S { option message_set_wire_format = true; extensions 4 to max; }`,
			"t.M.s", "is a message set",
		},
		{
			"JSON names", proto2 + `message M { option deprecated_legacy_json_field_conflicts = true; optional int32 a_b = 1; optional int32 aB = 2; }`,
			"t.M.aB", `"aB" is also that of t.M.a_b`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, o := range []jsonschema.Options{{}, {Open: true}} {
				text, err := jsonschema.Emit(event(t, tt.source), o)
				checkUnsupported(t, text, err, tt.field, tt.reason)
			}
		})
	}
}

func checkUnsupported(t *testing.T, text string, err error, field, reason string) {
	t.Helper()
	var unsupported *jsonschema.UnsupportedError
	if !errors.As(err, &unsupported) || text != "" {
		t.Fatalf("got %q and %v", text, err)
	}
	if string(unsupported.Name) != field || !strings.Contains(err.Error(), reason) || !strings.HasPrefix(err.Error(), field) {
		t.Errorf("got %v, want %q of %q", err, reason, field)
	}
}

// TestEmit_notLinked checks types that are known by name only.
func TestEmit_notLinked(t *testing.T) {
	t.Parallel()
	field := func(name string, number int32, kind descriptorpb.FieldDescriptorProto_Type) *descriptorpb.FieldDescriptorProto {
		return &descriptorpb.FieldDescriptorProto{
			Name: new(name), Number: &number, Type: kind.Enum(), TypeName: new(".t.Missing"),
			Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
		}
	}
	for _, kind := range []descriptorpb.FieldDescriptorProto_Type{descriptorpb.FieldDescriptorProto_TYPE_MESSAGE, descriptorpb.FieldDescriptorProto_TYPE_ENUM} {
		fd, err := protodesc.FileOptions{AllowUnresolvable: true}.New(&descriptorpb.FileDescriptorProto{
			Name: new("x.proto"), Package: new("x"), Syntax: new("proto3"), Dependency: []string{"t.proto"},
			MessageType: []*descriptorpb.DescriptorProto{{Name: new("M"), Field: []*descriptorpb.FieldDescriptorProto{field("f", 1, kind)}}},
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		text, err := jsonschema.Emit(fd.Messages().Get(0), jsonschema.Options{})
		checkUnsupported(t, text, err, "x.M.f", "t.Missing is not linked")
	}
	text, err := jsonschema.Emit(nil, jsonschema.Options{})
	checkUnsupported(t, text, err, "(none)", "no message")
}

// TestEmit_large checks that size and depth cost no more than space: very many
// fields, and very many messages that reach each other in one long chain.
func TestEmit_large(t *testing.T) {
	t.Parallel()
	var wide, deep strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&wide, "  E f%d = %d;\n", i, i+1)
	}
	for i := range 3_000 {
		fmt.Fprintf(&deep, "message D%d { D%d next = 1; M root = 2; D0 first = 3; }\n", i, (i+1)%3_000)
	}
	enum := "enum E { E_ZERO = 0; }"
	for _, body := range []string{"message M {\n" + wide.String() + "}" + enum, "message M { D0 d = 1; }" + deep.String()} {
		text := emit(t, proto3(t, body), jsonschema.Options{})
		if n := strings.Count(text, "\"properties\": {"); n != strings.Count(body, "message ") {
			t.Errorf("%d messages are described", n)
		}
		if len(text) > 1000*10_000 {
			t.Errorf("%d bytes", len(text))
		}
	}
}

// TestEmit_recursion holds messages that contain themselves, each other and
// the event against values that do.
func TestEmit_recursion(t *testing.T) {
	t.Parallel()
	md := proto3(t, `message M { M m = 1; A a = 2; } message A { repeated B b = 1; } message B { map<string, A> a = 1; M m = 2; int32 n = 3; }`)
	schema := compile(t, emit(t, md, jsonschema.Options{}))
	for text, want := range map[string]bool{
		`{"m":{"m":{"a":{"b":[{"a":{"x":{"b":[{"m":{"m":null}}]}}}]}}}}`:                                        true,
		`{"m":{"m":{"a":{"b":[{"a":{"x":{"b":[{"m":{"m":true}}]}}}]}}}}`:                                        false,
		`{"m":{"m":{"a":{"b":[{"a":{"x":{"b":[{"n":"a"}]}}}]}}}}`:                                               false,
		`{"a":{"b":[` + strings.Repeat(`{"a":{"x":{"b":[`, 40) + `{"x":1}` + strings.Repeat(`]}}}`, 40) + `]}}`: false,
		`{"a":{"b":[` + strings.Repeat(`{"a":{"x":{"b":[`, 40) + `{"n":1}` + strings.Repeat(`]}}}`, 40) + `]}}`: true,
	} {
		if err := validate(t, schema, []byte(text)); (err == nil) != want {
			t.Errorf("%.100s: %v", text, err)
		}
	}
}

// TestEmit_rootIsWellKnown checks messages that are not objects at all.
func TestEmit_rootIsWellKnown(t *testing.T) {
	t.Parallel()
	imports := file(t, header("proto3")).Imports()
	checked := 0
	for i := range imports.Len() {
		messages := imports.Get(i).Messages()
		for j := range messages.Len() {
			md := messages.Get(j)
			schema := compile(t, emit(t, md, jsonschema.Options{}))
			for _, raw := range literals {
				m := mutant{"value", asField{md: md}, raw}
				reads := protojson.Unmarshal([]byte(raw), dynamicpb.NewMessage(md))
				if class := classify(m, reads == nil, validate(t, schema, []byte(raw)) == nil); class == "" {
					t.Errorf("%s: %s: protojson: %v", md.FullName(), raw, reads)
				}
				checked++
			}
		}
	}
	if checked < 17*100 {
		t.Errorf("only %d literals", checked)
	}
}

// An asField makes a message stand for a field of its type.
type asField struct {
	protoreflect.FieldDescriptor
	md protoreflect.MessageDescriptor
}

func (f asField) Message() protoreflect.MessageDescriptor { return f.md }
func (f asField) Kind() protoreflect.Kind                 { return protoreflect.MessageKind }
func (f asField) FullName() protoreflect.FullName         { return f.md.FullName() }

// TestEmit_texts checks what neither content model nor type decide.
func TestEmit_texts(t *testing.T) {
	t.Parallel()
	md := proto3(t, `message M { string s = 1; google.protobuf.Value v = 2; }`)
	closed := compile(t, emit(t, md, jsonschema.Options{}))
	open := compile(t, emit(t, md, jsonschema.Options{Open: true}))
	for _, tt := range []struct {
		text                string
		reads, closed, open bool
	}{
		{`{"s":"a"}`, true, true, true},
		{`{"t":"a"}`, false, false, true},
		{`{"s":1,"t":"a"}`, false, false, false},
		{`{"s":"a","s":"b"}`, false, true, true},
		{`{"s":"\ud800"}`, false, true, true},
		{"{\"s\":\"\xff\"}", false, true, true},
	} {
		reads := protojson.Unmarshal([]byte(tt.text), dynamicpb.NewMessage(md)) == nil
		if reads != tt.reads || (validate(t, closed, []byte(tt.text)) == nil) != tt.closed || (validate(t, open, []byte(tt.text)) == nil) != tt.open {
			t.Errorf("%.50q: protojson %v, want %+v", tt.text, reads, tt)
		}
	}
}

// TestEmit_order checks that neither the order of declarations nor comments
// nor names of types that are not used make a new version.
func TestEmit_order(t *testing.T) {
	t.Parallel()
	a := emit(t, proto3(t, `message M { int32 a = 1; E e = 2; A b = 3; } message A { } enum E { option allow_alias = true; Z = 0; X = 1; Y = 1; }`), jsonschema.Options{})
	for range 3 {
		b := emit(t, proto3(t, `
			message M { A b = 3; /* the e */ E e = 2; int32 a = 1; reserved 7; }
			enum E { option allow_alias = true; Z = 0; Y = 1; X = 1; }
			message Unused { } message A { }`), jsonschema.Options{})
		if a != b {
			t.Fatalf("%s\n%s", a, b)
		}
	}
}
