package jsonschema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/bufbuild/protocompile"
	validator "github.com/santhosh-tekuri/jsonschema/v5"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/generator/schema/jsonschema"
)

// file links one .proto file.
func file(t testing.TB, source string) protoreflect.FileDescriptor {
	t.Helper()
	compiler := protocompile.Compiler{Resolver: protocompile.WithStandardImports(&protocompile.SourceResolver{
		Accessor: protocompile.SourceAccessorFromMap(map[string]string{"t.proto": source}),
	})}
	files, err := compiler.Compile(t.Context(), "t.proto")
	if err != nil {
		t.Fatalf("%v\n%s", err, source)
	}
	return files[0]
}

// event links one .proto file and returns its first message.
func event(t testing.TB, source string) protoreflect.MessageDescriptor {
	t.Helper()
	return file(t, source).Messages().Get(0)
}

// proto3 returns a message of that body in a file that imports what is needed.
func proto3(t testing.TB, body string) protoreflect.MessageDescriptor {
	t.Helper()
	return event(t, header("proto3")+body)
}

func header(syntax string) string {
	text := `syntax = "` + syntax + `"; package t;` + "\n"
	for _, name := range []string{"any", "duration", "empty", "field_mask", "struct", "timestamp", "wrappers"} {
		text += `import "google/protobuf/` + name + `.proto";` + "\n"
	}
	return text
}

func emit(t testing.TB, md protoreflect.MessageDescriptor, o jsonschema.Options) string {
	t.Helper()
	text, err := jsonschema.Emit(md, o)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// compile compiles a schema with formats asserted, as strict readers do.
func compile(t testing.TB, text string) *validator.Schema {
	t.Helper()
	compiler := validator.NewCompiler()
	compiler.AssertFormat = true
	if err := compiler.AddResource("mem:schema", strings.NewReader(text)); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	compiled, err := compiler.Compile("mem:schema")
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if compiled.Draft != validator.Draft7 {
		t.Fatalf("the draft is %v", compiled.Draft)
	}
	return compiled
}

// validate returns what the schema says of a JSON text.
func validate(t testing.TB, s *validator.Schema, text []byte) error {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(string(text)))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return s.Validate(value)
}
