package compat

import (
	"slices"
	"strings"

	"github.com/esgen-dev/esgen/compat/confluent/jsonschema"
	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
	"github.com/esgen-dev/esgen/compat/replay"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/schema"
)

// confluentPrefix stands before the registry's name of a difference, in rules.
const confluentPrefix = "CONFLUENT_"

// The rules of this package.
const (
	ruleAggregateVanished = "AGGREGATE_VANISHED"
	ruleTopicChanged      = "TOPIC_CHANGED"
	rulePartitionsChanged = "PARTITIONS_CHANGED"
	ruleEventVanished     = "EVENT_VANISHED"
	ruleEventMoved        = "EVENT_MOVED"
	ruleStoredNameChanged = "EVENT_TYPE_CHANGED"
	ruleTypeChanged       = "SCHEMA_TYPE_CHANGED"
	ruleMessageVanished   = "MESSAGE_VANISHED"
	ruleInvalid           = "SCHEMA_INVALID"
	ruleInvalidStored     = "SCHEMA_STORED_INVALID"
	ruleApprovalUnused    = "APPROVAL_UNUSED"
	ruleApprovalExpired   = "APPROVAL_EXPIRED"
)

// Rules returns everything that the gate may find.
func Rules() []diag.Rule {
	return slices.Concat(breaks(), []diag.Rule{
		rule(ruleInvalid, "the registry would not take the schema",
			"esgen writes schemas that the registry can read. If it could not read one, that is a bug in esgen."),
		rule(ruleInvalidStored, "an accepted version cannot be read",
			"What was accepted is compared with what is declared. A version that does not compile cannot be: the file was edited, or it was fetched from a registry that holds something else."),
		warning(ruleApprovalUnused, "an approval covers nothing",
			"The break that it approved is not there any more, or looks different now. Approvals that stay behind would let the same break pass again."),
		warning(ruleApprovalExpired, "an approval has expired",
			"An approval holds up to the day that it names. After it, the break is reported again."),
	})
}

// breaks are the rules that an approval can cover.
func breaks() []diag.Rule {
	return slices.Concat(evolutionRules(), replay.Rules(), confluentRules())
}

func evolutionRules() []diag.Rule {
	return []diag.Rule{
		rule(ruleEventVanished, "an accepted event is no longer declared",
			"Events are stored for ever, so an event that was accepted once has to be readable for ever. An event that no longer matters is retired, not removed."),
		rule(ruleEventMoved, "an event moved to another aggregate",
			"Its stored events are in the log of the aggregate that it had."),
		rule(ruleStoredNameChanged, "an event lost the name under which it is stored",
			"Stored events carry a name, which is the full name of the message unless the option type says otherwise. After a rename the old name has to stay, as type or among the aliases. "+
				"If another event takes it, what is stored of the one is read as the other."),
		rule(ruleAggregateVanished, "an accepted aggregate is no longer declared",
			"Its topic holds events that nobody could read any more. An aggregate of another name, also in another package, goes on with them "+
				"if it names that topic and its events name what they are stored under."),
		rule(ruleTopicChanged, "an aggregate got another topic",
			"The stored events stay in the topic that they were written to."),
		rule(rulePartitionsChanged, "a topic got another number of partitions",
			"The partition of an aggregate follows from its id and the number of partitions. With another number, its next event would be in another partition than its stored ones."),
		rule(ruleMessageVanished, "a message of a schema is gone",
			"Of two schemas at hand nobody can say which messages were stored, so all of them count. For events, "+ruleEventVanished+" says it."),
		rule(ruleTypeChanged, "a subject got schemas of another type",
			"The registry compares Protobuf with Protobuf and JSON Schema with JSON Schema. Only the level none lets the type change."),
	}
}

