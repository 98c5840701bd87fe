package compat

import (
	"fmt"
	"slices"
	"strings"

	"github.com/esgen-dev/esgen/compat/history"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/model"
)

// evolution compares what was accepted of aggregates and events, beside their
// schemas, with what is declared.
func evolution(r Request) []diag.Finding {
	e := evolver{Request: r, aggregates: map[string]*model.Aggregate{}, events: map[string]*model.Event{}, stored: map[string]*model.Event{}}
	for _, p := range r.Model.Packages {
		for _, a := range p.Aggregates {
			e.aggregates[string(a.FullName)] = a
			for _, event := range a.Events {
				e.events[string(event.FullName)] = event
				for _, name := range storedNames(event) {
					e.stored[storedKey(string(a.FullName), name)] = event
				}
			}
		}
	}
	for _, accepted := range r.Accepted.Aggregates() {
		e.aggregate(accepted)
	}
	for _, accepted := range r.Accepted.Events() {
		e.event(accepted)
	}
	return e.findings
}

// renames returns all names under which events of today were accepted, of those
// that took another name and kept the stored one.
func renames(r Request) map[string][]string {
	today, names := map[string]bool{}, map[string]string{}
	for _, e := range allEvents(r.Model) {
		today[string(e.FullName)] = true
		for _, name := range storedNames(e) {
			names[storedKey(string(e.Aggregate.FullName), name)] = string(e.FullName)
		}
	}
	renamed := map[string][]string{}
	for _, was := range r.Accepted.Events() {
		if is, ok := names[storedKey(was.Aggregate, was.StoredName)]; ok && !today[was.Name] {
			renamed[is] = append(renamed[is], was.Name)
		}
	}
	return renamed
}

func allEvents(m *model.Model) []*model.Event {
	var all []*model.Event
	for _, p := range m.Packages {
		for _, a := range p.Aggregates {
			all = append(all, a.Events...)
		}
	}
	return all
}

func storedNames(e *model.Event) []string { return append([]string{e.StoredType}, e.Aliases...) }

// storedKey names an event as the log of its aggregate does.
func storedKey(aggregate, name string) string { return aggregate + " " + name }

type evolver struct {
	Request
	aggregates map[string]*model.Aggregate
	events     map[string]*model.Event
	stored     map[string]*model.Event // by storedKey
	findings   []diag.Finding
}

func (e *evolver) aggregate(was history.Aggregate) {
	is, ok := e.aggregates[was.Name]
	if !ok {
		e.report(diag.Finding{
			Rule:     ruleAggregateVanished,
			Message:  fmt.Sprintf("aggregate %s was accepted and is no longer declared", was.Name),
			Symbol:   was.Name,
			Position: was.Position,
			Help: "declare it again: its events are stored, and nobody could read them;\n" +
				"if it moved to another package, its events stay where they are",
		})
		return
	}
	if is.Topic.Name != was.Topic {
		e.report(diag.Finding{
			Rule:     ruleTopicChanged,
			Message:  fmt.Sprintf("the topic of %s is %s and was %s, which holds its events", is.FullName.Name(), is.Topic.Name, was.Topic),
			Symbol:   was.Name,
			Position: is.Position,
			Previous: accepted(was.Position),
			Help:     fmt.Sprintf("write topic: { name: %q } in the option of %s", was.Topic, is.FullName.Name()),
			Details:  []string{was.Topic, is.Topic.Name},
		})
	}
	if is.Topic.Partitions != was.Partitions {
		e.report(diag.Finding{
			Rule: rulePartitionsChanged,
			Message: fmt.Sprintf("topic %s has %d partitions and had %d: keys would map to other partitions than their stored events",
				was.Topic, is.Topic.Partitions, was.Partitions),
			Symbol:   was.Name,
			Position: is.Position,
			Previous: accepted(was.Position),
			Help:     fmt.Sprintf("write topic: { partitions: %d } in the option of %s", was.Partitions, is.FullName.Name()),
			Details:  []string{fmt.Sprint(was.Partitions), fmt.Sprint(is.Topic.Partitions)},
		})
	}
}

func (e *evolver) event(was history.Event) {
	is, declared := e.events[was.Name]
	aggregate, known := e.aggregates[was.Aggregate]
	switch {
	case !known: // said of the aggregate
	case !declared:
		e.vanished(was, aggregate)
	case string(is.Aggregate.FullName) != was.Aggregate:
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
		e.report(diag.Finding{
			Rule:     ruleStoredNameChanged,
			Message:  fmt.Sprintf("event %s was stored as %q, which no event is called any more", is.FullName.Name(), name),
			Symbol:   was.Name,
			Position: is.Position,
			Previous: accepted(was.Position),
			Help:     fmt.Sprintf("write aliases: %q in the option of %s", name, is.FullName.Name()),
			Details:  []string{name},
		})
	}
}

func (e *evolver) vanished(was history.Event, aggregate *model.Aggregate) {
	if e.stored[storedKey(was.Aggregate, was.StoredName)] != nil {
		return // renamed, and found under its stored name
	}
	short := was.Name[strings.LastIndexByte(was.Name, '.')+1:]
	help := fmt.Sprintf("declare it again; if it no longer matters: option (esgen.v1.event) = { retired: true }\n"+
		"if it was renamed, the new message needs\n  option (esgen.v1.event) = { type: %q }", was.StoredName)
	e.report(diag.Finding{
		Rule:     ruleEventVanished,
		Message:  fmt.Sprintf("event %s was accepted and is no longer declared, but %s may have stored it", short, aggregate.FullName.Name()),
		Symbol:   was.Name,
		Position: aggregate.Position,
		Previous: accepted(was.Position),
		Help:     help,
	})
}

func (e *evolver) report(f diag.Finding) {
	f.Severity = diag.Error
	e.findings = append(e.findings, f)
}

// accepted points to a line of esgen.lock, where there is one.
func accepted(at diag.Position) []diag.Previous {
	if at.IsZero() {
		return nil
	}
	return []diag.Previous{{Position: at, Text: "accepted here", Old: true}}
}
