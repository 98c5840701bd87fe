package replay

import (
	"fmt"
	"math"
	"strconv"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// value compares the types of two single values: those of the fields f and g,
// or of the keys or values of maps. It reports whether one can be read as the
// other at all, so that it makes sense to look further.
func (c *comparer) value(f, v, g, w protoreflect.FieldDescriptor) bool {
	from, to := v.Kind(), w.Kind()
	switch {
	case from == to && v.Message() != nil:
		return c.known(f, v, g, w)
	case from == to && v.Enum() != nil:
		return c.knownEnum(f, v, g, w)
	case from == to:
		return true
	case widens(from, to):
		if c.json && jsonForm(from) != jsonForm(to) {
			c.report(Change{
				Rule: ruleJSONForm,
				Message: fmt.Sprintf("%s was %s and is %s: stored JSON holds %s, and %s is read",
					subject(f, v), from, to, jsonForm(from), jsonForm(to)),
				Help:     "keep the type, and add a field with a new number beside it",
				Registry: registryOfKinds(from, to, g),
			}, f, g, nil)
		}
		return true
	}
	c.report(Change{
		Rule:     ruleFieldType,
		Message:  fmt.Sprintf("%s was %s and is %s: %s", subject(f, v), typeOf(v), typeOf(w), consequence(from, to)),
		Help:     "keep the type, and add a field with a new number beside it",
		Registry: registryOfKinds(from, to, g),
	}, f, g, nil)
	return false
}

// subject names what v is: the field f itself, or a part of its map.
func subject(f, v protoreflect.FieldDescriptor) string {
	switch {
	case f == v:
		return fmt.Sprintf("field %q", f.Name())
	case v.Number() == 1:
		return fmt.Sprintf("the key of map %q", f.Name())
	}
	return fmt.Sprintf("the value of map %q", f.Name())
}

// text reports a field whose text is checked now, and was not before.
func (c *comparer) text(f, g protoreflect.FieldDescriptor) {
	holds := isText(f) && isText(g)
	if f.IsMap() {
		holds = isText(f.MapKey()) && isText(g.MapKey()) || isText(f.MapValue()) && isText(g.MapValue())
	}
	if !holds || checksText(f) || !checksText(g) {
		return
	}
	c.report(Change{
		Rule:     ruleText,
		Message:  fmt.Sprintf("field %q is checked to be UTF-8 now, which stored values of it never were", f.Name()),
		Help:     "keep the file in proto2, or make the field bytes",
		Registry: registryIgnores("whether text is checked"),
	}, f, g, nil)
}

func isText(f protoreflect.FieldDescriptor) bool { return f.Kind() == protoreflect.StringKind }

// widens reports whether every value of one kind, as it is encoded, reads as
// the same value of another kind. A truth value is the number 0 or 1, and a
// text the bytes of its UTF-8 form.
func widens(from, to protoreflect.Kind) bool {
	switch from {
	case protoreflect.BoolKind:
		return isPlainInteger(to)
	case protoreflect.Int32Kind:
		return to == protoreflect.Int64Kind
	case protoreflect.Uint32Kind:
		return to == protoreflect.Int64Kind || to == protoreflect.Uint64Kind
	case protoreflect.Sint32Kind:
		return to == protoreflect.Sint64Kind
	case protoreflect.StringKind:
		return to == protoreflect.BytesKind
	default:
		return false
	}
}

// isPlainInteger reports whether numbers of a kind are encoded as varints
// without zigzag.
func isPlainInteger(k protoreflect.Kind) bool {
	switch k {
	case protoreflect.Int32Kind, protoreflect.Int64Kind, protoreflect.Uint32Kind, protoreflect.Uint64Kind:
		return true
	default:
		return false
	}
}

// wire is how a kind is encoded, as far as a decoder sees it.
type wire int8

const (
	varint wire = iota + 1
	zigzag      // a varint to the decoder, but not to the reader
	fixed32
	fixed64
	delimited
	group
)

func wireOf(k protoreflect.Kind) wire {
	switch k {
	case protoreflect.Sint32Kind, protoreflect.Sint64Kind:
		return zigzag
	case protoreflect.Fixed32Kind, protoreflect.Sfixed32Kind, protoreflect.FloatKind:
		return fixed32
	case protoreflect.Fixed64Kind, protoreflect.Sfixed64Kind, protoreflect.DoubleKind:
		return fixed64
	case protoreflect.StringKind, protoreflect.BytesKind, protoreflect.MessageKind:
		return delimited
	case protoreflect.GroupKind:
		return group
	default:
		return varint
	}
}

// consequence says what becomes of a value of one kind that is read as
// another, which is not safe.
func consequence(from, to protoreflect.Kind) string {
	a, b := wireOf(from), wireOf(to)
	switch {
	case a == zigzag && b == varint || a == varint && b == zigzag:
		return "the two count negative numbers differently, so a value reads as another number"
	case a != b:
		return "the two are encoded differently, so stored values are not read any more"
	case from == protoreflect.EnumKind:
		return "the number is kept, but not the name that says what it means"
	case to == protoreflect.EnumKind:
		return "not every stored number has a name"
	case to == protoreflect.BoolKind:
		return "every number but 0 reads as true"
	case a == delimited && from == protoreflect.BytesKind && to == protoreflect.StringKind:
		return "bytes that are not UTF-8 cannot be read"
	case a == delimited:
		return "the content of one cannot be used as that of the other"
	case from == protoreflect.FloatKind || to == protoreflect.FloatKind || from == protoreflect.DoubleKind || to == protoreflect.DoubleKind:
		return "the same bytes are another number"
	case is64(from) && !is64(to):
		return "numbers that need more than 32 bits are cut off"
	}
	return "the two have a different range, so some numbers read as others"
}

func is64(k protoreflect.Kind) bool {
	switch k {
	case protoreflect.Int64Kind, protoreflect.Uint64Kind, protoreflect.Sint64Kind:
		return true
	default:
		return false
	}
}

// defaultValue returns the number of an enum that a field reads as where it was
// not set: its default, else the first one declared.
func defaultValue(f protoreflect.FieldDescriptor) protoreflect.EnumNumber {
	if v := f.DefaultEnumValue(); v != nil {
		return v.Number()
	}
	if values := f.Enum().Values(); values.Len() > 0 {
		return values.Get(0).Number()
	}
	return 0
}

// defaultOf returns what a field reads as where it was not set, in a form that
// is the same for equal values of kinds that widen to each other. It is "" for
// messages.
func defaultOf(f protoreflect.FieldDescriptor) string {
	if f.Message() != nil {
		return ""
	}
	if f.Enum() != nil {
		return strconv.Itoa(int(defaultValue(f)))
	}
	d := f.Default()
	switch f.Kind() {
	case protoreflect.BoolKind:
		if d.Bool() {
			return "1"
		}
		return "0"
	case protoreflect.StringKind:
		return strconv.Quote(d.String())
	case protoreflect.BytesKind:
		return strconv.Quote(string(d.Bytes()))
	case protoreflect.FloatKind, protoreflect.DoubleKind:
		if n := d.Float(); n == 0 && math.Signbit(n) {
			return "-0"
		}
	default:
	}
	return fmt.Sprint(d.Interface())
}
