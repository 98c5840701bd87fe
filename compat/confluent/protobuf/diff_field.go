package protobuf

// scalar says how a scalar type is encoded. Types of one group may replace
// each other.
type scalar int8

const (
	notScalar scalar = iota
	general          // varints; also every enum
	signed
	stringOrBytes
	fixed32
	fixed64
	float
	double
)

// scalarGroup returns the group of a type's name.
func scalarGroup(typ string) scalar {
	switch typ {
	case "int32", "int64", "uint32", "uint64", "bool":
		return general
	case "sint32", "sint64":
		return signed
	case "string", "bytes":
		return stringOrBytes
	case "fixed32", "sfixed32":
		return fixed32
	case "fixed64", "sfixed64":
		return fixed64
	case "float":
		return float
	case "double":
		return double
	default:
		return notScalar
	}
}

// typeUse is a type where it is used: a scalar or an enum, a map, or a
// message, which may be one that does not exist.
type typeUse struct {
	name       string // as written
	scalar     scalar
	isMap      bool
	key, value string
	info       *typeInfo // of a message; nil if it does not exist
}

// use finds out what a type's name means. The name of an entry message means
// the map. A name that means nothing is taken for a message.
func (s side) use(name string) typeUse {
	u := typeUse{name: name, scalar: scalarGroup(name)}
	if u.scalar != notScalar {
		return u
	}
	if u.key, u.value, u.isMap = mapTypes(name); u.isMap {
		return u
	}
	u.info = s.schema.resolve(s.scope, name)
	switch {
	case u.info == nil:
	case u.info.message == nil:
		u.scalar, u.info = general, nil
	case u.info.message.isMapEntry():
		u.key, u.value, u.isMap = entryTypes(u.info.message)
	}
	return u
}

// entryTypes returns key and value of an entry message.
func entryTypes(m *message) (key, value string, ok bool) {
	for i := range m.fields {
		switch m.fields[i].tag {
		case 1:
			key = m.fields[i].typ
		case 2:
			value = m.fields[i].typ
		}
	}
	return key, value, key != "" && value != ""
}

// field compares two fields with the same number.
func (c *comparison) field(original, update *field) {
	if original.name != update.name {
		c.add(FieldNameChanged)
	}
	c.types(original.typ, update.typ, original.label, update.label)
}

// types compares two types, with the labels of their fields.
func (c *comparison) types(original, update string, oldLabel, newLabel label) {
	if original == update && scalarGroup(original) != notScalar && oldLabel == newLabel {
		return // most fields
	}
	before, after := c.old.use(original), c.new.use(update)
	switch {
	case before.isMap != after.isMap || (before.scalar == notScalar) != (after.scalar == notScalar):
		c.add(FieldKindChanged)
	case before.isMap:
		c.types(before.key, after.key, noLabel, noLabel)
		c.types(before.value, after.value, noLabel, noLabel)
	case before.scalar != after.scalar:
		c.add(FieldScalarKindChanged)
	case before.scalar == notScalar:
		c.messageTypes(before, after)
	case oldLabel != noLabel && newLabel != noLabel && oldLabel != newLabel:
		if before.scalar == stringOrBytes {
			c.add(FieldStringOrBytesLabelChanged)
		} else {
			c.add(FieldNumericLabelChanged)
		}
	}
}

// messageTypes compares two types that are messages. Only the name without the
// package has to stay, so that an import may have another package.
func (c *comparison) messageTypes(original, update typeUse) {
	before, after := original.info, update.info
	switch {
	case before == nil || after == nil:
		if original.name != update.name {
			c.add(FieldNamedTypeChanged)
		}
	case !sameLocal(before, after):
		c.add(FieldNamedTypeChanged)
	case before.origin.known && before.origin == after.origin:
		// the same text, or compared where it is declared
	case !c.referenced(before, after):
		c.add(FieldNamedTypeChanged)
	}
}
