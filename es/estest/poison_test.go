package estest

import (
	"testing"

	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

// everything returns a message type with one field of each scalar type, alone
// and in a list, a nested message, a list of them, and maps.
func everything(t *testing.T) protoreflect.MessageDescriptor {
	t.Helper()
	file := &descriptorpb.FileDescriptorProto{}
	if err := prototext.Unmarshal([]byte(`
		name: "all.proto" package: "all" syntax: "proto3"
		enum_type { name: "E" value { name: "ZERO" number: 0 } value { name: "ONE" number: 1 } }
		message_type {
			name: "All"
			field { name: "nested" number: 100 type: TYPE_MESSAGE type_name: ".all.All" label: LABEL_OPTIONAL }
			field { name: "many" number: 101 type: TYPE_MESSAGE type_name: ".all.All" label: LABEL_REPEATED }
			field { name: "texts" number: 102 type: TYPE_MESSAGE type_name: ".all.All.TextsEntry" label: LABEL_REPEATED }
			field { name: "tree" number: 103 type: TYPE_MESSAGE type_name: ".all.All.TreeEntry" label: LABEL_REPEATED }
			nested_type { name: "TextsEntry" options { map_entry: true }
				field { name: "key" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
				field { name: "value" number: 2 type: TYPE_STRING label: LABEL_OPTIONAL } }
			nested_type { name: "TreeEntry" options { map_entry: true }
				field { name: "key" number: 1 type: TYPE_INT32 label: LABEL_OPTIONAL }
				field { name: "value" number: 2 type: TYPE_MESSAGE type_name: ".all.All" label: LABEL_OPTIONAL } }
		}`), file); err != nil {
		t.Fatal(err)
	}
	all := file.GetMessageType()[0]
	for kind := descriptorpb.FieldDescriptorProto_TYPE_DOUBLE; kind <= descriptorpb.FieldDescriptorProto_TYPE_SINT64; kind++ {
		switch kind {
		case descriptorpb.FieldDescriptorProto_TYPE_GROUP, descriptorpb.FieldDescriptorProto_TYPE_MESSAGE:
			continue
		}
		all.Field = append(all.Field, field("one_"+kind.String(), 0, kind), field("list_"+kind.String(), 50, kind))
	}
	fd, err := protodesc.NewFile(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	return fd.Messages().Get(0)
}

func field(name string, base int32, kind descriptorpb.FieldDescriptorProto_Type) *descriptorpb.FieldDescriptorProto {
	f := &descriptorpb.FieldDescriptorProto{
		Name: new(name), Number: new(base + int32(kind)), Type: kind.Enum(),
		Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
	}
	if base > 0 {
		f.Label = descriptorpb.FieldDescriptorProto_LABEL_REPEATED.Enum()
	}
	if kind == descriptorpb.FieldDescriptorProto_TYPE_ENUM {
		f.TypeName = new(".all.E")
	}
	return f
}

// full returns a message in which every field is set; the nested ones are
// empty but for what depth allows.
func full(md protoreflect.MessageDescriptor, depth int) *dynamicpb.Message {
	m := dynamicpb.NewMessage(md)
	if depth == 0 {
		return m
	}
	for i := range md.Fields().Len() {
		switch fd := md.Fields().Get(i); {
		case fd.Name() == "texts":
			m.Mutable(fd).Map().Set(protoreflect.ValueOfString("k").MapKey(), protoreflect.ValueOfString("v"))
		case fd.Name() == "tree":
			m.Mutable(fd).Map().Set(protoreflect.ValueOfInt32(1).MapKey(), protoreflect.ValueOfMessage(full(md, depth-1)))
		case fd.IsList() && fd.Message() != nil:
			m.Mutable(fd).List().Append(protoreflect.ValueOfMessage(full(md, depth-1)))
		case fd.IsList():
			m.Mutable(fd).List().Append(sample(fd))
		case fd.Message() != nil:
			m.Set(fd, protoreflect.ValueOfMessage(full(md, depth-1)))
		default:
			m.Set(fd, sample(fd))
		}
	}
	return m
}

// sample returns a value that is not the zero value.
func sample(fd protoreflect.FieldDescriptor) protoreflect.Value {
	if fd.Kind() == protoreflect.BytesKind {
		return protoreflect.ValueOfBytes([]byte("bytes"))
	}
	zero := fd.Default()
	if fd.IsList() {
		zero = dynamicpb.NewMessage(fd.ContainingMessage()).NewField(fd).List().NewElement()
	}
	return overwritten(fd, zero)
}

// What a reader kept of a message before it was overwritten has to differ from
// what it was, whichever part it kept.
func TestPoison_everyField(t *testing.T) {
	t.Parallel()
	md := everything(t)
	for i := range md.Fields().Len() {
		fd := md.Fields().Get(i)
		m := full(md, 2)
		reader := dynamicpb.NewMessage(md) // keeps one field
		reader.Set(fd, m.Get(fd))
		shared := fd.IsList() || fd.IsMap() || fd.Message() != nil || fd.Kind() == protoreflect.BytesKind
		before := proto.Clone(reader)
		original := proto.Clone(m)
		poison(m)
		if changed := !proto.Equal(before, reader); changed != shared {
			t.Errorf("%s: what a reader kept changed: %v, want %v", fd.Name(), changed, shared)
		}
		left := original.ProtoReflect().Get(fd)
		if m.Get(fd).Equal(left) {
			t.Errorf("%s: not overwritten: %v", fd.Name(), left)
		}
	}
}

func TestPoison_emptyParts(t *testing.T) {
	t.Parallel()
	md := everything(t)
	nested := md.Fields().ByName("nested")
	m := dynamicpb.NewMessage(md)
	m.Set(nested, protoreflect.ValueOfMessage(dynamicpb.NewMessage(md)))
	kept := m.Get(nested).Message().Interface()
	poison(m)
	if proto.Equal(kept, dynamicpb.NewMessage(md)) {
		t.Error("an empty nested message that was kept did not change")
	}
}

func TestOtherFloat(t *testing.T) {
	t.Parallel()
	zero := 0.0
	for _, f := range []float64{0, 1, -1, 0.5, 1e30, -1e30, 1 / zero, zero / zero} {
		if otherFloat(f) == f {
			t.Errorf("%v stays", f)
		}
	}
}
