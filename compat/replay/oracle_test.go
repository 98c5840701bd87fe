package replay_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// The oracle decides by values, not by schemas, and shares nothing with the
// package under test. It encodes a message of the original, decodes it as the
// update, and asks of each field what a reader obtains:
//
//   - Which field. Code that knows a field by the name N reads the field that
//     the update calls N; only if there is none, the one with the same number.
//     For a field that is in neither, a value that was set is lost.
//   - Errors and unknown fields. Both mean that something is lost.
//   - Presence. If both fields have it, it must be the same. If the original
//     has it and the update does not, then a value that was set to its default
//     is lost, because it reads as one that was not; required fields, which
//     are always set, aside.
//   - Value. What the getters return must be equal. Numbers are compared as
//     numbers, a truth value being 0 or 1, but floating point only with
//     floating point, and by bits; text and bytes as bytes. An enum equals an
//     enum only: the number must be the same and, if it had a name, have one;
//     and a name that it had may not belong to another number. A closed enum
//     has no numbers without a name: the language says so, although Go keeps
//     them. Lists are equal
//     element by element, maps key by key, messages field by field. A single
//     value, a list and a map are never equal. A well-known type is no other
//     well-known type, unless both are wrappers.
//   - New fields. What the original does not have must not be set.

// stored is a value that did not survive.
var errUnstorable = errors.New("the original cannot encode the message")

// replayBinary returns why a message is not the same when read as the update.
func replayBinary(m *dynamicpb.Message, update protoreflect.MessageDescriptor) error {
	data, err := proto.Marshal(m)
	if err != nil {
		return errUnstorable
	}
	read := dynamicpb.NewMessage(update)
	if err := proto.Unmarshal(data, read); err != nil {
		return fmt.Errorf("decode: %w", err)
	}
	return sameMessage(m, read)
}

// replayJSON does the same through protojson.
func replayJSON(m *dynamicpb.Message, update protoreflect.MessageDescriptor) error {
	data, err := protojson.Marshal(m)
	if err != nil || protojson.Unmarshal(data, dynamicpb.NewMessage(m.Descriptor())) != nil {
		return errUnstorable
	}
	read := dynamicpb.NewMessage(update)
	if err := protojson.Unmarshal(data, read); err != nil {
		return fmt.Errorf("decode: %w", err)
	}
	return sameMessage(m, read)
}

func sameMessage(m, read protoreflect.Message) error {
	if len(read.GetUnknown()) > 0 {
		return fmt.Errorf("%s: unknown fields", read.Descriptor().FullName())
	}
	was, is := m.Descriptor(), read.Descriptor()
	if isWellKnown(was) && isWellKnown(is) && was.FullName() != is.FullName() && (!isWrapper(was) || !isWrapper(is)) {
		return fmt.Errorf("%s became %s", was.FullName(), is.FullName())
	}
	for i := range was.Fields().Len() {
		f := was.Fields().Get(i)
		g := is.Fields().ByName(f.Name())
		if g == nil {
			g = is.Fields().ByNumber(f.Number())
		}
		if err := sameField(m, f, read, g); err != nil {
			return fmt.Errorf("%s: %w", f.FullName(), err)
		}
	}
	for i := range is.Fields().Len() {
		if g := is.Fields().Get(i); was.Fields().ByNumber(g.Number()) == nil && was.Fields().ByName(g.Name()) == nil && read.Has(g) {
			return fmt.Errorf("%s: set, from nowhere", g.FullName())
		}
	}
	return nil
}

func isWellKnown(m protoreflect.MessageDescriptor) bool {
	return strings.HasPrefix(string(m.FullName()), "google.protobuf.") && m.Name() != "Empty"
}

func isWrapper(m protoreflect.MessageDescriptor) bool {
	return strings.HasPrefix(string(m.FullName()), "google.protobuf.") && strings.HasSuffix(string(m.Name()), "Value") &&
		m.Name() != "Value" && m.Name() != "ListValue"
}

func sameField(m protoreflect.Message, f protoreflect.FieldDescriptor, read protoreflect.Message, g protoreflect.FieldDescriptor) error {
	if g == nil {
		if m.Has(f) {
			return errors.New("nobody reads it")
		}
		return nil
	}
	if f.IsList() != g.IsList() || f.IsMap() != g.IsMap() {
		return errors.New("one value, a list and a map are not the same")
	}
	x, y := m.Get(f), read.Get(g)
	switch {
	case f.IsList():
		return sameList(x.List(), f, y.List(), g)
	case f.IsMap():
		return sameMap(x.Map(), f, y.Map(), g)
	case f.HasPresence() && g.HasPresence() && m.Has(f) != read.Has(g):
		return fmt.Errorf("set: %t, read as set: %t", m.Has(f), read.Has(g))
	case f.Message() != nil && !m.Has(f):
		return nil
	case f.HasPresence() && !g.HasPresence() && m.Has(f) && f.Cardinality() != protoreflect.Required &&
		sameScalar(x, f, f.Default(), f) == nil:
		return errors.New("set to its default, read as not set")
	}
	return sameValue(x, f, y, g)
}

