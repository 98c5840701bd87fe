package model

import (
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/es"
)

// lint looks for what works but will be regretted. Events that are no longer
// emitted are left alone: they are stored and cannot be edited.
func (b *builder) lint(m *Model) {
	b.lintComments()
	for _, p := range m.Packages {
		for _, a := range p.Aggregates {
			b.lintAggregate(a)
			for _, c := range a.Commands {
				b.lintCommand(c)
			}
			for _, e := range a.Today() {
				b.lintEvent(e)
			}
		}
	}
}

func (b *builder) lintAggregate(a *Aggregate) {
	d := b.byName[a.FullName]
	warn := func(rule, help, format string, args ...any) {
		b.report(d, diag.Finding{Rule: rule, Message: fmt.Sprintf(format, args...), Position: a.Position, Help: help})
	}
	if len(a.Today()) == 0 {
		warn(ruleNoEvents, "give the messages that happen to it the option (esgen.v1.event) = {}",
			"aggregate %s has no event", a.FullName.Name())
	}
	if len(a.Commands) > 0 && !slices.ContainsFunc(a.Commands, func(c *Command) bool { return c.Mode != es.Update }) {
		warn(ruleNoCreate, "set mode: MODE_CREATE on the command that opens it, or MODE_UPSERT",
			"no command can create %s: all of them need one that exists", a.FullName.Name())
	}
	if a.Topic.Retention > 0 {
		b.report(d, diag.Finding{
			Rule:     ruleRetention,
			Message:  fmt.Sprintf("events of %s are deleted after %v", a.FullName.Name(), a.Topic.Retention),
			Position: b.at(d, pathAggregateTopic, pathTopicRetention),
			Help:     "leave topic.retention out: a state cannot be rebuilt from events that are gone",
		})
	}
	b.lintMoney(d, a.Desc)
}

func (b *builder) lintCommand(c *Command) {
	d := b.byName[c.FullName]
	if words := splitWords(string(c.FullName.Name())); !isImperative(words) {
		b.report(d, diag.Finding{
			Rule:     ruleCommandName,
			Message:  fmt.Sprintf("command %s is not named as an order", c.FullName.Name()),
			Position: c.Position,
			Help:     "begin with a verb: OpenAccount, not AccountOpened or AccountOpening",
		})
	}
	if c.Mode == es.Create && len(c.Require) > 0 {
		b.report(d, diag.Finding{
			Rule:     ruleRequireOnCreate,
			Message:  fmt.Sprintf("%s creates its aggregate, so its preconditions only ever see the empty state", c.FullName.Name()),
			Position: b.at(d, pathCommandRequire, 0),
			Help:     "remove them, or use another mode",
		})
	}
	for field := range fields(c.Desc) {
		if slices.Contains([]string{"command_id", "expected_version", "correlation_id", "causation_id"}, string(field.Name())) {
			b.reportEnvelope(d, field, "pass it as an option of the call: es.CommandID, es.ExpectVersion, es.CorrelationID")
		}
	}
	b.lintMoney(d, c.Desc)
}

func (b *builder) lintEvent(e *Event) {
	d := b.byName[e.FullName]
	if !slices.ContainsFunc(splitWords(string(e.FullName.Name())), isPast) {
		b.report(d, diag.Finding{
			Rule:     ruleEventName,
			Message:  fmt.Sprintf("event %s is not named as something that happened", e.FullName.Name()),
			Position: e.Position,
			Help:     "use the past tense, such as AccountOpened; a stored event keeps its name in the log with the option type",
		})
	}
	if len(e.EmittedBy) == 0 {
		b.report(d, diag.Finding{
			Rule:     ruleNotEmitted,
			Message:  fmt.Sprintf("no command emits %s", e.FullName.Name()),
			Position: e.Position,
			Help:     "list it in the emits of a command, or retire it:\noption (esgen.v1.event) = { retired: true };",
		})
	}
	for field := range fields(e.Desc) {
		b.lintEventField(d, e, field)
	}
	b.lintMoney(d, e.Desc)
}

