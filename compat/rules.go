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
			"Stored events carry a name, which is the full name of the message unless the option type says otherwise. After a rename the old name has to stay, as type or among the aliases."),
		rule(ruleAggregateVanished, "an accepted aggregate is no longer declared",
			"Its topic holds events that nobody could read any more."),
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
			rules = append(rules, rule(confluentPrefix+c.ID, title(c.ID), "In two Protobuf schemas: "+c.Meaning+"."))
		}
	}
	for _, c := range jsonschema.Changes() {
		if !c.Change.Compatible(jsonschema.Strict) {
			explain := "In two JSON Schemas: " + c.Meaning + "."
			if c.Change.Compatible(jsonschema.Lenient) {
				explain += " The policy lenient permits it."
			}
			rules = append(rules, rule(confluentPrefix+c.ID, title(c.ID), explain))
		}
	}
	return rules
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
