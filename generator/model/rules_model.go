package model

import "github.com/esgen-dev/esgen/diag"

// modelling returns a rule that cannot be switched off.
func modelling(id, title, explain, example string) diag.Rule {
	return diag.Rule{
		ID: id, Category: diag.Modelling, Severity: diag.Error,
		Title: title, Explain: explain, Example: example,
	}
}

func roleRules() []diag.Rule {
	return []diag.Rule{
		modelling(ruleTwoRoles, "a message has two roles",
			"A message is an aggregate, a command, an event, a view or a process. What is stored, what is asked for and what is shown change for different reasons, so each has a message of its own.",
			`message Deposit { option (esgen.v1.command) = {...}; option (esgen.v1.event) = {}; }`),
		modelling(ruleNested, "a message with a role is nested in another",
			"Aggregates, commands, events, views and processes are top-level messages: their Go types carry sealed interfaces and stand beside each other in one package. The types of their fields may be nested.",
			`message Account { message Opened { option (esgen.v1.event) = {}; } }`),
		modelling(ruleAggregateUnknown, "an aggregate is named that is not declared",
			"The option aggregate names a message with the option (esgen.v1.aggregate). Names are resolved as Protobuf resolves type names.",
			`option (esgen.v1.event) = { aggregate: "Acount" };`),
		modelling(ruleAggregateMissing, "a command or event has no aggregate",
			"Every command and every event belongs to an aggregate. It is the only one of the file, else the only one of the package; there is none here.", ""),
		modelling(ruleAggregateAmbiguous, "a command or event could belong to several aggregates",
			"Where a file or package holds several aggregates, each command and event has to say which one it belongs to, or the file sets a default.",
			`option (esgen.v1.event) = {}; // in a file with two aggregates`),
		modelling(ruleOtherGoPackage, "a command or event lives outside its aggregate's package",
			"The interfaces that list an aggregate's commands and events are sealed with unexported methods, which only works inside one Go package. The types of their fields may come from anywhere.", ""),
		modelling(rulePackageIncomplete, "only a part of a Go package is generated",
			"All .proto files of a Go package with aggregates have to be in one run, or events would be missing from the generated code.", ""),
		{
			ID: ruleCollision, Category: diag.Naming, Severity: diag.Error,
			Title:   "a Go name would be declared twice",
			Explain: "esgen emits names that are made of the aggregate's and the commands' names. Here one of them is taken by a message, an enum, a service or another aggregate of the Go package, so the code would not compile.",
			Example: `message AccountEvent { ... } // beside aggregate Account`,
		},
	}
}

func topicRules() []diag.Rule {
	return []diag.Rule{
		modelling(ruleTopicName, "a topic name is not valid",
			"Topic names have up to 249 letters, digits, dots, dashes and underscores, as in Apache Kafka.",
			`topic: { name: "my accounts" }`),
		modelling(ruleTopicPartitions, "a topic has too many partitions",
			"The number of partitions is fixed for life, because keys map to partitions. A number this large is most likely a slip.",
			`topic: { partitions: 1000000 }`),
		modelling(ruleTopicRetentionInvalid, "a retention is not positive",
			"Retention is how long events are kept. It is left out for events that are kept for ever.",
			`topic: { retention: { seconds: 0 } }`),
		modelling(ruleTopicShared, "two aggregates share a topic",
			"A topic holds the events of one aggregate type: its position, its partitions and its single writer belong to that type.", ""),
	}
}

func eventRules() []diag.Rule {
	return []diag.Rule{
		modelling(ruleEventUnknown, "an event is named that is not declared",
			"The options emits, replaced_by, events and ignores name messages with the option (esgen.v1.event). Names are resolved as Protobuf resolves type names.",
			`emits: "AccountOpend"`),
		modelling(ruleForeignEvent, "an event of another aggregate is named",
			"A command changes one aggregate, and a stored event stays in the log of its aggregate.", ""),
		modelling(ruleTwoFates, "an event is old in two ways",
			"An event that is no longer emitted is replaced one to one, upcast to any number of others, or retired. Each says how stored events are read, so there is one.",
			`option (esgen.v1.event) = { replaced_by: "DepositedV2" retired: true };`),
		modelling(ruleStoredName, "a stored name is not valid",
			"The stored name of an event stands with every stored event. It is printable text of at most 255 bytes without spaces.",
			`option (esgen.v1.event) = { type: "account opened" };`),
		modelling(ruleStoredNameTaken, "two events have the same stored name",
			"A name in the log leads to one event. Two events of an aggregate share one here, by type or by aliases.", ""),
		modelling(ruleUpcastCycle, "events replace each other in a circle",
			"A chain of replaced_by leads from the oldest event to the one that is emitted today. A circle leads nowhere.",
			`A { replaced_by: "B" } and B { replaced_by: "A" }`),
		modelling(ruleUpcastGap, "a chain of replacements reaches no event of today",
			"A replaced event is read as the one that took its place. If that is retired, the fact would be dropped without anybody having said so of this event.", ""),
		modelling(ruleSubject, "a subject has a name that no registry takes",
			"A subject is the name under which the versions of a schema are kept. Registries refuse control characters and names of their own.",
			`registry: { subject: "__GLOBAL" }`),
		modelling(ruleLevel, "a compatibility level has no name",
			"The level says which changes of a schema the registry accepts. It is one of those that options.proto lists.",
			`registry: { compatibility: 12 }`),
	}
}

