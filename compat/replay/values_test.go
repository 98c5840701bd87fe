package replay_test

import (
	"math"
	"math/rand/v2"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// values makes random messages as code of a schema could have stored them.
type values struct {
	*rand.Rand
	density int // how many of a hundred fields are set
	zeros   int // how many of a hundred values are the zero of their type
}

const deepest = 5

func (v *values) message(d protoreflect.MessageDescriptor) *dynamicpb.Message {
	m := dynamicpb.NewMessage(d)
	v.fill(m, 0)
	return m
}

func (v *values) fill(m protoreflect.Message, depth int) {
	if v.wellKnown(m) {
		return
	}
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		required := f.Cardinality() == protoreflect.Required
		if !required && (v.IntN(100) >= v.density || f.Message() != nil && !f.IsMap() && depth >= deepest) {
			continue
		}
		v.set(m, f, depth)
	}
}

// only sets one field, and those that are required.
func (v *values) only(d protoreflect.MessageDescriptor, i int) *dynamicpb.Message {
	density := v.density
	v.density = 0
	m := v.message(d)
	v.density = density
	if d.Fields().Len() > 0 {
		v.set(m, d.Fields().Get(i%d.Fields().Len()), 0)
	}
	return m
}

func (v *values) set(m protoreflect.Message, f protoreflect.FieldDescriptor, depth int) {
	switch {
	case f.IsMap():
		entries := m.Mutable(f).Map()
		if f.MapValue().Message() != nil && depth >= deepest {
			return
		}
		for range 1 + v.IntN(3) {
			entries.Set(v.scalar(f.MapKey()).MapKey(), v.value(f.MapValue(), entries.NewValue, depth))
		}
	case f.IsList():
		elements := m.Mutable(f).List()
		for range 1 + v.IntN(3) {
			elements.Append(v.value(f, elements.NewElement, depth))
		}
	default:
		m.Set(f, v.value(f, func() protoreflect.Value { return m.NewField(f) }, depth))
	}
}

func (v *values) value(f protoreflect.FieldDescriptor, empty func() protoreflect.Value, depth int) protoreflect.Value {
	if f.Message() == nil {
		return v.scalar(f)
	}
	value := empty()
	v.fill(value.Message(), depth+1)
	return value
}

var (
	numbers = []int64{
		1, -1, 2, 7, 127, 128, 300, math.MaxInt32, math.MinInt32, math.MaxInt32 + 1, math.MinInt32 - 1,
		math.MaxUint32, math.MaxUint32 + 1, math.MaxInt64, math.MinInt64,
	}
	floats = []float64{1, -1, 0.5, math.Inf(1), math.Inf(-1), math.NaN(), math.MaxFloat32, math.SmallestNonzeroFloat32, math.Copysign(0, -1), 1e300}
	texts  = []string{"a", "x", "yes", "5", "true", "äöü", "naïve €", "\x00", "aGVsbG8=", "null", `"`}
	blobs  = []string{"a", "x", "yes", "\xff\xfe", "\x80", "\x08\x01", "\x0a\x03abc", "aGVsbG8="}
)

func (v *values) scalar(f protoreflect.FieldDescriptor) protoreflect.Value {
	zero := v.IntN(100) < v.zeros
	n := pick(v.Rand, numbers)
	x := pick(v.Rand, floats)
	if zero {
		n, x = 0, 0
	}
	switch f.Kind() {
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(!zero)
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(v.number(f.Enum()))
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return protoreflect.ValueOfInt32(int32(n))
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return protoreflect.ValueOfInt64(n)
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return protoreflect.ValueOfUint32(uint32(n))
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return protoreflect.ValueOfUint64(uint64(n))
	case protoreflect.FloatKind:
		return protoreflect.ValueOfFloat32(float32(x))
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(x)
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(v.text(f, zero))
	}
	if zero {
		return protoreflect.ValueOfBytes(nil)
	}
	return protoreflect.ValueOfBytes([]byte(pick(v.Rand, blobs)))
}

// text returns what code can store in a string: in proto2 any bytes.
func (v *values) text(f protoreflect.FieldDescriptor, zero bool) string {
	switch {
	case zero:
		return ""
	case f.ParentFile().Syntax() == protoreflect.Proto2 && v.IntN(4) == 0 && !strings.HasPrefix(string(f.FullName()), "google."):
		return pick(v.Rand, blobs)
	}
	return pick(v.Rand, texts)
}

// number returns one that code can store for an enum: in an open one any.
func (v *values) number(e protoreflect.EnumDescriptor) protoreflect.EnumNumber {
	if !e.IsClosed() && v.IntN(8) == 0 && e.FullName() != "google.protobuf.NullValue" {
		return protoreflect.EnumNumber(pick(v.Rand, []int32{-5, 77, 1000, math.MaxInt32}))
	}
	return e.Values().Get(v.IntN(e.Values().Len())).Number()
}

// wellKnown fills messages that have to follow rules of their own.
func (v *values) wellKnown(m protoreflect.Message) bool {
	fields := m.Descriptor().Fields()
	set := func(name protoreflect.Name, value protoreflect.Value) { m.Set(fields.ByName(name), value) }
	switch m.Descriptor().FullName() {
	case "google.protobuf.Timestamp", "google.protobuf.Duration":
		set("seconds", protoreflect.ValueOfInt64(int64(v.IntN(2_000_000_000))))
		set("nanos", protoreflect.ValueOfInt32(int32(v.IntN(1000)*1_000_000)))
	case "google.protobuf.FieldMask":
		m.Mutable(fields.ByName("paths")).List().Append(protoreflect.ValueOfString("some.path"))
	case "google.protobuf.Value":
		if v.IntN(2) == 0 {
			set("number_value", protoreflect.ValueOfFloat64(float64(v.IntN(9))))
			return true
		}
		set("string_value", protoreflect.ValueOfString(pick(v.Rand, texts)))
	case "google.protobuf.ListValue":
		list := m.Mutable(fields.ByName("values")).List()
		element := list.NewElement()
		v.wellKnown(element.Message())
		list.Append(element)
	case "google.protobuf.Struct":
		entries := m.Mutable(fields.ByName("fields")).Map()
		entry := entries.NewValue()
		v.wellKnown(entry.Message())
		entries.Set(protoreflect.ValueOfString("k").MapKey(), entry)
	case "google.protobuf.Any":
		set("type_url", protoreflect.ValueOfString("type.googleapis.com/google.protobuf.Duration"))
		set("value", protoreflect.ValueOfBytes([]byte{8, 7}))
	default:
		return false
	}
	return true
}
