package compat

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/history"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/schema"
)

// judged is a schema with what stands in its way, before anybody is told.
type judged struct {
	Subject

	rules    confluent.Rules // what it is held to
	refusals []refusal
	failed   []diag.Finding // what else is wrong with it
	unread   bool           // it could not be judged
}

// told is how many schemas a finding names when it is about several.
const told = 3

// findings says what is wrong: one finding for each cause, whichever verdict saw
// it and in however many schemas. Several events hold a type that they share, so
// what is wrong with it shows in each. Each schema gets its own.
func (c *checker) findings(all []judged) []diag.Finding {
	var causes []*cause
	for _, j := range all {
		for _, u := range j.Replay {
			if !consequence(u, j.Replay) {
				causes = add(causes, &cause{Unsafe: u, in: []judged{j}, since: []history.Version{u.Since}})
			}
		}
	}
	refused, follow := bySymbol(all, causes)
	alone := match(causes, refused)
	matchFollowing(causes, follow)
	t := newTeller(all)
	for _, u := range causes {
		t.tell(c.unsafe(*u), append(schemasOf(u.refused), u.in...))
	}
	for _, symbol := range slices.Sorted(maps.Keys(alone)) {
		t.tell(c.refused(alone[symbol]), schemasOf(alone[symbol]))
	}
	for _, r := range follow {
		t.following(r)
	}
	return t.findings
}

// teller collects findings, for all and for each schema.
type teller struct {
	all      []judged
	at       map[subject]int // in all, by key
	findings []diag.Finding
}

func newTeller(all []judged) *teller {
	t := &teller{all: all, at: map[subject]int{}}
	for i, j := range all {
		t.at[subject{j.Schema.Key, j.Schema.Type}] = i
		t.findings = append(t.findings, j.failed...)
		all[i].Findings = slices.Clone(j.failed)
	}
	return t
}

func (t *teller) tell(f diag.Finding, in []judged) {
	t.findings = append(t.findings, f)
	for _, j := range in {
		t.add(f, j)
	}
}

func (t *teller) add(f diag.Finding, to judged) {
	j := &t.all[t.at[subject{to.Schema.Key, to.Schema.Type}]]
	if !slices.ContainsFunc(j.Findings, func(g diag.Finding) bool { return f.Fingerprint() == g.Fingerprint() }) {
		j.Findings = append(j.Findings, f)
	}
}

// following adds to a schema that is refused the findings that this follows
// from.
func (t *teller) following(r refusal) {
	for _, f := range t.findings {
		symbol := protoreflect.FullName(f.Symbol)
		if symbol != "" && (symbol == r.was || r.reaches[symbol] || symbol.IsValid() && r.reaches[symbol.Parent()]) {
			t.add(f, r.in)
		}
	}
}

func schemasOf(refusals []refusal) []judged {
	in := make([]judged, len(refusals))
	for i, r := range refusals {
		in[i] = r.in
	}
	return in
}

// consequence reports whether something about a field follows from its number
// having been that of another one.
func consequence(u Unsafe, all []Unsafe) bool {
	return slices.ContainsFunc(all, func(other Unsafe) bool {
		return other.Rule == numberReused && u.Rule != numberReused && u.Now == other.Now && (u.Old == "" || u.Old == other.Old)
	})
}

// cause is an unsafe change with all events that it shows in.
type cause struct {
	Unsafe

	in      []judged
	since   []history.Version
	refused []refusal // what the registry says of it
	hushed  bool      // the registry refuses something, perhaps because of this
}

// add adds a cause, or its event to the one that is the same.
func add(causes []*cause, next *cause) []*cause {
	for _, u := range causes {
		if u.Rule == next.Rule && u.Symbol == next.Symbol && u.Old == next.Old && u.New == next.New {
			u.in, u.since = append(u.in, next.in...), append(u.since, next.since...)
			return causes
		}
	}
	return append(causes, next)
}

// where names the events of a cause and the versions that show it.
func (u cause) where() string {
	var events []string
	for _, v := range u.since[:min(told, len(u.since))] {
		events = append(events, fmt.Sprintf("%s, version %d", shortName(v.Schema.Key), v.Number))
	}
	if more := len(u.in) - told; more > 0 {
		events = append(events, fmt.Sprintf("%d more", more))
	}
	return strings.Join(events, "; ")
}

