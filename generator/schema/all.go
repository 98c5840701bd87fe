package schema

import (
	"iter"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// all ranges over one of the lists of package protoreflect.
func all[T any](list interface {
	Len() int
	Get(i int) T
},
) iter.Seq[T] {
	return func(yield func(T) bool) {
		for i := range list.Len() {
			if !yield(list.Get(i)) {
				return
			}
		}
	}
}

// isGroup reports whether a field beside the message defines it in place.
func isGroup(m protoreflect.MessageDescriptor) bool {
	parent, ok := m.Parent().(protoreflect.MessageDescriptor)
	if !ok || m.ParentFile().Syntax() == protoreflect.Proto3 {
		return false
	}
	for f := range all(parent.Fields()) {
		if f.Kind() == protoreflect.GroupKind && f.Message().FullName() == m.FullName() {
			return true
		}
	}
	return false
}

// isExtensionGroup reports whether an extension beside the message, and no
// custom option, defines it in place.
func isExtensionGroup(m protoreflect.MessageDescriptor) bool {
	scope, ok := m.Parent().(interface {
		Extensions() protoreflect.ExtensionDescriptors
	})
	if !ok || m.ParentFile().Syntax() != protoreflect.Proto2 {
		return false
	}
	for _, x := range extensionsOf(scope.Extensions()) {
		if x.Kind() == protoreflect.GroupKind && x.Message().FullName() == m.FullName() {
			return true
		}
	}
	return false
}

// typesOf ranges over all messages and enums of a file or message, those
// inside others too, but without map entries.
func typesOf(d interface {
	Messages() protoreflect.MessageDescriptors
	Enums() protoreflect.EnumDescriptors
},
) iter.Seq[protoreflect.Descriptor] {
	return func(yield func(protoreflect.Descriptor) bool) { eachType(d, yield) }
}

func eachType(d interface {
	Messages() protoreflect.MessageDescriptors
	Enums() protoreflect.EnumDescriptors
}, yield func(protoreflect.Descriptor) bool,
) bool {
	for m := range all(d.Messages()) {
		if !m.IsMapEntry() && (!yield(m) || !eachType(m, yield)) {
			return false
		}
	}
	for e := range all(d.Enums()) {
		if !yield(e) {
			return false
		}
	}
	return true
}

// needs ranges over the types of a message's fields, with the field that needs
// each. The types of map entries are those of their values.
func needs(m protoreflect.MessageDescriptor) iter.Seq2[protoreflect.Descriptor, protoreflect.FieldDescriptor] {
	return func(yield func(protoreflect.Descriptor, protoreflect.FieldDescriptor) bool) {
		for f := range all(m.Fields()) {
			if d := typeOfField(f); d != nil && !yield(d, f) {
				return
			}
		}
	}
}

// typeOfField returns the message or enum that a field holds, or nil.
func typeOfField(f protoreflect.FieldDescriptor) protoreflect.Descriptor {
	if f.IsMap() {
		f = f.MapValue()
	}
	switch {
	case f.Message() != nil:
		return f.Message()
	case f.Enum() != nil:
		return f.Enum()
	}
	return nil
}
