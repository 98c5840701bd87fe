package protobuf

import "slices"

// Profile says which rules for oneofs a registry has.
type Profile int8

// The profiles. [V2] is the rules of 2026: 8.3.2, 8.2.4, 8.1.6, 8.0.8, 7.9.10,
// 7.8.11, 7.7.12, 7.6.14 and later of each line. [V1] is what was before.
const (
	V1 Profile = iota + 1
	V2
)

// Change is a kind of difference between two schemas.
type Change int8

// The kinds of differences, in the order of [Changes]. Their names are those
// of the registry without underscores.
const (
	PackageChanged Change = iota + 1
	MessageAdded
	MessageRemoved
	MessageMoved
	EnumAdded
	EnumRemoved
	EnumConstAdded
	EnumConstChanged
	EnumConstRemoved
	FieldAdded
	FieldRemoved
	FieldNameChanged
	FieldKindChanged
	FieldScalarKindChanged
	FieldNamedTypeChanged
	FieldNumericLabelChanged
	FieldStringOrBytesLabelChanged
	RequiredFieldAdded
	RequiredFieldRemoved
	OneofAdded
	OneofRemoved
	OneofFieldAdded
	OneofFieldRemoved
	OneofFieldMovedToTopLevel
	MultipleFieldsMovedToOneof
	FieldMovedToExistingOneof
)

// ChangeRule is a row of the table of differences.
type ChangeRule struct {
	Change     Change
	ID         string // the registry's name, e.g. "FIELD_ADDED"
	Compatible bool   // a schema with this difference may follow the original
	Meaning    string // one line
}

// changeRules is never written to.
var changeRules = [...]ChangeRule{
	{PackageChanged, "PACKAGE_CHANGED", false, "the file has another package, or one where it had none"},
	{MessageAdded, "MESSAGE_ADDED", true, "a message has a name that the scope did not have"},
	{MessageRemoved, "MESSAGE_REMOVED", false, "the scope has no message of that name any more, even if an import has one"},
	{MessageMoved, "MESSAGE_MOVED", true, "a message has another place among the messages of its scope"},
	{EnumAdded, "ENUM_ADDED", true, "an enum has a name that the scope did not have"},
	{EnumRemoved, "ENUM_REMOVED", true, "the scope has no enum of that name any more"},
	{EnumConstAdded, "ENUM_CONST_ADDED", true, "an enum has a number that it did not have"},
	{EnumConstChanged, "ENUM_CONST_CHANGED", true, "a number of an enum has another name"},
	{EnumConstRemoved, "ENUM_CONST_REMOVED", true, "an enum does not have the number any more"},
	{FieldAdded, "FIELD_ADDED", true, "a message has a field number that it did not have"},
	{FieldRemoved, "FIELD_REMOVED", true, "a message does not have the field number any more"},
	{FieldNameChanged, "FIELD_NAME_CHANGED", true, "a field number has another name"},
	{FieldKindChanged, "FIELD_KIND_CHANGED", false, "a field was a scalar or an enum, a message or a map, and is another of the three"},
	{FieldScalarKindChanged, "FIELD_SCALAR_KIND_CHANGED", false, "a field, or the key or value of a map, has a scalar type with another encoding"},
	{FieldNamedTypeChanged, "FIELD_NAMED_TYPE_CHANGED", false, "a field has a message type of another name, or one that changed incompatibly"},
	{FieldNumericLabelChanged, "FIELD_NUMERIC_LABEL_CHANGED", false, "a number, bool or enum has another label, and had and has one"},
	{FieldStringOrBytesLabelChanged, "FIELD_STRING_OR_BYTES_LABEL_CHANGED", true, "a string or bytes has another label, and had and has one"},
	{RequiredFieldAdded, "REQUIRED_FIELD_ADDED", false, "a message has a required field number that it did not have"},
	{RequiredFieldRemoved, "REQUIRED_FIELD_REMOVED", false, "a message does not have the required field number any more"},
	{OneofAdded, "ONEOF_ADDED", true, "a oneof has a name that the message did not have"},
	{OneofRemoved, "ONEOF_REMOVED", true, "the message has no oneof of that name any more"},
	{OneofFieldAdded, "ONEOF_FIELD_ADDED", true, "a oneof has a member with a number that is new"},
	{OneofFieldRemoved, "ONEOF_FIELD_REMOVED", false, "a number that was a member of a oneof is gone"},
	{OneofFieldMovedToTopLevel, "ONEOF_FIELD_MOVED_TO_TOP_LEVEL", true, "a member of a oneof is an ordinary field now"},
	{MultipleFieldsMovedToOneof, "MULTIPLE_FIELDS_MOVED_TO_ONEOF", false, "several ordinary fields are members of one oneof now"},
	{FieldMovedToExistingOneof, "FIELD_MOVED_TO_EXISTING_ONEOF", false, "a oneof has members that were apart from each other before"},
}

// Changes returns every kind of difference that the registry knows.
func Changes() []ChangeRule { return slices.Clone(changeRules[:]) }

// Compatible reports whether a schema with this difference may follow the
// original.
func (c Change) Compatible() bool { return changeRules[c-1].Compatible }

// String returns the registry's name, e.g. "FIELD_ADDED".
func (c Change) String() string { return changeRules[c-1].ID }

// Difference is one difference between two schemas.
type Difference struct {
	Type Change
	// Path is where it is, e.g. "#/Order/Line/2" for number 2 of message
	// Order.Line.
	Path string
}
