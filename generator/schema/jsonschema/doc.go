// Package jsonschema makes the JSON Schema (draft-07) of a Protobuf message:
// of the JSON that protojson writes for it, and reads as it.
//
//	text, err := jsonschema.Emit(md, jsonschema.Options{})
//
// # Shape
//
// The message is the document; the messages and enums that it reaches are
// definitions, by full name. Every field accepts null, which is how protojson
// reads and writes "not set", unless proto2 requires it or it is a list of
// google.protobuf.Value or NullValue, for which protojson does not:
//
//	bool                     boolean
//	int32, uint32, ...       integer within 32 bits, or a string of one
//	int64, uint64, ...       the same without bounds; protojson writes a string
//	float, double            number, or a string of one, "NaN", "Infinity", "-Infinity"
//	string, bytes            string; base64 in either alphabet, padded or not
//	enum                     a name, or an integer: numbers without a name are written so
//	repeated, map            array, object with the names that the type of keys allows
//	Timestamp, Duration,     string
//	FieldMask
//	Struct, ListValue        any object, any array
//	Value                    anything
//	Any                      an object with @type, or an empty one
//	wrappers                 as what they wrap
//	Empty                    a message without fields
//
// # Growth
//
// The text is registered, and the registry compares it with the next one. It
// is made so that what is harmless in Protobuf and in protojson is compatible
// there. With closed objects, under BACKWARD: a field, a message or an enum
// value is added; a member is added to a oneof, a oneof to a message, a field
// moves into a new oneof; int32 becomes int64, uint32 int64, float double, a
// scalar gets presence or a wrapper; types are renamed or reordered. Nothing
// of validation rules, comments and options is in the text, and the patterns
// are constants that never change, because the registry refuses a changed one.
//
// An added enum value is never compatible under FORWARD: old readers do not
// know its name. A field that is removed, or renamed without a json_name, is
// refused with closed objects, and should be: protojson fails on it too.
//
// # What it does not say
//
// The schema accepts some texts that protojson refuses:
//
//   - two members of a oneof: whatever says it in draft-07 changes, when the
//     oneof grows or appears, in a way that the registry refuses
//   - a 64-bit integer, a float, a timestamp, a duration or the key of a map
//     that is out of range, and a number in a string that is out of range or,
//     with an exponent, has a fraction
//   - base64 of an impossible length or with wrong padding
//   - an Any whose type is not known or whose content is not of that type
//   - two spellings of one key of a map, such as "1" and "01"
//   - what no schema sees: members that occur twice, invalid UTF-8, half a
//     surrogate pair, nesting beyond protojson's limit
//   - with [Options.Open], members that are not known
//
// And it refuses some that Go's protojson accepts, which no producer writes:
//
//   - the original names of fields (order_id) where the JSON name differs
//     (orderId): with two names for a field, required could not be said,
//     and renaming a field that keeps its json_name would be refused
//   - line breaks in base64, spaces around a field mask
//   - timestamps that are not RFC 3339: an hour of one digit, a comma before
//     the fraction, an offset of a day or with 60 minutes
//
// Messages with extension ranges, message sets, fields with the same JSON name
// and types that are not linked are an [UnsupportedError].
package jsonschema
