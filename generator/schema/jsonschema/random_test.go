package jsonschema_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
	"google.golang.org/protobuf/types/known/durationpb"
)

var (
	scalars = []string{
		"int32", "sint32", "sfixed32", "uint32", "fixed32", "int64", "sint64", "sfixed64", "uint64", "fixed64",
		"float", "double", "bool", "string", "bytes",
	}
	mapKeys = []string{
		"int32", "sint32", "sfixed32", "uint32", "fixed32", "int64", "sint64", "sfixed64", "uint64", "fixed64",
		"bool", "string",
	}
	special = []string{
		"Timestamp", "Duration", "FieldMask", "Struct", "Value", "ListValue", "NullValue", "Empty", "Any",
		"BoolValue", "Int32Value", "Int64Value", "UInt32Value", "UInt64Value", "FloatValue", "DoubleValue", "StringValue", "BytesValue",
	}
)

// randomSource writes a file of messages M0, M1, ... with fields of every
// kind. Required fields point to later messages only, so that all can be made.
func randomSource(r *rand.Rand) string {
	syntax := []string{"proto2", "proto3"}[r.IntN(2)]
	var b strings.Builder
	b.WriteString(header(syntax))
	count := 1 + r.IntN(4)
	for i := range count {
		fmt.Fprintf(&b, "message M%d {\n", i)
		number := 0
		for range r.IntN(7) {
			number++
			randomField(&b, r, syntax, i, count, number)
		}
		if r.IntN(3) > 0 {
			number += 10
			fmt.Fprintf(&b, "  oneof choice {\n    %s a_%d = %d;\n    %s a_%d = %d;\n    %s a_%d = %d;\n  }\n",
				randomType(r, 0, count), number, number, randomType(r, 0, count), number+1, number+1, randomType(r, 0, count), number+2, number+2)
		}
		b.WriteString("}\n")
	}
	b.WriteString("enum E {\n  option allow_alias = true;\n  E_ZERO = 0; E_ONE = 1; E_UNO = 1; E_LOW = -1;\n}\n")
	return b.String()
}

func randomField(b *strings.Builder, r *rand.Rand, syntax string, message, count, number int) {
	name := fmt.Sprintf("f_%d = %d", number, number)
	if r.IntN(8) == 0 {
		name += fmt.Sprintf(` [json_name = "%d über \"<%d>\""]`, number, number)
	}
	label := ""
	if syntax == "proto2" || r.IntN(3) == 0 {
		label = "optional "
	}
	switch r.IntN(6) {
	case 0:
		fmt.Fprintf(b, "  map<%s, %s> %s;\n", mapKeys[r.IntN(len(mapKeys))], randomType(r, 0, count), name)
	case 1:
		fmt.Fprintf(b, "  repeated %s %s;\n", randomType(r, 0, count), name)
	case 2:
		if syntax == "proto2" && r.IntN(2) == 0 {
			fmt.Fprintf(b, "  optional group G%d = %d { optional string x = 1; repeated group H%d = 2 { optional E e = 1; } }\n", number, number, number)
			return
		}
		if syntax == "proto2" {
			fmt.Fprintf(b, "  required %s %s;\n", randomType(r, message+1, count), name)
			return
		}
		fallthrough
	default:
		fmt.Fprintf(b, "  %s%s %s;\n", label, randomType(r, 0, count), name)
	}
}

// randomType names a type; of the messages only those from first on.
func randomType(r *rand.Rand, first, count int) string {
	switch n := r.IntN(8); {
	case n == 0:
		return "E"
	case n < 4:
		return "google.protobuf." + special[r.IntN(len(special))]
	case n == 4 && first < count:
		return fmt.Sprintf("M%d", first+r.IntN(count-first))
	default:
		return scalars[r.IntN(len(scalars))]
	}
}

// randomMessage fills a message; it stays below a depth of about four.
func randomMessage(t testing.TB, r *rand.Rand, md protoreflect.MessageDescriptor, depth int) protoreflect.Message {
	t.Helper()
	m := dynamicpb.NewMessage(md)
	if fillSpecial(t, r, m, depth) {
		return m
	}
	for i := range md.Fields().Len() {
		fd := md.Fields().Get(i)
		required := fd.Cardinality() == protoreflect.Required
		if !required && (r.IntN(5) == 0 || depth > 3) {
			continue
		}
		switch {
		case fd.IsMap():
			for range r.IntN(3) {
				key := randomScalar(r, fd.MapKey()).MapKey()
				m.Mutable(fd).Map().Set(key, randomValue(t, r, fd.MapValue(), depth))
			}
		case fd.IsList():
			for range r.IntN(3) {
				m.Mutable(fd).List().Append(randomValue(t, r, fd, depth))
			}
		default:
			m.Set(fd, randomValue(t, r, fd, depth))
		}
	}
	return m
}

