package model

import "github.com/esgen-dev/esgen/diag"

// lintRule returns a rule that a configuration or a comment can switch off.
func lintRule(id string, severity diag.Severity, title, explain, example string) diag.Rule {
	return diag.Rule{
		ID: id, Category: diag.Lint, Severity: severity,
		Title: title, Explain: explain, Example: example,
	}
}

func lintRules() []diag.Rule {
	return []diag.Rule{
		lintRule(ruleEventName, diag.Warning, "an event is not named in the past tense",
			"An event is something that happened: AccountOpened. The name is what everybody reads, in the log, in dashboards and in code.",
			`message OpenAccount { option (esgen.v1.event) = {}; }`),
		lintRule(ruleCommandName, diag.Warning, "a command is not named as an order",
			"A command asks for something: OpenAccount. A name in the past tense reads like an event, and makes the two hard to tell apart.",
			`message AccountOpened { option (esgen.v1.command) = {...}; }`),
		lintRule(ruleNotEmitted, diag.Warning, "no command emits an event",
			"An event that nothing emits is either new and forgotten in an emits list, or old and should say so.", ""),
		lintRule(ruleNoEvents, diag.Warning, "an aggregate has no event",
			"The state of an aggregate is the fold of its events. Without events it has none.", ""),
		lintRule(ruleNoCreate, diag.Warning, "no command can create an aggregate",
			"All commands of the aggregate need one that exists, so there will never be one.", ""),
		lintRule(ruleFloatMoney, diag.Warning, "money is stored in floating point",
			"Binary floating point cannot hold a tenth, and sums drift. Stored events cannot be corrected later.",
			`double amount = 1;`),
		lintRule(ruleEnvelope, diag.Warning, "a payload repeats the envelope",
			"Id, version, time, command id, correlation id and actor are stored with every event and handed to every method in es.Meta. A copy in the payload can disagree with them.",
			`message AccountOpened { string account_id = 1; google.protobuf.Timestamp occurred_at = 2; }`),
		lintRule(ruleRetention, diag.Warning, "events are deleted after a time",
			"The state of an aggregate is rebuilt from all its events. Once the first are gone, everything rests on snapshots, and views cannot be built anew.", ""),
		lintRule(ruleRequireOnCreate, diag.Warning, "a creating command has preconditions",
			"A command in MODE_CREATE meets an empty state, so a condition on it is always met or never.", ""),
		lintRule(ruleOpenType, diag.Warning, "an event may hold anything",
			"google.protobuf.Any and extensions are not part of the event's schema, so no gate can say whether old events stay readable.", ""),
		lintRule(ruleDirective, diag.Warning, "a comment would be obeyed by Go tools",
			"protoc-gen-go copies comments into Go files as they are. A line that begins with //go: or // +build is a directive there: "+
				"it takes the file out of the build, or is a command that go generate runs.",
			"//go:generate make -C deploy"),
		lintRule(rulePIIUndeclared, diag.Info, "a field looks like personal data",
			"Events are kept for ever. Personal data in them is declared from the first version on, so that it can be found, listed and one day be encrypted.",
			`string email = 3;`),
	}
}
