package schema

import (
	"github.com/esgen-dev/esgen/diag"
)

// The rules of this package.
const (
	ruleSubjectTaken = "SUBJECT_TAKEN"
	ruleSyntax       = "SCHEMA_SYNTAX"
	ruleGroup        = "SCHEMA_GROUP"
	ruleOpen         = "SCHEMA_OPEN_TYPE"
	ruleJSON         = "SCHEMA_JSON"
)

// Rules returns all rules about schemas. SCHEMA_OPEN_TYPE can be switched off;
// the others are about text that no registry would take, or about two schemas
// in the place of one.
func Rules() []diag.Rule {
	return []diag.Rule{
		{
			ID: ruleSubjectTaken, Category: diag.Schema, Severity: diag.Error,
			Title: "two schemas would be registered under one subject",
			Explain: "A subject holds the versions of one schema. Two events under one subject would be compared with each other, " +
				"and the registry would refuse the second. With the naming topic every event of a topic has the same subject, " +
				"which is sound for an aggregate with one event, or where whole files are registered and one file holds all events.",
			Example: `registry: { subject: "accounts" }`,
		},
		{
			ID: ruleSyntax, Category: diag.Schema, Severity: diag.Error,
			Title: "types do not fit one syntax that a registry reads",
			Explain: "A registry reads proto2 and proto3, no editions. The text of an event has the syntax of its file; " +
				"for an edition it is proto3 if every feature permits it, else proto2. A type that fits neither, or that fits the syntax of the event not, " +
				"cannot be written without a change of what its bytes mean.",
			Example: `option features.field_presence = IMPLICIT; enum Open { option features.enum_type = CLOSED; ZERO = 0; }`,
		},
		{
			ID: ruleGroup, Category: diag.Schema, Severity: diag.Error,
			Title: "a group holds more than fields, or is used elsewhere",
			Explain: "The parser of the registry reads nothing but fields in a group, and does not know the group's message as a type. " +
				"A message beside it, as the type of an ordinary field, is what Protobuf has instead of groups.",
			Example: `optional group Part = 1 { enum Kind { NONE = 0; } optional Kind kind = 1; }`,
		},
		{
			ID: ruleOpen, Category: diag.Lint, Severity: diag.Warning,
			Title: "an event may hold anything, deep inside",
			Explain: "google.protobuf.Any and extensions are not part of the event's schema, so neither the registry nor the gate can say " +
				"whether old events stay readable. EVENT_OPEN_TYPE reports the same of the event's own fields.",
			Example: `message Detail { google.protobuf.Any more = 1; }`,
		},
		{
			ID: ruleJSON, Category: diag.Schema, Severity: diag.Error,
			Title: "an event has no JSON Schema",
			Explain: "The declaration asks for a JSON Schema of the event, but something that the event holds has no form in JSON. " +
				"Register the Protobuf schema alone, or change the type.",
			Example: `registry: { json: true }`,
		},
	}
}

// finding returns a finding of a rule of this package.
func finding(rule string) diag.Finding {
	for _, r := range Rules() {
		if r.ID == rule {
			return diag.Finding{Rule: rule, Severity: r.Severity}
		}
	}
	return diag.Finding{Rule: rule, Severity: diag.Error}
}
