package compat

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/history"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/schema"
)

// refusal is a difference that the registry objects to.
type refusal struct {
	in         judged
	symbol     string
	since      history.Version
	at         diag.Position // in the version before; without a path
	text       string        // what stands there
	difference confluent.Difference
	check      confluent.Check
	reaches    map[protoreflect.FullName]bool // what it is about may be in one of these types
	was        protoreflect.FullName          // or it is that this type is gone
	members    map[protoreflect.FullName]bool // of the oneof that it is about, before
	old        protoreflect.FileDescriptor    // the schema before; nil if it has no names
}

// namedTypeChanged is what the registry says of a field whose type has another
// name, and of one whose type is in another file and changed there.
const (
	namedTypeChanged = "FIELD_NAMED_TYPE_CHANGED"
	messageRemoved   = "MESSAGE_REMOVED"
)

// bySymbol returns what the registry objects to, and apart from it what only
// follows from something else: a field is refused because of what changed in
// its type.
func bySymbol(all []judged, causes []*cause) (refused map[string][]refusal, follow []refusal) {
	within := map[protoreflect.FullName]bool{} // types that something is said about
	for _, u := range causes {
		within[u.Symbol], within[u.Symbol.Parent()] = true, true
	}
	gone := map[protoreflect.FullName]bool{}
	for _, j := range all {
		for _, r := range j.refusals {
			if symbol := protoreflect.FullName(r.symbol); r.leads() && symbol.IsValid() {
				within[symbol], within[symbol.Parent()] = true, true
				gone[symbol] = r.difference.Type == messageRemoved
			}
		}
	}
	refused = map[string][]refusal{}
	for _, j := range all {
		for _, r := range j.refusals {
			follows := gone[r.was]
			for name := range r.reaches {
				follows = follows || within[name]
			}
			if follows {
				follow = append(follow, r)
			} else {
				refused[r.symbol] = append(refused[r.symbol], r)
			}
		}
	}
	return refused, follow
}

// leads reports whether a refusal is about the element itself and never about
// what the type of a field holds.
func (r refusal) leads() bool {
	return r.difference.Type != namedTypeChanged && r.in.Schema.Type == schema.Protobuf
}

// refusals returns what the registry objects to in one schema. Of several
// differences about one thing, the first is kept.
func (c *checker) refusals(j judged) []refusal {
	var all []refusal
	taken := map[string]bool{}
	for _, check := range j.Registry.Checks {
		r := refusal{in: j, since: j.Accepted[check.Version], check: check}
		var n names
		for _, d := range check.Differences {
			if d.Compatible {
				continue
			}
			if n.key == "" {
				n = c.newNames(j.Subject, r.since)
			}
			var symbol protoreflect.FullName
			in, path := n.inProtobuf(d.Path)
			symbol, r.at, r.text = in.lookup(path)
			if n.json {
				r.at, r.text = diag.Position{}, "" // they are of another text
			}
			r.reaches, r.was = nil, ""
			r.members, r.old = in.members(path), in.old
			if d.Type == namedTypeChanged || n.json {
				r.reaches, r.was = in.reaches(path)
			}
			if r.symbol, r.difference = string(symbol), d; !taken[r.symbol] {
				taken[r.symbol] = true
				all = append(all, r)
			}
		}
	}
	return all
}

// refused words what only the registry objects to. All refusals are about the
// same symbol.
func (c *checker) refused(all []refusal) diag.Finding {
	r := all[0]
	s := r.in.Subject
	reader := "the new schema cannot read what it wrote"
	if r.check.Forward {
		reader = "it cannot read what the new schema writes"
	}
	schemas := s.Schema.Key
	keys := map[string]bool{}
	for _, r := range all {
		keys[r.in.Schema.Key] = true
	}
	if more := len(keys) - 1; more > 0 {
		schemas += fmt.Sprintf(" and %d more", more)
	}
	d := r.difference
	return diag.Finding{
		Rule:     confluentPrefix + d.Type,
		Severity: diag.Error,
		Message: fmt.Sprintf("the registry would refuse the schema of %s: %s at %s against version %d, %s",
			schemas, d.Type, d.Path, r.since.Number, reader),
		Symbol:   r.symbol,
		Position: c.locate(s, protoreflect.FullName(r.symbol)),
		Previous: c.previous(r.since, protoreflect.FullName(r.symbol), r.at, r.text),
		Help:     r.help(),
		Details:  []string{d.Path, r.text},
	}
}

