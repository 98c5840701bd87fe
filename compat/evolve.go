package compat

import (
	"cmp"
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
	e := evolver{Request: r, heirs: heirs(r), events: map[string]*model.Event{}, stored: map[string]*model.Event{}}
	for _, event := range allEvents(r.Model) {
		e.events[string(event.FullName)] = event
		for _, name := range storedNames(event) {
			e.stored[storedKey(event.Aggregate, name)] = event
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

// heirs returns the aggregates of today by the names of those that were
// accepted. One that is not declared any more has another name if another one
// has its topic: the topic is the log. It is not the heir if it had a log of its
// own.
func heirs(r Request) map[string]*model.Aggregate {
	names, topics := map[string]*model.Aggregate{}, map[string]*model.Aggregate{}
	for _, a := range allAggregates(r.Model) {
		names[string(a.FullName)] = a
		if own, ok := r.Accepted.Aggregate(string(a.FullName)); !ok || own.Topic == a.Topic.Name {
			topics[a.Topic.Name] = a
		}
	}
	all := map[string]*model.Aggregate{}
	for _, was := range r.Accepted.Aggregates() {
		if is := cmp.Or(names[was.Name], topics[was.Topic]); is != nil {
			all[was.Name] = is
		}
	}
	return all
}

// renames returns all names under which events of today were accepted, of those
// that took another name and kept the stored one.
func renames(r Request) map[string][]string {
	today, names, heirs := map[string]bool{}, map[string]string{}, heirs(r)
	for _, e := range allEvents(r.Model) {
		today[string(e.FullName)] = true
		for _, name := range storedNames(e) {
			names[storedKey(e.Aggregate, name)] = string(e.FullName)
		}
	}
	renamed := map[string][]string{}
	for _, was := range r.Accepted.Events() {
		aggregate := heirs[was.Aggregate]
		if aggregate == nil || today[was.Name] {
			continue
		}
		if is, ok := names[storedKey(aggregate, was.StoredName)]; ok {
			renamed[is] = append(renamed[is], was.Name)
		}
	}
	return renamed
}

func allAggregates(m *model.Model) []*model.Aggregate {
	var all []*model.Aggregate
	for _, p := range m.Packages {
		all = append(all, p.Aggregates...)
	}
	return all
}

func allEvents(m *model.Model) []*model.Event {
	var all []*model.Event
	for _, a := range allAggregates(m) {
		all = append(all, a.Events...)
	}
	return all
}

func storedNames(e *model.Event) []string { return append([]string{e.StoredType}, e.Aliases...) }

// storedKey names an event as the log of its aggregate does.
func storedKey(a *model.Aggregate, name string) string { return string(a.FullName) + " " + name }

type evolver struct {
	Request
	heirs    map[string]*model.Aggregate // by the names of accepted ones
	events   map[string]*model.Event
	stored   map[string]*model.Event // by storedKey
	findings []diag.Finding
}

func (e *evolver) aggregate(was history.Aggregate) {
	is := e.heirs[was.Name]
	if is == nil {
		e.aggregateVanished(was)
		return
	}
	if _, accepted := e.Accepted.Aggregate(string(is.FullName)); accepted && was.Name != string(is.FullName) {
		return // renamed, and what was accepted under the new name counts
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

// aggregateVanished says how a renamed aggregate keeps its log, at the one that
// this most likely is about.
func (e *evolver) aggregateVanished(was history.Aggregate) {
	f := diag.Finding{
		Rule:     ruleAggregateVanished,
		Message:  fmt.Sprintf("aggregate %s was accepted and is no longer declared", was.Name),
		Symbol:   was.Name,
		Position: was.Position,
	}
	name := "another message"
	if is := e.likely(was); is != nil {
		name = string(is.FullName)
		f.Position, f.Previous = is.Position, accepted(was.Position)
	}
	f.Help = fmt.Sprintf("declare it again: its events are stored, and nobody could read them;\n"+
		"if it is %s now, write there\n  topic: { name: %q partitions: %d }", name, was.Topic, was.Partitions)
	if event, ok := e.oneEventOf(was); ok {
		f.Help += fmt.Sprintf("\nand in each event whose full name is another now what it was, as in\n"+
			"  message %s { option (esgen.v1.event) = { type: %q }; }", shortName(event.Name), event.StoredName)
	}
	e.report(f)
}

// oneEventOf returns the first event that was accepted of an aggregate.
func (e *evolver) oneEventOf(was history.Aggregate) (history.Event, bool) {
	events := e.Accepted.Events()
	i := slices.IndexFunc(events, func(event history.Event) bool { return event.Aggregate == was.Name })
	if i < 0 {
		return history.Event{}, false
	}
	return events[i], true
}

// likely returns the aggregate that one became: a new one of the same name in
// another package, else the only new one.
func (e *evolver) likely(was history.Aggregate) *model.Aggregate {
	var added []*model.Aggregate
	for _, a := range allAggregates(e.Model) {
		if _, ok := e.Accepted.Aggregate(string(a.FullName)); ok {
			continue
		}
		if string(a.FullName.Name()) == shortName(was.Name) {
			return a
		}
		added = append(added, a)
	}
	if len(added) == 1 {
		return added[0]
	}
	return nil
}

// shortName is the last part of a full name.
func shortName(full string) string { return full[strings.LastIndexByte(full, '.')+1:] }

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
