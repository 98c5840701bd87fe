package compat

import (
	"fmt"
	"slices"
	"strings"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
	"github.com/esgen-dev/esgen/compat/history"
	"github.com/esgen-dev/esgen/generator/schema"
)

// Entry is what changed about one event.
type Entry struct {
	Event     string // full name
	Aggregate string // full name
	State     State  // New, Changed, Renamed or Gone
	Version   int    // the number that the schema has or would have, from 1; 0 if the event is gone
	// Changes say in words what differs from the version before, e.g.
	// "field added: string currency = 3".
	Changes []string
	// RenamedFrom are the full names that an event had before.
	RenamedFrom []string
}

// Changelog lists the events of each aggregate whose schemas are new or changed,
// in the order in which they are declared, and then those that are not declared
// any more. It says what differs, not whether that is safe.
func Changelog(report Report, accepted *history.History) []Entry {
	c := &checker{Request: Request{Accepted: accepted}, declared: map[string]schema.Schema{}, numbers: map[string]int{}}
	for _, s := range report.Subjects {
		if s.Schema.Type == schema.Protobuf {
			c.declared[s.Schema.Key] = s.Schema
		}
	}
	var entries []Entry
	known := map[string]bool{} // names of events that are declared, under whatever name
	for _, s := range report.Subjects {
		known[s.Schema.Key] = true
		for _, name := range s.names {
			known[name] = true
		}
		if s.Schema.Event == nil || s.Schema.Type != schema.Protobuf || s.State == Unchanged {
			continue
		}
		entry := Entry{
			Event: s.Schema.Key, Aggregate: string(s.Schema.Event.Aggregate.FullName), State: s.State, Version: len(s.Accepted) + 1,
		}
		switch {
		case s.State == Changed:
			entry.Changes = c.changes(s)
		case len(s.RenamedFrom) > 0:
			entry.State, entry.RenamedFrom = Renamed, s.RenamedFrom
		}
		entries = append(entries, entry)
	}
	for _, was := range accepted.Events() {
		if !known[was.Name] {
			entries = append(entries, Entry{Event: was.Name, Aggregate: was.Aggregate, State: Gone})
		}
	}
	slices.SortStableFunc(entries, func(a, b Entry) int { return strings.Compare(a.Aggregate, b.Aggregate) })
	return entries
}

// changes compares a schema with its last accepted version.
func (c *checker) changes(s Subject) []string {
	last := s.Accepted[len(s.Accepted)-1]
	older, err := confluent.ParseStored(c.stored(last))
	if err != nil {
		return nil // the report says so
	}
	newer, err := confluent.Parse(c.source(s.Schema))
	if err != nil {
		return nil
	}
	names := c.newNames(s, last)
	rules := confluent.Rules{Level: confluent.Backward, Profile: protobuf.V2}
	var changes []string
	for _, d := range rules.Check(newer, []*confluent.Schema{older}).Differences() {
		changes = append(changes, fmt.Sprintf("%s: %s", title(d.Type), names.describe(d.Path)))
	}
	if len(changes) == 0 {
		changes = append(changes, "the text, in a way that the registry does not compare")
	}
	return changes
}