func randomValue(t testing.TB, r *rand.Rand, fd protoreflect.FieldDescriptor, depth int) protoreflect.Value {
	t.Helper()
	if fd.Message() != nil {
		return protoreflect.ValueOfMessage(randomMessage(t, r, fd.Message(), depth+1))
	}
	return randomScalar(r, fd)
}

func randomScalar(r *rand.Rand, fd protoreflect.FieldDescriptor) protoreflect.Value {
	n := []uint64{0, 1, math.MaxInt32, math.MaxUint32, math.MaxInt64, math.MaxUint64, 1 << 63, 1 << 31, r.Uint64(), r.Uint64() >> 32}[r.IntN(10)]
	f := []float64{0, math.Copysign(0, -1), 1, -1.5, 1e21, 1e-7, math.MaxFloat32, math.NaN(), math.Inf(1), math.Inf(-1), r.NormFloat64()}[r.IntN(11)]
	text := []string{"", "a", "1", "NaN", "é\x00\"<", "\U0001F600", "2020-01-01T00:00:00Z"}[r.IntN(7)]
	switch fd.Kind() {
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(n&1 == 1)
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return protoreflect.ValueOfInt32(int32(n))
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return protoreflect.ValueOfUint32(uint32(n))
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return protoreflect.ValueOfInt64(int64(n))
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return protoreflect.ValueOfUint64(n)
	case protoreflect.FloatKind:
		return protoreflect.ValueOfFloat32(float32(f))
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(f)
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(text)
	case protoreflect.BytesKind:
		b := make([]byte, r.IntN(9))
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		return protoreflect.ValueOfBytes(b)
	default: // an enum: also with numbers that have no name
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber([]int32{0, 1, -1, 7, math.MinInt32}[r.IntN(5)]))
	}
}

// fillSpecial fills well-known types, which protojson refuses to write with
// arbitrary content.
func fillSpecial(t testing.TB, r *rand.Rand, m *dynamicpb.Message, depth int) bool {
	t.Helper()
	fields := m.Descriptor().Fields()
	set := func(name protoreflect.Name, v protoreflect.Value) { m.Set(fields.ByName(name), v) }
	switch m.Descriptor().FullName() {
	case "google.protobuf.Timestamp":
		set("seconds", protoreflect.ValueOfInt64([]int64{-62135596800, 0, 1600000000, 253402300799}[r.IntN(4)]))
		set("nanos", protoreflect.ValueOfInt32([]int32{0, 1, 1000, 120000000, 999999999}[r.IntN(5)]))
	case "google.protobuf.Duration":
		sign := int64(1 - 2*r.IntN(2))
		set("seconds", protoreflect.ValueOfInt64(sign*[]int64{0, 1, 315576000000}[r.IntN(3)]))
		set("nanos", protoreflect.ValueOfInt32(int32(sign)*[]int32{0, 1, 1000, 120000000, 999999999}[r.IntN(5)]))
	case "google.protobuf.FieldMask":
		for range r.IntN(3) {
			m.Mutable(fields.ByName("paths")).List().Append(protoreflect.ValueOfString([]string{"a", "foo_bar", "a.b_c.d1"}[r.IntN(3)]))
		}
	case "google.protobuf.Any":
		fillAny(t, r, m)
	case "google.protobuf.Value":
		names := []protoreflect.Name{"null_value", "number_value", "string_value", "bool_value", "struct_value", "list_value"}
		if depth > 4 {
			names = names[:4]
		}
		fd := fields.ByName(names[r.IntN(len(names))])
		v := randomValue(t, r, fd, depth)
		if fd.Name() == "number_value" {
			v = protoreflect.ValueOfFloat64(r.NormFloat64())
		}
		m.Set(fd, v)
	default:
		return false
	}
	return true
}

func fillAny(t testing.TB, r *rand.Rand, m *dynamicpb.Message) {
	t.Helper()
	if r.IntN(4) == 0 {
		return // an empty one
	}
	value, err := proto.Marshal(durationpb.New(5))
	if err != nil {
		t.Fatal(err)
	}
	fields := m.Descriptor().Fields()
	m.Set(fields.ByName("type_url"), protoreflect.ValueOfString("type.googleapis.com/google.protobuf.Duration"))
	m.Set(fields.ByName("value"), protoreflect.ValueOfBytes(value))
}