// unsafe words an unsafe change, with the registry's name for it if it refuses
// it too, or else why it does not.
func (c *checker) unsafe(u cause) diag.Finding {
	help, too := u.Help, ""
	if u.Rule == numberReused {
		help = fmt.Sprintf("keep %s, and give the new field a number of its own", u.Old)
	}
	if len(u.refused) > 0 {
		own := max(0, slices.IndexFunc(u.refused, func(r refusal) bool { return r.symbol == string(u.Symbol) }))
		too = fmt.Sprintf("; the registry refuses it too (%s)", u.refused[own].difference.Type)
	} else if why := u.taken(); why != "" && !u.hushed {
		help += "\nthe registry would take it: " + why
	}
	return diag.Finding{
		Rule:     u.Rule,
		Severity: diag.Error,
		Message:  fmt.Sprintf("%s (%s)%s", u.Message, u.where(), too),
		Symbol:   string(u.Symbol),
		Position: c.locate(u.in[0].Subject, u.Now),
		Previous: c.older(u.Unsafe),
		Help:     help,
		Details:  append([]string{u.Old, u.New}, u.also...),
	}
}

// taken says why the registry does not object to an unsafe change, if that is
// known.
func (u cause) taken() string {
	j := u.in[0]
	level := strings.ToLower(string(j.rules.Level))
	backward := slices.IndexFunc(j.Registry.Checks, func(check confluent.Check) bool {
		return !check.Forward && check.Version < len(j.Accepted) && j.Accepted[check.Version].Number == u.Since.Number
	})
	switch {
	case u.Registry != "":
		return u.Registry
	case u.Since.Schema.Key != j.Schema.Key:
		return "the event had another name then, so it was another subject"
	case backward >= 0 && !j.Registry.Compatible:
		return "" // it refuses something, and it may be this
	case backward >= 0:
		return "its rules do not know this"
	case len(j.Registry.Checks) == 0:
		return "the level " + level + " compares nothing"
	case j.rules.Level == confluent.Forward || j.rules.Level == confluent.ForwardTransitive:
		return "the level " + level + " does not ask whether the new schema reads old values"
	case !j.Registry.Compatible:
		return fmt.Sprintf("it stopped at version %d, which it refuses for something else", j.Accepted[j.Registry.Checks[len(j.Registry.Checks)-1].Version].Number)
	}
	return "the level " + level + " compares with the last version only"
}

// older points to how something was declared. That may have been in a file that
// the schema refers to.
func (c *checker) older(u Unsafe) []diag.Previous {
	v := u.Since
	if file, ok := c.within(v, u.OldAt.Path); ok {
		v = file
	}
	return c.previous(v, u.Symbol, u.OldAt, u.Old)
}

// within returns the accepted version of a file that a version refers to,
// itself or through others.
func (c *checker) within(v history.Version, path string) (history.Version, bool) {
	seen := map[string]bool{}
	for next := v.Schema.References; len(next) > 0; {
		var further []schema.Reference
		for _, ref := range next {
			file, ok := c.Accepted.Version(ref.Name, schema.Protobuf, ref.Version)
			if !ok || seen[ref.Name] {
				continue
			}
			if seen[ref.Name] = true; ref.Name == path {
				return file, true
			}
			further = append(further, file.Schema.References...)
		}
		next = further
	}
	return history.Version{}, false
}

// previous points to a place in an accepted version, or in the sources that it
// was made from.
func (c *checker) previous(v history.Version, symbol protoreflect.FullName, at diag.Position, text string) []diag.Previous {
	position := v.Schema.Position
	if made := v.Line.IsZero() && !position.IsZero() && c.Before != nil; made {
		if declared := c.Before(symbol); !declared.IsZero() {
			position = declared
		}
	} else {
		position.Line, position.Column = max(1, at.Line), max(1, at.Column)
	}
	position.EndLine, position.EndColumn = 0, 0
	return []diag.Previous{{Position: position, Text: text, Old: true, Subject: v.Schema.Subject, Version: v.Number}}
}