// confluentRules are the differences that the registry may refuse, by its own
// names.
func confluentRules() []diag.Rule {
	var rules []diag.Rule
	for _, c := range protobuf.Changes() {
		if !c.Compatible {
			r := rule(confluentPrefix+c.ID, title(c.ID), "In two Protobuf schemas: "+c.Meaning+". "+wayOut)
			r.Example = example(c.Change)
			rules = append(rules, r)
		}
	}
	for _, c := range jsonschema.Changes() {
		if !c.Change.Compatible(jsonschema.Strict) {
			explain := "In two JSON Schemas: " + c.Meaning + "."
			if c.Change.Compatible(jsonschema.Lenient) {
				explain += " The policy lenient permits it."
			}
			explain += " The JSON Schema is made of the message, so that is what has to change. " + wayOut
			rules = append(rules, rule(confluentPrefix+c.ID, title(c.ID), explain))
		}
	}
	return rules
}

// wayOut is what to do about a difference that the registry refuses.
const wayOut = "Put it back as it was, and declare what is new beside it: a field with a new number, " +
	"or an event of its own that the old one names in replaced_by. " +
	"The levels forward and full ask that old code reads new events, which forbids most additions: compat.level sets another. " +
	"What is meant all the same is approved in compat.allow."

// example returns a pair of schemas that differ in one way.
func example(c protobuf.Change) string {
	switch c {
	case protobuf.PackageChanged:
		return "package bank.v1; message Opened { string owner = 1; } // was\npackage bank.v2; message Opened { string owner = 1; } // is"
	case protobuf.MessageRemoved:
		return "message Opened { Place at = 1; } message Place { int32 floor = 1; } // was\nmessage Opened { Spot at = 1; } message Spot { int32 floor = 1; }   // is"
	case protobuf.FieldKindChanged:
		return "message Opened { string place = 1; }                                // was\nmessage Opened { Place place = 1; } message Place { int32 floor = 1; } // is"
	case protobuf.FieldScalarKindChanged:
		return "message Opened { int64 limit = 1; }  // was\nmessage Opened { string limit = 1; } // is"
	case protobuf.FieldNamedTypeChanged:
		return "message Opened { Place at = 1; } message Place {} message Spot {} // was\nmessage Opened { Spot at = 1; } message Place {} message Spot {}  // is"
	case protobuf.FieldNumericLabelChanged:
		return "message Opened { optional int64 limit = 1; } // was\nmessage Opened { repeated int64 limit = 1; } // is"
	case protobuf.RequiredFieldAdded:
		return "message Opened { optional string owner = 1; }                              // was\nmessage Opened { optional string owner = 1; required int64 limit = 2; } // is"
	case protobuf.RequiredFieldRemoved:
		return "message Opened { required string owner = 1; optional int64 limit = 2; } // was\nmessage Opened { optional int64 limit = 2; }                            // is"
	case protobuf.OneofFieldRemoved:
		return "message Paid { oneof by { string card = 1; string iban = 2; } } // was\nmessage Paid { oneof by { string card = 1; } }                  // is"
	case protobuf.MultipleFieldsMovedToOneof:
		return "message Paid { string card = 1; string iban = 2; }              // was\nmessage Paid { oneof by { string card = 1; string iban = 2; } } // is"
	case protobuf.FieldMovedToExistingOneof:
		return "message Paid { string cash = 3; oneof by { string card = 1; string iban = 2; } }  // was\nmessage Paid { oneof by { string card = 1; string iban = 2; string cash = 3; } } // is"
	default:
		return ""
	}
}

// title makes words of the registry's name.
func title(id string) string { return strings.ToLower(strings.ReplaceAll(id, "_", " ")) }

// meaning says in one line what a difference is.
func meaning(typ schema.Type, id string) string {
	if typ == schema.Protobuf {
		for _, c := range protobuf.Changes() {
			if c.ID == id {
				return c.Meaning
			}
		}
	}
	for _, c := range jsonschema.Changes() {
		if c.ID == id {
			return c.Meaning
		}
	}
	return id
}

func rule(id, title, explain string) diag.Rule {
	return diag.Rule{ID: id, Category: diag.Compat, Severity: diag.Error, Title: title, Explain: explain}
}

func warning(id, title, explain string) diag.Rule {
	return diag.Rule{ID: id, Category: diag.Compat, Severity: diag.Warning, Title: title, Explain: explain}
}
