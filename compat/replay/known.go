package replay

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// known compares the message types of two fields by what is defined outside of
// the schema: the meaning and the JSON form of well-known types. It reports
// whether their fields can be compared.
func (c *comparer) known(f, v, g, w protoreflect.FieldDescriptor) bool {
	from, to := v.Message(), w.Message()
	if unresolved(from) || unresolved(to) {
		return c.unknownType(f, v, g, w)
	}
	was, is := wellKnownOf(from), wellKnownOf(to)
	switch {
	case was == is && (was == plain || was == wrapper || from.FullName() == to.FullName()):
		return true
	case was != plain && is != plain && (was == special || is == special):
		c.report(Change{
			Rule: ruleWellKnown,
			Message: fmt.Sprintf("%s was a %s and is a %s, which says something else with the same numbers",
				subject(f, v), from.FullName(), to.FullName()),
			Help: "keep the type, and add a field with a new number beside it",
		}, f, g, nil)
	case c.json:
		c.report(Change{
			Rule:    ruleJSONForm,
			Message: fmt.Sprintf("%s was a %s and is a %s, which is not the same in JSON", subject(f, v), from.FullName(), to.FullName()),
			Help:    "keep the type, and add a field with a new number beside it",
		}, f, g, nil)
	}
	return true
}

// wellKnown says what is defined about a message type outside of the schema.
type wellKnown int8

const (
	plain   wellKnown = iota // nothing
	wrapper                  // a scalar that may be absent
	special                  // what it means and how it looks in JSON
)

func wellKnownOf(m protoreflect.MessageDescriptor) wellKnown {
	name, ok := strings.CutPrefix(string(m.FullName()), "google.protobuf.")
	if !ok {
		return plain
	}
	switch name {
	case "BoolValue", "BytesValue", "DoubleValue", "FloatValue", "Int32Value", "Int64Value", "StringValue", "UInt32Value", "UInt64Value":
		return wrapper
	case "Any", "Duration", "FieldMask", "ListValue", "Struct", "Timestamp", "Value":
		return special
	}
	return plain
}

// nullValue is an enum with a JSON form of its own: null.
const nullValue = "google.protobuf.NullValue"

// knownEnum does for enums what known does for messages.
func (c *comparer) knownEnum(f, v, g, w protoreflect.FieldDescriptor) bool {
	from, to := v.Enum(), w.Enum()
	if unresolved(from) || unresolved(to) {
		return c.unknownType(f, v, g, w)
	}
	if c.json && (from.FullName() == nullValue) != (to.FullName() == nullValue) {
		c.report(Change{
			Rule:     ruleJSONForm,
			Message:  fmt.Sprintf("%s was a %s and is a %s, which is not the same in JSON", subject(f, v), from.FullName(), to.FullName()),
			Help:     "keep the type, and add a field with a new number beside it",
			Registry: registryOfKinds(v.Kind(), w.Kind(), g),
		}, f, g, nil)
	}
	return true
}

// unresolved reports whether a type is only known by name.
func unresolved(d protoreflect.Descriptor) bool { return d.IsPlaceholder() }

// unknownType reports a field whose type cannot be compared, unless both sides
// say that it is the same one. It returns false.
func (c *comparer) unknownType(f, v, g, w protoreflect.FieldDescriptor) bool {
	if typeName(v) == typeName(w) {
		return false
	}
	c.report(Change{
		Rule:    ruleFieldType,
		Message: fmt.Sprintf("%s was %s and is %s, and what they hold is not known", subject(f, v), typeOf(v), typeOf(w)),
		Help:    "hand in the files that declare both types",
	}, f, g, nil)
	return false
}
