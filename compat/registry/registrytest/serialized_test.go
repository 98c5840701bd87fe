package registrytest_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/sr"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/esgen-dev/esgen/compat/registry/registrytest"
)

// A client that cannot parse Protobuf text gets descriptors, of a schema and of
// what it refers to. They link.
func TestSerialized(t *testing.T) {
	t.Parallel()
	server := local(registrytest.Options{})
	const (
		money = "syntax = \"proto3\";\npackage a;\n\nmessage Money {\n  int64 cents = 1;\n}\n"
		paid  = "syntax = \"proto3\";\npackage b;\n\nimport \"money.proto\";\n\nmessage Paid {\n  .a.Money amount = 1;\n  .b.Paid.Kind kind = 2;\n  enum Kind {\n    NONE = 0;\n  }\n}\n"
	)
	want(t, server, "POST", "/subjects/money/versions", body(t, money), 200)
	want(t, server, "POST", "/subjects/paid/versions", body(t, paid, sr.SchemaReference{Name: "money.proto", Subject: "money", Version: 1}), 200)

	set := &descriptorpb.FileDescriptorSet{File: []*descriptorpb.FileDescriptorProto{
		descriptor(t, server, "/subjects/money/versions/1?format=serialized"),
		descriptor(t, server, "/schemas/ids/2?format=serialized"),
	}}
	set.File[0].Name, set.File[1].Name = new("money.proto"), new("paid.proto")
	files, err := protodesc.NewFiles(set)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.Money", "b.Paid", "b.Paid.Kind"} {
		if _, err := files.FindDescriptorByName(protoreflect.FullName(name)); err != nil {
			t.Error(err)
		}
	}
	want(t, server, "GET", "/schemas/ids/1", "", 200, `package a;`)
	want(t, server, "GET", "/schemas/ids/3?format=serialized", "", 404, "40403")
	if diff := cmp.Diff([]string{"money.proto"}, set.GetFile()[1].GetDependency()); diff != "" {
		t.Errorf("what it refers to (-want +got):\n%s", diff)
	}
}

// JSON Schema has one form only.
func TestSerialized_json(t *testing.T) {
	t.Parallel()
	server := local(registrytest.Options{})
	want(t, server, "POST", "/subjects/s/versions", `{"schemaType":"JSON","schema":"{\"type\":\"string\"}"}`, 200)
	want(t, server, "GET", "/schemas/ids/1?format=serialized", "", 200, `{\"type\":\"string\"}`)
}

func descriptor(t *testing.T, server *registrytest.Server, path string) *descriptorpb.FileDescriptorProto {
	t.Helper()
	_, answer := ask(t, server, "GET", path, "")
	var stored sr.Schema
	if err := json.NewDecoder(strings.NewReader(answer)).Decode(&stored); err != nil {
		t.Fatal(err)
	}
	data, err := base64.StdEncoding.DecodeString(stored.Schema)
	if err != nil {
		t.Fatalf("%v in %s", err, answer)
	}
	file := new(descriptorpb.FileDescriptorProto)
	if err := proto.Unmarshal(data, file); err != nil {
		t.Fatal(err)
	}
	return file
}
