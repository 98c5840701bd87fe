package schema

import (
	"cmp"
	"fmt"

	"github.com/esgen-dev/esgen/diag"
)

// owner is the schema that has a subject.
type owner struct {
	schema Schema
	told   bool // the first that wanted it, too, was reported
}

// claim gives a schema its subject, or reports that another one has it and
// returns false. Events that register one and the same file share a subject without harm.
func (b *builder) claim(s Schema) bool {
	first, taken := b.subjects[s.Subject]
	if !taken {
		b.subjects[s.Subject] = &owner{schema: s}
		return true
	}
	shared := s.Type == Protobuf && first.schema.Type == Protobuf && s.Text == first.schema.Text
	f := finding(ruleSubjectTaken)
	f.Symbol, f.Position = s.Key, position(s)
	f.Previous = []diag.Previous{{Position: position(first.schema), Text: fmt.Sprintf("%s has the subject first", first.schema.Key)}}
	switch {
	case shared && s.Level == first.schema.Level:
		return true
	case shared:
		f.Message = fmt.Sprintf("%s and %s ask for different levels of the subject %q: %s and %s",
			first.schema.Key, s.Key, s.Subject, level(first.schema), level(s))
		f.Help = "a subject has one level: set the same for all events of the file"
	case b.named(s) && b.named(first.schema):
		if first.told {
			return false // one finding for a topic, not one for each of its events
		}
		f.Message = fmt.Sprintf("%s and %s would both be versions of the subject %q", first.schema.Key, s.Key, s.Subject)
		f.Help = "a subject holds the versions of one schema: set registry.subject to topic_record or record, " +
			"or register whole files and declare all events of the topic in one"
	default:
		f.Message = fmt.Sprintf("the subject %q of %s belongs to %s already", s.Subject, s.Key, first.schema.Key)
		f.Help = "give one of the two another subject, or none: it is then made from the topic and the event"
	}
	first.told = true
	b.findings = append(b.findings, f)
	return false
}

// named reports whether a schema has its subject by the naming topic.
func (b *builder) named(s Schema) bool {
	return b.options.Naming == Topic && s.Event != nil && s.Event.Registry.Subject == ""
}

func level(s Schema) string { return cmp.Or(s.Level, "the configured one") }

// position returns where the subject of a schema was decided.
func position(s Schema) diag.Position {
	if s.Event != nil && !s.Event.Registry.Position.IsZero() {
		return s.Event.Registry.Position
	}
	return s.Position
}
