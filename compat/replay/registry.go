package replay

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// registryIgnores says why the registry allows what it does not look at.
func registryIgnores(what string) string { return "it does not look at " + what }

// registryOfRemoval says why the registry allows to remove f. It refuses to
// remove required fields, and members of a oneof of which others stay.
func registryOfRemoval(f protoreflect.FieldDescriptor, to members) string {
	if f.Cardinality() == protoreflect.Required {
		return ""
	}
	if o := choiceOf(f); o != nil {
		if to.message.Oneofs().ByName(o.Name()) != nil {
			return ""
		}
		for i := range o.Fields().Len() {
			if to.number(o.Fields().Get(i).Number()) != nil {
				return ""
			}
		}
	}
	return "it only asks whether the bytes can be skipped, not whether the value is missed"
}

// registryOfKinds says why the registry allows one kind to become another: it
// compares by groups.
func registryOfKinds(from, to protoreflect.Kind, g protoreflect.FieldDescriptor) string {
	if from == protoreflect.GroupKind || to == protoreflect.GroupKind {
		return registryIgnores("groups")
	}
	if f := registryGroup(from); f == "" || f != registryGroup(to) || g.Cardinality() == protoreflect.Required {
		return ""
	}
	return fmt.Sprintf("it compares wire types within a group: %s and %s are one", from, to)
}

// localName is the name of a message within its package, by which the registry
// tells types apart.
func localName(m protoreflect.MessageDescriptor) string {
	return strings.TrimPrefix(string(m.FullName()), string(m.ParentFile().Package())+".")
}

// registryGroup is what the registry takes for one encoding, or "" for what is
// no scalar.
func registryGroup(k protoreflect.Kind) string {
	switch k {
	case protoreflect.Int32Kind, protoreflect.Int64Kind, protoreflect.Uint32Kind, protoreflect.Uint64Kind,
		protoreflect.BoolKind, protoreflect.EnumKind:
		return "varint"
	case protoreflect.Sint32Kind, protoreflect.Sint64Kind:
		return "zigzag"
	case protoreflect.StringKind, protoreflect.BytesKind:
		return "text"
	case protoreflect.Fixed32Kind, protoreflect.Sfixed32Kind:
		return "fixed32"
	case protoreflect.Fixed64Kind, protoreflect.Sfixed64Kind:
		return "fixed64"
	case protoreflect.FloatKind, protoreflect.DoubleKind:
		return k.String()
	default:
		return ""
	}
}

// registryOfShape says why the registry allows a list to become a single value
// or the other way round. It looks at labels only where both are written.
func registryOfShape(f, g protoreflect.FieldDescriptor) string {
	switch {
	case f.IsMap() || g.IsMap():
		return ""
	case f.Message() != nil && f.Kind() == g.Kind():
		return "it does not compare the labels of messages"
	case registryGroup(f.Kind()) == "" || registryGroup(f.Kind()) != registryGroup(g.Kind()):
		return ""
	case registryGroup(f.Kind()) == "text":
		return "it takes text, one or several, for the same"
	case label(f) == "" || label(g) == "":
		return "it compares labels only where both are written"
	}
	return ""
}
