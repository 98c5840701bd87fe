package schema

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// defaultValue writes the default of a field.
func defaultValue(f protoreflect.FieldDescriptor) string {
	v := f.Default()
	switch f.Kind() {
	case protoreflect.EnumKind:
		return string(f.DefaultEnumValue().Name())
	case protoreflect.StringKind:
		return quote(v.String())
	case protoreflect.BytesKind:
		return quoteBytes(v.Bytes())
	case protoreflect.FloatKind:
		return float(v.Float(), 32)
	case protoreflect.DoubleKind:
		return float(v.Float(), 64)
	default:
		return v.String()
	}
}

// float writes a number in the fewest digits that give it back. There is no
// plus sign in it, which not every parser takes.
func float(v float64, bits int) string {
	switch {
	case math.IsInf(v, 1):
		return "inf"
	case math.IsInf(v, -1):
		return "-inf"
	case math.IsNaN(v):
		return "nan"
	}
	return strings.Replace(strconv.FormatFloat(v, 'g', -1, bits), "e+", "e", 1)
}

// escapes are the characters that do not stand for themselves in a string.
func escapes(c rune) (string, bool) {
	switch c {
	case 0:
		return `\000`, true
	case '\a':
		return `\a`, true
	case '\b':
		return `\b`, true
	case '\f':
		return `\f`, true
	case '\n':
		return `\n`, true
	case '\r':
		return `\r`, true
	case '\t':
		return `\t`, true
	case '\v':
		return `\v`, true
	case '\\', '"', '\'':
		return `\` + string(c), true
	}
	return "", false
}

// quote writes a string. What has no escape of one letter stands for itself, as
// in the text that registries make; only a zero byte may not.
func quote(s string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, c := range s {
		if escape, ok := escapes(c); ok {
			out.WriteString(escape)
		} else {
			out.WriteRune(c)
		}
	}
	out.WriteByte('"')
	return out.String()
}

// quoteBytes writes bytes. Those beyond ASCII are numbers. Registries store the
// default of bytes without its quotes, which nothing else reads, so here the
// text differs from what is stored.
func quoteBytes(data []byte) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, c := range data {
		if escape, ok := escapes(rune(c)); ok {
			out.WriteString(escape)
		} else if c > unicode.MaxASCII {
			fmt.Fprintf(&out, `\%03o`, c)
		} else {
			out.WriteByte(c)
		}
	}
	out.WriteByte('"')
	return out.String()
}

// optionValue writes the value of an option of descriptor.proto.
func optionValue(f protoreflect.FieldDescriptor, v protoreflect.Value) string {
	switch f.Kind() {
	case protoreflect.StringKind:
		return quote(v.String())
	case protoreflect.EnumKind:
		if value := f.Enum().Values().ByNumber(v.Enum()); value != nil {
			return string(value.Name())
		}
		return strconv.Itoa(int(v.Enum()))
	default:
		return v.String()
	}
}
