package estest

import "google.golang.org/protobuf/reflect/protoreflect"

// poison overwrites everything that a message holds, in place, so that whoever
// kept a part of it sees that part change: a nested message, a list, a map or
// the contents of a bytes field.
func poison(m protoreflect.Message) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		switch fd := fields.Get(i); {
		case !m.Has(fd):
			// What is empty can be kept too, as a part of a nested message.
			if scalar(fd) && fd.ContainingOneof() == nil {
				m.Set(fd, overwritten(fd, fd.Default()))
			}
		case fd.IsMap():
			poisonMap(fd.MapValue(), m.Get(fd).Map())
		case fd.IsList():
			poisonList(fd, m.Get(fd).List())
		default:
			m.Set(fd, overwritten(fd, m.Get(fd)))
		}
	}
}

func poisonMap(fd protoreflect.FieldDescriptor, m protoreflect.Map) {
	m.Range(func(key protoreflect.MapKey, v protoreflect.Value) bool {
		m.Set(key, overwritten(fd, v))
		return true
	})
}

func poisonList(fd protoreflect.FieldDescriptor, l protoreflect.List) {
	for i := range l.Len() {
		l.Set(i, overwritten(fd, l.Get(i)))
	}
}

func scalar(fd protoreflect.FieldDescriptor) bool {
	return !fd.IsMap() && !fd.IsList() && fd.Message() == nil
}

// overwritten returns another value. Messages and bytes are overwritten in
// place, and returned.
func overwritten(fd protoreflect.FieldDescriptor, v protoreflect.Value) protoreflect.Value {
	switch fd.Kind() {
	case protoreflect.MessageKind, protoreflect.GroupKind:
		poison(v.Message())
		return v
	case protoreflect.BytesKind:
		b := v.Bytes()
		for i := range b {
			b[i] ^= 0xff
		}
		return v
	case protoreflect.StringKind:
		return protoreflect.ValueOfString("overwritten: " + v.String())
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(!v.Bool())
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(v.Enum() + 1)
	case protoreflect.FloatKind:
		return protoreflect.ValueOfFloat32(float32(otherFloat(v.Float())))
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(otherFloat(v.Float()))
	default:
		return otherInteger(fd.Kind(), v)
	}
}

func otherInteger(kind protoreflect.Kind, v protoreflect.Value) protoreflect.Value {
	switch kind {
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return protoreflect.ValueOfInt32(^int32(v.Int())) //nolint:gosec // it is one
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return protoreflect.ValueOfUint32(^uint32(v.Uint())) //nolint:gosec // it is one
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return protoreflect.ValueOfUint64(^v.Uint())
	default:
		return protoreflect.ValueOfInt64(^v.Int())
	}
}

// otherFloat returns 1 for everything that adding 1 would not change.
func otherFloat(f float64) float64 {
	if f > -1e6 && f < 1e6 {
		return f + 1
	}
	return 1
}
