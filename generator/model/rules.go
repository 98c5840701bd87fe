package model

import "github.com/esgen-dev/esgen/diag"

// The rules of this package, by what they are about.
const (
	ruleTwoRoles = "ROLE_CONFLICT"
	ruleNested   = "ROLE_NESTED"

	ruleAggregateUnknown   = "AGGREGATE_UNKNOWN"
	ruleAggregateMissing   = "AGGREGATE_MISSING"
	ruleAggregateAmbiguous = "AGGREGATE_AMBIGUOUS"
	ruleOtherGoPackage     = "AGGREGATE_OTHER_PACKAGE"
	rulePackageIncomplete  = "PACKAGE_INCOMPLETE"

	ruleTopicName             = "TOPIC_NAME_INVALID"
	ruleTopicPartitions       = "TOPIC_PARTITIONS_INVALID"
	ruleTopicRetentionInvalid = "TOPIC_RETENTION_INVALID"
	ruleTopicShared           = "TOPIC_SHARED"

	ruleEventUnknown    = "EVENT_UNKNOWN"
	ruleForeignEvent    = "EVENT_FOREIGN"
	ruleTwoFates        = "EVENT_FATE_CONFLICT"
	ruleStoredName      = "EVENT_TYPE_INVALID"
	ruleStoredNameTaken = "EVENT_TYPE_TAKEN"
	ruleUpcastCycle     = "UPCAST_CYCLE"
	ruleUpcastGap       = "UPCAST_GAP"
	ruleSubject         = "SUBJECT_INVALID"
	ruleLevel           = "COMPATIBILITY_UNKNOWN"

	ruleCommandUnknown = "COMMAND_UNKNOWN"
	ruleIDMissing      = "COMMAND_ID_MISSING"
	ruleIDTwice        = "COMMAND_ID_REPEATED"
	ruleIDType         = "COMMAND_ID_TYPE"
	ruleIDStray        = "FIELD_ID_MISPLACED"
	ruleEmitsNothing   = "EMITS_NOTHING"
	ruleEmitsOld       = "EMITS_OLD_EVENT"
	ruleEmitsTwice     = "EMITS_REPEATED"

	ruleRequireField = "PRECONDITION_FIELD"
	ruleRequireType  = "PRECONDITION_TYPE"
	ruleRequireForm  = "PRECONDITION_FORM"
	ruleRequireValue = "PRECONDITION_VALUE"
	ruleRequireCode  = "PRECONDITION_CODE"

	ruleViewWithoutEvents    = "VIEW_WITHOUT_EVENTS"
	ruleViewEventTwice       = "VIEW_EVENT_REPEATED"
	ruleViewKey              = "VIEW_KEY"
	ruleProcessWithoutEvents = "PROCESS_WITHOUT_EVENTS"
	ruleProcessKey           = "PROCESS_KEY"
	ruleProcessTimer         = "PROCESS_TIMER"
	rulePIISubject           = "PII_SUBJECT"

	ruleCollision = "NAME_COLLISION"

	ruleEventName       = "EVENT_NAME_PAST_TENSE"
	ruleCommandName     = "COMMAND_NAME_IMPERATIVE"
	ruleNotEmitted      = "EVENT_NOT_EMITTED"
	ruleNoEvents        = "AGGREGATE_WITHOUT_EVENTS"
	ruleNoCreate        = "AGGREGATE_WITHOUT_CREATE"
	ruleFloatMoney      = "FLOAT_MONEY"
	ruleEnvelope        = "ENVELOPE_FIELD"
	ruleRetention       = "TOPIC_RETENTION"
	ruleRequireOnCreate = "PRECONDITION_ON_CREATE"
	ruleOpenType        = "EVENT_OPEN_TYPE"
	rulePIIUndeclared   = "PII_UNDECLARED"
	ruleDirective       = "COMMENT_DIRECTIVE"
)

// Rules returns all rules about declarations, in the order in which a reader
// meets the things they are about.
func Rules() []diag.Rule {
	rules := roleRules()
	rules = append(rules, topicRules()...)
	rules = append(rules, eventRules()...)
	rules = append(rules, commandRules()...)
	rules = append(rules, preconditionRules()...)
	rules = append(rules, readRules()...)
	return append(rules, lintRules()...)
}

// ruleByID returns the row of a rule of this package.
func ruleByID(id string) diag.Rule {
	for _, r := range Rules() {
		if r.ID == id {
			return r
		}
	}
	return diag.Rule{ID: id, Category: diag.Modelling, Severity: diag.Error}
}