// help says what to do, and why the registry is alone with its objection.
func (r refusal) help() string {
	s, level := r.in.Schema, strings.ToLower(string(r.in.rules.Level))
	forward := r.in.rules.Level == confluent.Forward || r.in.rules.Level == confluent.ForwardTransitive
	switch {
	case r.check.Forward && !forward:
		return fmt.Sprintf("the level %s asks for both directions, which forbids almost every change but a new field;\n"+
			"backward_transitive is enough for stored events: set compat.level in esgen.yaml", level)
	case r.check.Forward:
		return fmt.Sprintf("the level %s forbids it: put it back as it was", level)
	case s.Event == nil:
		return "put it back as it was, and declare what is new under another name: " + meaning(s.Type, r.difference.Type)
	}
	help := fmt.Sprintf("put it back as it was (%s),\nand declare what is new in an event of its own that %s names in replaced_by",
		meaning(s.Type, r.difference.Type), s.Event.FullName.Name())
	if s.Type == schema.Protobuf && len(r.in.Replay) == 0 {
		help += "\nstored events would stay readable: only the registry objects"
	}
	return help
}

// typeChanged finds that a subject holds, or held, schemas of the other type.
// These are versions of something else to a history, which numbers each type by
// itself; the registry knows only the subject.
func (c *checker) typeChanged(s schema.Schema) []diag.Finding {
	other := schema.JSON
	if s.Type == schema.JSON {
		other = schema.Protobuf
	}
	versions := c.subjects[subject{s.Subject, other}]
	if len(versions) == 0 {
		return nil
	}
	v := versions[len(versions)-1]
	return []diag.Finding{{
		Rule:     ruleTypeChanged,
		Severity: diag.Error,
		Message:  fmt.Sprintf("the schemas of subject %s were %s and are %s", s.Subject, v.Schema.Type, s.Type),
		Symbol:   s.Key,
		Position: s.Position,
		Previous: c.previous(v, protoreflect.FullName(s.Key), diag.Position{}, ""),
		Help:     "a subject holds schemas of one type: give the event another subject",
		Details:  []string{s.Subject, string(s.Type)},
	}}
}

// invalid is about a schema that esgen itself made, so that somebody has to
// look at esgen.
func (c *checker) invalid(s schema.Schema, err *confluent.InvalidError) diag.Finding {
	return diag.Finding{
		Rule:     ruleInvalid,
		Severity: diag.Error,
		Message:  fmt.Sprintf("the registry would take the schema of %s for invalid: %v", s.Key, err),
		Symbol:   s.Key,
		Position: s.Position,
		Help:     "esgen export schemas shows the text; please report it with the .proto file",
	}
}

func (c *checker) invalidStored(s schema.Schema, v history.Version, err *confluent.InvalidError) diag.Finding {
	return diag.Finding{
		Rule:     ruleInvalidStored,
		Severity: diag.Error,
		Message:  fmt.Sprintf("version %d of %s cannot be read: %v", v.Number, s.Key, err),
		Symbol:   s.Key,
		Position: s.Position,
		Previous: c.previous(v, protoreflect.FullName(s.Key), diag.Position{Line: err.Line, Column: err.Column}, ""),
		Help:     "was the file edited? esgen lock verify says so",
	}
}

func (c *checker) unlinked(s schema.Schema, err error) diag.Finding {
	return diag.Finding{
		Rule:     ruleInvalidStored,
		Severity: diag.Error,
		Message:  fmt.Sprintf("a version of %s does not compile, so nobody can say what was stored: %v", s.Key, err),
		Symbol:   s.Key,
		Position: s.Position,
		Help:     "was a file of schemas edited? esgen lock verify says so",
	}
}

// locate returns where something stands in the sources; what is not in a
// package of Protobuf stands with the schema.
func (c *checker) locate(s Subject, symbol protoreflect.FullName) diag.Position {
	if symbol == "" || symbol == protoreflect.FullName(s.Schema.Key) || c.Locate == nil {
		return s.Schema.Position
	}
	at := c.Locate(symbol)
	if at.IsZero() || s.Schema.Event != nil && at == c.Locate(s.Schema.Event.FullName.Parent()) {
		return s.Schema.Position // the package says less than the event that lost a type
	}
	return at
}
