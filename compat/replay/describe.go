package replay

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// Describe returns how a declaration is written, without what does not matter
// to stored values.
func Describe(d protoreflect.Descriptor) string {
	switch d := d.(type) {
	case protoreflect.FieldDescriptor:
		return describeField(d)
	case protoreflect.EnumValueDescriptor:
		return fmt.Sprintf("%s = %d", d.Name(), d.Number())
	case protoreflect.EnumDescriptor:
		return "enum " + string(d.Name())
	}
	return "message " + string(d.Name())
}

func describeField(f protoreflect.FieldDescriptor) string {
	var options []string
	if f.HasDefault() {
		options = append(options, "default = "+writtenDefault(f))
	}
	if f.HasJSONName() && !f.IsExtension() && f.JSONName() != defaultJSONName(f.Name()) {
		options = append(options, fmt.Sprintf("json_name = %q", f.JSONName()))
	}
	text := fmt.Sprintf("%s%s %s = %d", label(f), typeOf(f), f.Name(), f.Number())
	if len(options) > 0 {
		text += " [" + strings.Join(options, ", ") + "]"
	}
	if o := choiceOf(f); o != nil {
		text = fmt.Sprintf("oneof %s { %s }", o.Name(), text)
	}
	return text
}

func writtenDefault(f protoreflect.FieldDescriptor) string {
	switch f.Kind() {
	case protoreflect.EnumKind:
		if v := f.DefaultEnumValue(); v != nil {
			return string(v.Name())
		}
	case protoreflect.BoolKind:
		return fmt.Sprint(f.Default().Bool())
	case protoreflect.FloatKind, protoreflect.DoubleKind:
		return strings.ToLower(strings.TrimPrefix(defaultOf(f), "+")) // inf and nan
	default:
	}
	return defaultOf(f)
}

// defaultJSONName is the JSON name of a field that does not say another.
func defaultJSONName(name protoreflect.Name) string {
	var b strings.Builder
	upper := false
	for _, r := range []byte(name) {
		switch {
		case r == '_':
			upper = true
			continue
		case upper && 'a' <= r && r <= 'z':
			r -= 'a' - 'A'
		}
		upper = false
		b.WriteByte(r)
	}
	return b.String()
}

func label(f protoreflect.FieldDescriptor) string {
	switch {
	case f.IsMap():
		return ""
	case f.IsList():
		return "repeated "
	case f.Cardinality() == protoreflect.Required:
		return "required "
	case f.HasOptionalKeyword():
		return "optional "
	}
	return ""
}

// typeOf returns the type of a field as it is written, named types by their
// last name.
func typeOf(f protoreflect.FieldDescriptor) string {
	if f.IsMap() {
		return fmt.Sprintf("map<%s, %s>", typeOf(f.MapKey()), typeOf(f.MapValue()))
	}
	name := f.Kind().String()
	switch {
	case f.Kind() == protoreflect.GroupKind:
		return "group " + string(f.Message().Name())
	case f.Message() != nil || f.Enum() != nil:
		return string(typeName(f).Name())
	}
	return name
}

func typeName(f protoreflect.FieldDescriptor) protoreflect.FullName {
	if f.Message() != nil {
		return f.Message().FullName()
	}
	return f.Enum().FullName()
}
