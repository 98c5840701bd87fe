package replay

import "github.com/esgen-dev/esgen/diag"

// The rules of this package, by what they are about.
const (
	ruleFieldRemoved    = "REPLAY_FIELD_REMOVED"
	ruleFieldRenumbered = "REPLAY_FIELD_RENUMBERED"
	ruleFieldNameMoved  = "REPLAY_FIELD_NAME_MOVED"
	ruleNumberReused    = "REPLAY_NUMBER_REUSED"
	ruleReservedNumber  = "REPLAY_RESERVED_NUMBER"
	ruleReservedName    = "REPLAY_RESERVED_NAME"
	ruleExtensionRange  = "REPLAY_EXTENSION_RANGE"

	ruleFieldType     = "REPLAY_FIELD_TYPE"
	ruleText          = "REPLAY_FIELD_UTF8"
	ruleWellKnown     = "REPLAY_WELL_KNOWN_TYPE"
	ruleFieldShape    = "REPLAY_FIELD_CARDINALITY"
	rulePresence      = "REPLAY_FIELD_PRESENCE"
	ruleDefault       = "REPLAY_FIELD_DEFAULT"
	ruleRequiredAdded = "REPLAY_REQUIRED_ADDED"
	ruleOneof         = "REPLAY_ONEOF_MERGED"

	ruleEnumRemoved    = "REPLAY_ENUM_VALUE_REMOVED"
	ruleEnumRenumbered = "REPLAY_ENUM_VALUE_RENUMBERED"
	ruleEnumNameMoved  = "REPLAY_ENUM_NAME_MOVED"
	ruleEnumClosed     = "REPLAY_ENUM_CLOSED"

	ruleJSONName    = "REPLAY_JSON_NAME"
	ruleJSONForm    = "REPLAY_JSON_FORM"
	ruleEnumRenamed = "REPLAY_JSON_ENUM_NAME"
)

// Rules returns all rules about stored values, in the order in which a reader
// of a schema meets the things they are about.
func Rules() []diag.Rule {
	rules := fieldRules()
	rules = append(rules, typeRules()...)
	rules = append(rules, enumRules()...)
	return append(rules, jsonRules()...)
}

func rule(id, title, explain, example string) diag.Rule {
	return diag.Rule{ID: id, Category: diag.Compat, Severity: diag.Error, Title: title, Explain: explain, Example: example}
}

func fieldRules() []diag.Rule {
	return []diag.Rule{
		rule(ruleFieldRemoved, "a stored field is gone",
			"Events that were stored with the field still hold it, and new code skips it. Reserving the number keeps others from using it, "+
				"but brings no value back. Keep the field and mark it deprecated; it costs nothing where it is not set.",
			"message Opened { string owner = 1; int64 limit = 2; } // was\nmessage Opened { string owner = 1; reserved 2; }     // is"),
		rule(ruleFieldRenumbered, "a stored field has another number",
			"What is stored goes by the number. Under the new number nothing was ever stored, and what stands under the old one is skipped.",
			"message Opened { string owner = 1; } // was\nmessage Opened { string owner = 2; } // is"),
		rule(ruleFieldNameMoved, "the name of a stored field stands for another one",
			"A field may be renamed, because its number says which one it is. Where the old name turns up at another number, "+
				"code that reads it by name gets the value of something else. Two swapped names are the plainest case.",
			"message Moved { string from = 1; string to = 2; } // was\nmessage Moved { string to = 1; string from = 2; } // is"),
		rule(ruleNumberReused, "a number stands for another field",
			"A field that changed both its name and its type is most likely another field, which found a number that looked free. "+
				"What was stored for the old one then reads as the new one. Make the two changes one after the other if it is the same field.",
			"message Opened { int32 limit = 2; }       // was\nmessage Opened { int64 opened_by_id = 2; } // is"),
		rule(ruleReservedNumber, "a reserved number is used",
			"A number is reserved because something was stored under it, perhaps by a version that nobody has at hand any more. "+
				"New code would read that as the new field or enum value.",
			"message Opened { reserved 2; }     // was\nmessage Opened { int64 limit = 2; } // is"),
		rule(ruleReservedName, "a reserved name is used where names are stored",
			"In JSON a field or enum value is stored by name, and a reserved name says that something else was. Only checked where values are stored as JSON.",
			"message Opened { reserved \"limit\"; } // was\nmessage Opened { int64 limit = 3; }  // is"),
		rule(ruleExtensionRange, "stored extensions cannot be read",
			"Numbers that the original leaves to extensions may have been stored. They are lost if the range is gone, "+
				"and read as something else if a field takes one of its numbers.",
			"message Opened { extensions 100 to 199; }        // was\nmessage Opened { optional int64 limit = 100; } // is"),
	}
}

