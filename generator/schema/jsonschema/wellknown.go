package jsonschema

import "google.golang.org/protobuf/reflect/protoreflect"

// The texts of well-known types. As with the patterns of scalars, a registry
// refuses every change of one.
const (
	timestampText = `^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]` +
		`(\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$`
	durationText  = `^[+-]?((0|[1-9][0-9]{0,11})(\.[0-9]{0,9})?|\.[0-9]{0,9})s$`
	fieldMaskText = `^([A-Za-z][A-Za-z0-9]*([.,][A-Za-z][A-Za-z0-9]*)*)?$`
)

// wellKnown returns the schema of a message to which protojson gives a form of
// its own, and nil for all others. google.protobuf.Empty is such another: a
// message without fields.
func wellKnown(md protoreflect.MessageDescriptor) *schema {
	switch md.FullName() {
	case "google.protobuf.Timestamp":
		return &schema{Type: types{typeString}, Pattern: timestampText, Format: "date-time"}
	case "google.protobuf.Duration":
		return &schema{Type: types{typeString}, Pattern: durationText}
	case "google.protobuf.FieldMask":
		return &schema{Type: types{typeString}, Pattern: fieldMaskText}
	case "google.protobuf.Struct":
		return &schema{Type: types{typeObject}}
	case "google.protobuf.ListValue":
		return &schema{Type: types{typeArray}}
	case "google.protobuf.Value":
		return &schema{}
	case "google.protobuf.Any":
		return anyMessage()
	default:
		return wrapper(md.FullName())
	}
}

// anyMessage returns the schema of google.protobuf.Any: an object that names
// its type, or an empty one. What else is in it depends on that type.
func anyMessage() *schema {
	named := &schema{Type: types{typeObject}, Required: []string{"@type"}, Properties: &members{}}
	named.Properties.add("@type", &schema{Type: types{typeString}, MinLength: "1"})
	return &schema{AnyOf: []*schema{{Type: types{typeObject}, MaxProperties: "0"}, named}}
}

// wrapper returns the schema of a message that wraps a scalar, which is that
// of the scalar.
func wrapper(name protoreflect.FullName) *schema {
	switch name {
	case "google.protobuf.BoolValue":
		return scalar(protoreflect.BoolKind)
	case "google.protobuf.Int32Value":
		return scalar(protoreflect.Int32Kind)
	case "google.protobuf.Int64Value":
		return scalar(protoreflect.Int64Kind)
	case "google.protobuf.UInt32Value":
		return scalar(protoreflect.Uint32Kind)
	case "google.protobuf.UInt64Value":
		return scalar(protoreflect.Uint64Kind)
	case "google.protobuf.FloatValue":
		return scalar(protoreflect.FloatKind)
	case "google.protobuf.DoubleValue":
		return scalar(protoreflect.DoubleKind)
	case "google.protobuf.StringValue":
		return scalar(protoreflect.StringKind)
	case "google.protobuf.BytesValue":
		return scalar(protoreflect.BytesKind)
	default:
		return nil
	}
}