func sameList(x protoreflect.List, f protoreflect.FieldDescriptor, y protoreflect.List, g protoreflect.FieldDescriptor) error {
	if x.Len() != y.Len() {
		return fmt.Errorf("%d elements became %d", x.Len(), y.Len())
	}
	for i := range x.Len() {
		if err := sameValue(x.Get(i), f, y.Get(i), g); err != nil {
			return fmt.Errorf("element %d: %w", i, err)
		}
	}
	return nil
}

func sameMap(x protoreflect.Map, f protoreflect.FieldDescriptor, y protoreflect.Map, g protoreflect.FieldDescriptor) error {
	if x.Len() != y.Len() {
		return fmt.Errorf("%d entries became %d", x.Len(), y.Len())
	}
	var failure error
	x.Range(func(key protoreflect.MapKey, value protoreflect.Value) bool {
		failure = errors.New("an entry is missing")
		y.Range(func(other protoreflect.MapKey, otherValue protoreflect.Value) bool {
			if sameScalar(key.Value(), f.MapKey(), other.Value(), g.MapKey()) != nil {
				return true
			}
			failure = sameValue(value, f.MapValue(), otherValue, g.MapValue())
			return false
		})
		return failure == nil
	})
	return failure
}

func sameValue(x protoreflect.Value, f protoreflect.FieldDescriptor, y protoreflect.Value, g protoreflect.FieldDescriptor) error {
	switch {
	case (f.Message() == nil) != (g.Message() == nil):
		return errors.New("a message and a scalar are not the same")
	case f.Message() != nil:
		return sameMessage(x.Message(), y.Message())
	}
	return sameScalar(x, f, y, g)
}

func sameScalar(x protoreflect.Value, f protoreflect.FieldDescriptor, y protoreflect.Value, g protoreflect.FieldDescriptor) error {
	if f.Enum() != nil || g.Enum() != nil {
		if f.Enum() == nil || g.Enum() == nil {
			return errors.New("an enum and a number are not the same")
		}
		return sameEnum(x.Enum(), f.Enum(), y.Enum(), g.Enum())
	}
	equal := false
	switch a := plainOf(x).(type) {
	case *big.Int:
		b, ok := plainOf(y).(*big.Int)
		equal = ok && a.Cmp(b) == 0
	case float64:
		b, ok := plainOf(y).(float64)
		equal = ok && (math.Float64bits(a) == math.Float64bits(b) || a != a && b != b)
	case []byte:
		b, ok := plainOf(y).([]byte)
		equal = ok && bytes.Equal(a, b)
	}
	if !equal {
		return fmt.Errorf("%v became %v", x, y)
	}
	return nil
}

func plainOf(v protoreflect.Value) any {
	switch x := v.Interface().(type) {
	case bool:
		if x {
			return big.NewInt(1)
		}
		return big.NewInt(0)
	case int32:
		return big.NewInt(int64(x))
	case int64:
		return big.NewInt(x)
	case uint32:
		return big.NewInt(int64(x))
	case uint64:
		return new(big.Int).SetUint64(x)
	case float32:
		return float64(x)
	case string:
		return []byte(x)
	default:
		return x
	}
}

func sameEnum(n protoreflect.EnumNumber, was protoreflect.EnumDescriptor, read protoreflect.EnumNumber, is protoreflect.EnumDescriptor) error {
	if n != read {
		return fmt.Errorf("%d became %d", n, read)
	}
	named := false
	for i := range was.Values().Len() {
		v := was.Values().Get(i)
		if v.Number() != n {
			continue
		}
		named = true
		if w := is.Values().ByName(v.Name()); w != nil && w.Number() != n {
			return fmt.Errorf("%s is %d now", v.Name(), w.Number())
		}
	}
	if !named && is.IsClosed() && is.Values().ByNumber(n) == nil {
		return fmt.Errorf("%d is no value of a closed enum", n)
	}
	if named && is.Values().ByNumber(n) == nil {
		return fmt.Errorf("%d has lost its name", n)
	}
	return nil
}