func commandRules() []diag.Rule {
	return []diag.Rule{
		modelling(ruleCommandUnknown, "a command is named that is not declared",
			"The option sends of a process names messages with the option (esgen.v1.command).", ""),
		modelling(ruleIDMissing, "a command has no id field",
			"A command is for one aggregate, and says for which in a string field marked as id.",
			`message Withdraw { option (esgen.v1.command) = {...}; string account_id = 1; }`),
		modelling(ruleIDTwice, "a command has two id fields",
			"A command is for one aggregate. Ids of others it refers to are plain fields.", ""),
		modelling(ruleIDType, "an id field is not a singular string",
			"Aggregate ids are strings: they are keys in the log, and any other id has a text form.",
			`int64 account_id = 1 [(esgen.v1.field).id = true];`),
		modelling(ruleIDStray, "an id is marked on what is no command",
			"Only commands carry the aggregate's id. Events and states get it from their envelope, so it cannot disagree.", ""),
		modelling(ruleEmitsNothing, "a command emits nothing",
			"A command does something by emitting events. One that lists none can only ever be refused.",
			`option (esgen.v1.command) = {};`),
		modelling(ruleEmitsOld, "a command emits an old event",
			"An event that is replaced, upcast or retired is read for ever, but not written any more.", ""),
		modelling(ruleEmitsTwice, "a command lists an event twice",
			"The list says which events may follow, not how many.", ""),
	}
}

func preconditionRules() []diag.Rule {
	return []diag.Rule{
		modelling(ruleRequireField, "a precondition names a field that is not there",
			"A precondition is about a field of the aggregate's state, by the name that it has in the .proto file.",
			`require: { field: "statuss" in: "STATUS_OPEN" code: "ACCOUNT_CLOSED" }`),
		modelling(ruleRequireType, "a precondition is about neither a bool nor an enum",
			"Preconditions are plain comparisons with a bool or an enum. Everything else belongs in the handler, in Go.", ""),
		modelling(ruleRequireForm, "a precondition has not exactly one condition",
			"A precondition compares an enum with in or not_in, or a bool with is. Several conditions are several preconditions, each with its code.",
			`require: { field: "status" code: "ACCOUNT_CLOSED" }`),
		modelling(ruleRequireValue, "a precondition names an enum value that is not there",
			"The values of in and not_in are names of the field's enum.",
			`in: "STATUS_OPNE"`),
		modelling(ruleRequireCode, "a precondition has no usable code",
			"The code is what callers compare with, so it is required: upper-case letters, digits and underscores.",
			`code: "account closed"`),
	}
}

func readRules() []diag.Rule {
	return []diag.Rule{
		modelling(ruleViewWithoutEvents, "a view lists no event",
			"A view is built from the events that it lists.", ""),
		modelling(ruleViewEventTwice, "a view both takes and ignores an event",
			"An event is either taken or left alone.", ""),
		modelling(ruleViewKey, "a view has no usable key",
			"The key names the singular fields that identify a row of the view.", ""),
		modelling(ruleProcessWithoutEvents, "a process lists no event",
			"A process is started and driven by events.", ""),
		modelling(ruleProcessKey, "a process has no usable key",
			"The key names the singular string field of the state that tells one process from another.", ""),
		modelling(ruleProcessTimer, "a timer has no usable name or time",
			"Each timer of a process has a name of its own and fires after its start.", ""),
		modelling(rulePIISubject, "personal data names no usable subject",
			"The subject is the sibling string field that holds the id of the person concerned. Without it the aggregate's id stands for the person.", ""),
	}
}