func typeRules() []diag.Rule {
	return []diag.Rule{
		rule(ruleFieldType, "a stored field has a type that cannot hold its values",
			"Types with the same encoding need not hold the same values: what does not fit is cut off, reads as another number, or cannot be decoded. "+
				"Safe are int32 to int64, uint32 to uint64 or int64, sint32 to sint64, bool to a plain integer, and string to bytes. "+
				"Everything else needs a new field.",
			"message Paid { int64 cents = 1; } // was\nmessage Paid { int32 cents = 1; } // is"),
		rule(ruleText, "stored text was never checked to be UTF-8",
			"Code of a proto2 file stores any bytes in a string, and code of a proto3 file fails to decode them. "+
				"One such value makes its whole event unreadable. Keep the file in proto2, or approve the change if all writers are known to check.",
			"syntax = \"proto2\"; message Opened { optional string owner = 1; } // was\nsyntax = \"proto3\"; message Opened { optional string owner = 1; } // is"),
		rule(ruleWellKnown, "a well-known type became another one",
			"A Timestamp and a Duration have the same fields, but one is a point in time and the other a length. "+
				"What such a type means is defined outside of the schema, so equal fields say nothing.",
			"message Opened { google.protobuf.Timestamp due = 1; } // was\nmessage Opened { google.protobuf.Duration due = 1; }  // is"),
		rule(ruleFieldShape, "a single value became a list or a map, or the reverse",
			"Read as a single value, a list keeps its last element only, and a map built from a list the last entry of each key. "+
				"Read as a list, a single value that equals its default is missing, and code cannot tell one value from a list of one.",
			"message Opened { repeated string owners = 1; } // was\nmessage Opened { string owners = 1; }          // is"),
		rule(rulePresence, "a field cannot tell zero from not set any more",
			"A field without presence is not stored when it is zero, so new code reads the stored zero and the missing value alike. "+
				"The other way round is safe: a zero that was not stored still reads as zero.",
			"message Opened { optional int64 limit = 1; } // was\nmessage Opened { int64 limit = 1; }          // is"),
		rule(ruleDefault, "a field that was not set reads as something else",
			"A default is not stored. Changing it changes every event in which the field was not set. "+
				"The first value of an enum is a default too, unless another is named.",
			"message Opened { optional int64 limit = 1 [default = 100]; } // was\nmessage Opened { optional int64 limit = 1 [default = 500]; } // is"),
		rule(ruleRequiredAdded, "a field is required that stored events may lack",
			"A message without a required field cannot be decoded at all.",
			"message Opened { optional string owner = 1; } // was\nmessage Opened { required string owner = 1; } // is"),
		rule(ruleOneof, "fields that could both be set share a oneof",
			"A oneof keeps the member that was decoded last and drops the others. One field alone may move into a new oneof, and members may leave one.",
			"message Paid { string card = 1; string iban = 2; }              // was\nmessage Paid { oneof by { string card = 1; string iban = 2; } } // is"),
	}
}

func enumRules() []diag.Rule {
	return []diag.Rule{
		rule(ruleEnumRemoved, "a stored enum value has no name any more",
			"The number of an enum value is stored, and the name says what it means. In an open enum new code gets a bare number, "+
				"in a closed one nothing at all. Keep the value and mark it deprecated.",
			"enum Status { STATUS_OPEN = 0; STATUS_FROZEN = 1; } // was\nenum Status { STATUS_OPEN = 0; reserved 1; }        // is"),
		rule(ruleEnumRenumbered, "a stored enum value has another number",
			"What is stored is the number, and the old one has no name any more.",
			"enum Status { STATUS_OPEN = 0; STATUS_FROZEN = 1; } // was\nenum Status { STATUS_OPEN = 0; STATUS_FROZEN = 2; } // is"),
		rule(ruleEnumNameMoved, "the name of an enum value stands for another number",
			"An enum value may be renamed, because its number says which one it is. Where the old name turns up at another number, "+
				"a stored value reads as something else.",
			"enum Status { STATUS_OPEN = 0; STATUS_FROZEN = 1; } // was\nenum Status { STATUS_FROZEN = 0; STATUS_OPEN = 1; } // is"),
		rule(ruleEnumClosed, "an open enum became a closed one",
			"Code of a proto3 enum stores any number, also those of values that it got from newer code. A closed enum, as in proto2, does not read numbers without a name.",
			"syntax = \"proto3\"; enum Status { STATUS_OPEN = 0; } // was\nsyntax = \"proto2\"; enum Status { STATUS_OPEN = 0; } // is"),
	}
}

func jsonRules() []diag.Rule {
	return []diag.Rule{
		rule(ruleJSONName, "the key of a field in stored JSON is not known",
			"In JSON a field goes by its JSON name. A reader accepts the JSON name and the name in the source of the new field, and fails on anything else. "+
				"After a rename json_name keeps the old key. Only checked where values are stored as JSON.",
			"message Opened { int64 limit = 1; }  // was\nmessage Opened { int64 credit = 1; } // is"),
		rule(ruleJSONForm, "a type has another form in stored JSON",
			"Some types that share an encoding are written differently in JSON: a truth value and a number, text and bytes, "+
				"a well-known type and a message of the same fields. Only checked where values are stored as JSON.",
			"message Opened { string token = 1; } // was\nmessage Opened { bytes token = 1; }  // is"),
		rule(ruleEnumRenamed, "an enum value has another name in stored JSON",
			"In JSON an enum value is stored by name, and a reader fails on a name that it does not know. "+
				"An alias keeps the old name readable. Only checked where values are stored as JSON.",
			"enum Status { STATUS_NEW = 0; }  // was\nenum Status { STATUS_OPEN = 0; } // is"),
	}
}
