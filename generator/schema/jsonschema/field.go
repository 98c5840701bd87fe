package jsonschema

import (
	"cmp"
	"fmt"
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// The patterns are part of what is registered: a registry refuses every
// change of one, so they must stay as they are. They keep kinds apart that
// JSON does not (a string that becomes a bytes field is refused), and are the
// same for all widths and signs of a kind, so that a field can be widened.
const (
	// What protojson reads as an integer: 1, 1.0, 1e2, 1.5e1.
	integerText = `^-?(0|[1-9][0-9]*)(\.0+|(\.[0-9]+)?[eE][+-]?[0-9]+)?$`
	// What protojson reads as a float.
	floatText = `^(-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?|NaN|-?Infinity)$`
	// Base64 in either alphabet. The length is left alone, because patterns
	// that count in groups overflow the stack of some engines.
	base64Text = `^([A-Za-z0-9+/]*|[A-Za-z0-9_-]*)={0,2}$`
	// The keys of maps; registries do not compare them.
	signedKey   = `^[+-]?[0-9]+$`
	unsignedKey = `^[0-9]+$`
)

// field returns the schema of a field's value when it is set, without null.
func (e *emitter) field(fd protoreflect.FieldDescriptor) (*schema, error) {
	switch {
	case fd.IsMap():
		values, err := e.single(fd.MapValue())
		if err != nil {
			return nil, err
		}
		return &schema{Type: types{typeObject}, PropertyNames: keys(fd.MapKey().Kind()), Additional: &additional{values}}, nil
	case fd.IsList():
		items, err := e.single(fd)
		if err != nil {
			return nil, err
		}
		return &schema{Type: types{typeArray}, Items: items}, nil
	default:
		return e.single(fd)
	}
}

// single returns the schema of one value of fd: of an element if it is a list.
func (e *emitter) single(fd protoreflect.FieldDescriptor) (*schema, error) {
	switch fd.Kind() {
	case protoreflect.MessageKind, protoreflect.GroupKind:
		return e.message(fd), nil
	case protoreflect.EnumKind:
		return e.enum(fd)
	default:
		return scalar(fd.Kind()), nil
	}
}

// scalar returns the schema of a scalar kind. A 64-bit integer is written as
// a string, and every number may come as one.
func scalar(kind protoreflect.Kind) *schema {
	integer := schema{Type: types{typeInteger, typeString}, Pattern: integerText}
	switch kind {
	case protoreflect.BoolKind:
		return &schema{Type: types{typeBoolean}}
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		integer.Minimum, integer.Maximum = "-2147483648", "2147483647"
		return &integer
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		integer.Minimum, integer.Maximum = "0", "4294967295"
		return &integer
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return &integer // validators compare bounds as doubles, which cannot hold these
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		integer.Minimum = "0"
		return &integer
	case protoreflect.FloatKind, protoreflect.DoubleKind:
		return &schema{Type: types{typeNumber, typeString}, Pattern: floatText}
	case protoreflect.BytesKind:
		return &schema{Type: types{typeString}, Pattern: base64Text}
	default: // a string; messages and enums went other ways
		return &schema{Type: types{typeString}}
	}
}

// keys returns the schema of the names of a map's properties; nil accepts all.
func keys(kind protoreflect.Kind) *schema {
	switch kind {
	case protoreflect.BoolKind:
		return &schema{Enum: []string{"true", "false"}}
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind,
		protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return &schema{Pattern: signedKey}
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind, protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return &schema{Pattern: unsignedKey}
	default:
		return nil
	}
}

// enum returns the schema of a value of an enum: a name or a number, because
// protojson writes a number that has no name as it is. Only the names are in
// the definition: a flat union can be extended, a nested one cannot.
func (e *emitter) enum(fd protoreflect.FieldDescriptor) (*schema, error) {
	ed := fd.Enum()
	if ed.IsPlaceholder() {
		return nil, &UnsupportedError{fd.FullName(), fmt.Sprintf("the enum %s is not linked; link the file that declares it", ed.FullName())}
	}
	name := string(ed.FullName())
	if e.definitions[name] == nil {
		e.definitions[name] = &schema{Title: name, Enum: names(ed.Values())}
	}
	number := &schema{Type: types{typeInteger}, Minimum: "-2147483648", Maximum: "2147483647"}
	s := &schema{AnyOf: []*schema{reference(name), number}}
	if hasNull(fd) {
		s.AnyOf = append(s.AnyOf, &schema{Type: types{typeNull}})
	}
	return s, nil
}

// names returns the names of enum values by number, then by name, which stays
// when lines of the source move.
func names(values protoreflect.EnumValueDescriptors) []string {
	list := make([]protoreflect.EnumValueDescriptor, values.Len())
	for i := range list {
		list[i] = values.Get(i)
	}
	slices.SortFunc(list, func(a, b protoreflect.EnumValueDescriptor) int {
		return cmp.Or(cmp.Compare(a.Number(), b.Number()), cmp.Compare(a.Name(), b.Name()))
	})
	text := make([]string, len(list))
	for i, value := range list {
		text[i] = string(value.Name())
	}
	return text
}
