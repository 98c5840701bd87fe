package compat

import (
	"fmt"
	"slices"
	"strings"

	"github.com/esgen-dev/esgen/compat/history"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/model"
	"github.com/esgen-dev/esgen/generator/schema"
)

func (e *evolver) event(was history.Event) {
	is, declared := e.events[was.Name]
	aggregate := e.heirs[was.Aggregate]
	switch {
	case aggregate == nil: // said of the aggregate
	case !declared:
		e.notDeclared(was, aggregate)
	case is.Aggregate.FullName != aggregate.FullName:
		e.report(diag.Finding{
			Rule: ruleEventMoved,
			Message: fmt.Sprintf("event %s belongs to %s and belonged to %s, in whose log it is stored",
				is.FullName.Name(), is.Aggregate.FullName, was.Aggregate),
			Symbol:   was.Name,
			Position: is.Position,
			Previous: accepted(was.Position),
			Help: fmt.Sprintf("leave it with %s, retired if nobody emits it there any more, and declare an event of another name for %s",
				aggregate.FullName.Name(), is.Aggregate.FullName.Name()),
			Details: []string{was.Aggregate, string(is.Aggregate.FullName)},
		})
	default:
		e.names(was, is)
	}
}

// names checks that an event is still found under every name that it was ever
// stored with.
func (e *evolver) names(was history.Event, is *model.Event) {
	for _, name := range append([]string{was.StoredName}, was.Aliases...) {
		if slices.Contains(storedNames(is), name) {
			continue
		}
		f := diag.Finding{
			Rule:     ruleStoredNameChanged,
			Message:  fmt.Sprintf("event %s was stored as %q, which no event is called any more", is.FullName.Name(), name),
			Symbol:   was.Name,
			Position: is.Position,
			Previous: accepted(was.Position),
			Help:     fmt.Sprintf("write aliases: %q in the option of %s", name, is.FullName.Name()),
			Details:  []string{name},
		}
		if other := e.stored[storedKey(is.Aggregate, name)]; other != nil {
			f = takenName(f, is, other, name == was.StoredName)
		}
		e.report(f)
	}
}

// takenName rewords the loss of a name that another event took, so that what is
// stored of one is read as the other.
func takenName(f diag.Finding, is, other *model.Event, first bool) diag.Finding {
	option, name, event := "aliases", f.Details[0], is.FullName.Name()
	if first {
		option = "type"
	}
	f.Message = fmt.Sprintf("event %s was stored as %q, which %s is called now: what is stored of the one would be read as the other",
		event, name, other.FullName.Name())
	f.Help = fmt.Sprintf("write %s: %q in the option of %s, and take that name out of the option of %s",
		option, name, event, other.FullName.Name())
	f.Previous = append(f.Previous, diag.Previous{Position: other.Position, Text: "the name is taken here"})
	f.Details = append(f.Details, string(other.FullName))
	return f
}

// notDeclared looks for an event that was renamed: it is found under its stored
// name.
func (e *evolver) notDeclared(was history.Event, aggregate *model.Aggregate) {
	is := e.stored[storedKey(aggregate, was.StoredName)]
	if is == nil {
		if !e.renamedBefore(was) { // or that event lost the name, which is said of it
			e.vanished(was, aggregate)
		}
		return
	}
	// Once it was accepted under the new name, that counts.
	if _, ok := e.Accepted.Event(string(is.FullName)); !ok {
		e.names(was, is)
	}
}

// renamedBefore reports whether an event that is declared was accepted with the
// stored name of one that is not.
func (e *evolver) renamedBefore(was history.Event) bool {
	return slices.ContainsFunc(e.Accepted.Events(), func(next history.Event) bool {
		_, declared := e.events[next.Name]
		return declared && e.heirs[next.Aggregate] == e.heirs[was.Aggregate] &&
			(next.StoredName == was.StoredName || slices.Contains(next.Aliases, was.StoredName))
	})
}

func (e *evolver) vanished(was history.Event, aggregate *model.Aggregate) {
	short := shortName(was.Name)
	f := diag.Finding{
		Rule:     ruleEventVanished,
		Message:  fmt.Sprintf("event %s was accepted and is no longer declared, but %s may have stored it", short, aggregate.FullName.Name()),
		Symbol:   was.Name,
		Position: aggregate.Position,
		Previous: append(e.lastText(was), accepted(was.Position)...),
		Help: fmt.Sprintf("declare it again; if it no longer matters: option (esgen.v1.event) = { retired: true }\n"+
			"if it was renamed, the new message needs\n  option (esgen.v1.event) = { type: %q }", was.StoredName),
	}
	for _, event := range aggregate.Events { // of another package
		if _, ok := e.Accepted.Event(string(event.FullName)); !ok && string(event.FullName.Name()) == short {
			f.Position = event.Position
			f.Help = fmt.Sprintf("if it is %s now, write there\n  option (esgen.v1.event) = { type: %q }", event.FullName, was.StoredName)
		}
	}
	e.report(f)
}

// lastText points to how an event was declared last.
func (e *evolver) lastText(was history.Event) []diag.Previous {
	versions := e.Accepted.Versions(was.Name, schema.Protobuf)
	if len(versions) == 0 {
		return nil
	}
	v := versions[len(versions)-1]
	if v.Schema.Position.IsZero() {
		return nil
	}
	p := diag.Previous{Position: v.Schema.Position, Old: true, Subject: v.Schema.Subject, Version: v.Number}
	if made := v.Line.IsZero(); made {
		return []diag.Previous{p} // it has the position of the source
	}
	text := "message " + shortName(was.Name) + " {"
	p.Line, p.Column = 1, 1
	for i, line := range strings.Split(v.Schema.Text, "\n") {
		if strings.HasPrefix(line, text) {
			p.Line, p.Text = i+1, strings.TrimSuffix(text, " {")
			break
		}
	}
	p.EndLine, p.EndColumn = 0, 0
	return []diag.Previous{p}
}
