package schema

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

func (w *writer) field(f protoreflect.FieldDescriptor) {
	w.line("%s%s %s = %d%s;", w.label(f), typeOf(f), f.Name(), f.Number(), w.options(w.fieldOptions(f)))
}

// group writes a field that defines its message in place. The parser of
// registries knows no options of groups.
func (w *writer) group(f protoreflect.FieldDescriptor) {
	options := ""
	if w.doc.originals {
		options = w.options(w.fieldOptions(f))
	}
	w.open("%sgroup %s = %d%s", w.label(f), f.Message().Name(), f.Number(), options)
	w.close(!w.body(f.Message()))
}

// label returns the label of a field and a space, or nothing.
func (w *writer) label(f protoreflect.FieldDescriptor) string {
	oneof := f.ContainingOneof()
	switch {
	case f.IsMap() || oneof != nil && !oneof.IsSynthetic():
		return ""
	case f.IsList():
		return "repeated "
	case w.doc.edition != "":
		return ""
	case f.IsExtension() && w.doc.syntax == proto3 && !f.HasOptionalKeyword():
		return ""
	case w.doc.syntax == proto2 && f.Cardinality() == protoreflect.Required:
		return "required "
	case w.doc.syntax == proto2 || f.HasOptionalKeyword() || f.HasPresence() && f.Message() == nil:
		return "optional "
	}
	return ""
}

// typeOf returns the type of a field as it is written.
func typeOf(f protoreflect.FieldDescriptor) string {
	switch {
	case f.IsMap():
		return fmt.Sprintf("map<%s, %s>", typeOf(f.MapKey()), typeOf(f.MapValue()))
	case f.Message() != nil:
		return "." + string(f.Message().FullName())
	case f.Enum() != nil:
		return "." + string(f.Enum().FullName())
	}
	return f.Kind().String()
}

// options writes the options of a field or of a value of an enum: one in the
// line, more on lines of their own.
func (w *writer) options(options []option) string {
	if len(options) == 0 {
		return ""
	}
	if len(options) == 1 {
		return fmt.Sprintf(" [%s = %s]", options[0].name, options[0].value)
	}
	indent := strings.Repeat("  ", w.depth)
	lines := make([]string, len(options))
	for i, o := range options {
		lines[i] = fmt.Sprintf("%s  %s = %s", indent, o.name, o.value)
	}
	return " [\n" + strings.Join(lines, ",\n") + "\n" + indent + "]"
}

// fieldOptions returns the options of a field that are kept. Registries put
// the default and the name in JSON last.
func (w *writer) fieldOptions(f protoreflect.FieldDescriptor) []option {
	o, _ := f.Options().(*descriptorpb.FieldOptions)
	options := w.features(f)
	if packable(f) && w.doc.edition == "" && (o != nil && o.Packed != nil || f.IsPacked() != (w.doc.syntax == proto3)) {
		options = append(options, option{"packed", fmt.Sprint(f.IsPacked())})
	}
	if w.doc.originals {
		options = append(options, originalFieldOptions(o)...)
	}
	if o.GetDeprecated() {
		options = append(options, deprecated())
	}
	if f.HasDefault() && w.doc.syntax != proto3 {
		options = append(options, option{"default", defaultValue(f)})
	}
	if !f.IsExtension() && f.JSONName() != jsonName(string(f.Name())) {
		options = append(options, option{"json_name", quote(f.JSONName())})
	}
	return options
}

// packable reports whether packed has a meaning for the field.
func packable(f protoreflect.FieldDescriptor) bool {
	if !f.IsList() {
		return false
	}
	switch f.Kind() {
	case protoreflect.StringKind, protoreflect.BytesKind, protoreflect.MessageKind, protoreflect.GroupKind:
		return false
	default:
		return true
	}
}

// jsonName returns the name in JSON of a field that does not say.
func jsonName(name string) string {
	var out strings.Builder
	upper := false
	for _, c := range []byte(name) {
		switch {
		case c == '_':
			upper = true
			continue
		case upper && 'a' <= c && c <= 'z':
			c -= 'a' - 'A'
		}
		upper = false
		out.WriteByte(c)
	}
	return out.String()
}