func (b *builder) lintEventField(d *decl, e *Event, field protoreflect.FieldDescriptor) {
	name := string(field.Name())
	own := strings.ReplaceAll(kebab(string(e.Aggregate.FullName.Name())), "-", "_") + "_id"
	envelope := []string{
		own, "aggregate_id", "event_id", "event_type", "event_version", "aggregate_version", "sequence_number", "occurred_at",
		"recorded_at", "event_time", "timestamp", "command_id", "correlation_id", "causation_id", "actor",
	}
	if slices.Contains(envelope, name) && field.Cardinality() != protoreflect.Repeated {
		b.reportEnvelope(d, field, "remove it: Apply and Handle get it in es.Meta, and so does every reader of the log")
	}
	if m := field.Message(); m != nil && (m.FullName() == "google.protobuf.Any" || m.ExtensionRanges().Len() > 0) {
		b.report(d, diag.Finding{
			Rule:     ruleOpenType,
			Message:  fmt.Sprintf("%s of %s may hold anything: its type %s is open", name, e.FullName.Name(), m.FullName()),
			Symbol:   string(field.FullName()),
			Position: b.set.Position(field),
			Help:     "list what it may hold in a oneof, so that a schema can say whether a change is safe",
		})
	}
	if slices.ContainsFunc(splitWords(name), isPersonal) && !b.declaresPII(e, field) {
		b.report(d, diag.Finding{
			Rule:     rulePIIUndeclared,
			Message:  fmt.Sprintf("%s of %s looks like personal data", name, e.FullName.Name()),
			Symbol:   string(field.FullName()),
			Position: b.set.Position(field),
			Help:     `declare it: [(esgen.v1.field).pii = { category: "email" }]`,
		})
	}
}

func (b *builder) reportEnvelope(d *decl, field protoreflect.FieldDescriptor, help string) {
	b.report(d, diag.Finding{
		Rule:     ruleEnvelope,
		Message:  fmt.Sprintf("%s of %s belongs to the envelope", field.Name(), d.msg.Desc.Name()),
		Symbol:   string(field.FullName()),
		Position: b.set.Position(field),
		Help:     help,
	})
}

// lintMoney finds amounts of money in binary floating point.
func (b *builder) lintMoney(d *decl, m protoreflect.MessageDescriptor) {
	for field := range fields(m) {
		float := field.Kind() == protoreflect.DoubleKind || field.Kind() == protoreflect.FloatKind
		if !float || !slices.ContainsFunc(splitWords(string(field.Name())), isMoney) {
			continue
		}
		b.report(d, diag.Finding{
			Rule:     ruleFloatMoney,
			Message:  fmt.Sprintf("%s of %s looks like money, but is a %s", field.Name(), m.Name(), field.Kind()),
			Symbol:   string(field.FullName()),
			Position: b.set.Position(field),
			Help:     fmt.Sprintf("count the smallest unit: int64 %s_cents = %d;", field.Name(), field.Number()),
		})
	}
}

func (b *builder) declaresPII(e *Event, field protoreflect.FieldDescriptor) bool {
	return slices.ContainsFunc(e.PII, func(p PersonalData) bool { return p.Field == field.FullName() })
}

func isMoney(word string) bool {
	return slices.Contains([]string{
		"amount", "balance", "charge", "cost", "credit", "debit", "discount", "fee", "income", "money", "payment", "price",
		"refund", "revenue", "salary", "sum", "tax", "total", "turnover",
	}, strings.TrimSuffix(strings.ToLower(word), "s"))
}

func isPersonal(word string) bool {
	return slices.Contains([]string{
		"birthday", "birthdate", "email", "firstname", "iban", "lastname", "passport", "phone", "ssn", "surname",
	}, strings.ToLower(word))
}

// fields yields the fields of a message in order of declaration.
func fields(m protoreflect.MessageDescriptor) func(yield func(protoreflect.FieldDescriptor) bool) {
	return func(yield func(protoreflect.FieldDescriptor) bool) {
		for i := range m.Fields().Len() {
			if !yield(m.Fields().Get(i)) {
				return
			}
		}
	}
}
