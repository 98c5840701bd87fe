package protobuf

import (
	"sync"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/apipb"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/sourcecontextpb"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"
	"google.golang.org/protobuf/types/known/typepb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// builtins returns the types that every schema knows: those of google/protobuf,
// google/type and confluent. The tree is made once and never written to.
var builtins = sync.OnceValue(func() *node {
	root := &node{}
	for _, fd := range []protoreflect.FileDescriptor{
		anypb.File_google_protobuf_any_proto,
		apipb.File_google_protobuf_api_proto,
		descriptorpb.File_google_protobuf_descriptor_proto,
		durationpb.File_google_protobuf_duration_proto,
		emptypb.File_google_protobuf_empty_proto,
		fieldmaskpb.File_google_protobuf_field_mask_proto,
		sourcecontextpb.File_google_protobuf_source_context_proto,
		structpb.File_google_protobuf_struct_proto,
		timestamppb.File_google_protobuf_timestamp_proto,
		typepb.File_google_protobuf_type_proto,
		wrapperspb.File_google_protobuf_wrappers_proto,
	} {
		root.add(fileOf(fd), origin{})
	}
	for _, text := range builtinTexts() {
		if f, err := parseFile(text); err == nil { // a test reads them all
			root.add(f, origin{})
		}
	}
	return root
})

// fileOf turns a descriptor into the tree that its text would give.
func fileOf(fd protoreflect.FileDescriptor) *file {
	f := &file{syntax: fd.Syntax().String(), pkg: string(fd.Package())}
	for i := range fd.Messages().Len() {
		f.messages = append(f.messages, messageOf(fd.Messages().Get(i)))
	}
	for i := range fd.Enums().Len() {
		f.enums = append(f.enums, enumOf(fd.Enums().Get(i)))
	}
	return f
}

func messageOf(md protoreflect.MessageDescriptor) *message {
	m := &message{name: string(md.Name())}
	for i := range md.Fields().Len() {
		if fd := md.Fields().Get(i); fd.ContainingOneof() == nil || fd.ContainingOneof().IsSynthetic() {
			m.fields = append(m.fields, fieldOf(fd))
		}
	}
	for i := range md.Oneofs().Len() {
		if od := md.Oneofs().Get(i); !od.IsSynthetic() {
			o := oneof{name: string(od.Name())}
			for j := range od.Fields().Len() {
				o.fields = append(o.fields, fieldOf(od.Fields().Get(j)))
			}
			m.oneofs = append(m.oneofs, o)
		}
	}
	for i := range md.Messages().Len() {
		if nested := md.Messages().Get(i); !nested.IsMapEntry() {
			m.messages = append(m.messages, messageOf(nested))
		}
	}
	for i := range md.Enums().Len() {
		m.enums = append(m.enums, enumOf(md.Enums().Get(i)))
	}
	return m
}

func fieldOf(fd protoreflect.FieldDescriptor) field {
	f := field{name: string(fd.Name()), tag: int32(fd.Number()), typ: typeOf(fd)}
	switch {
	case fd.IsMap():
		f.typ = "map<" + typeOf(fd.MapKey()) + ", " + typeOf(fd.MapValue()) + ">"
	case fd.IsList():
		f.label = repeated
	case fd.Cardinality() == protoreflect.Required:
		f.label = required
	case fd.HasOptionalKeyword():
		f.label = optional
	}
	return f
}

func typeOf(fd protoreflect.FieldDescriptor) string {
	switch fd.Kind() {
	case protoreflect.MessageKind, protoreflect.GroupKind:
		return "." + string(fd.Message().FullName())
	case protoreflect.EnumKind:
		return "." + string(fd.Enum().FullName())
	default:
		return fd.Kind().String()
	}
}

func enumOf(ed protoreflect.EnumDescriptor) *enum {
	e := &enum{name: string(ed.Name())}
	for i := range ed.Values().Len() {
		value := ed.Values().Get(i)
		e.constants = append(e.constants, constant{name: string(value.Name()), tag: int32(value.Number())})
	}
	return e
}
