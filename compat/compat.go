// Package compat answers one question, on one page: may the schemas that are
// declared now replace those that were accepted before?
//
//	declared schemas + accepted history -> two verdicts per schema -> findings
//
// The first verdict is the registry's: exactly what the server would answer to
// each schema, see package confluent. The second is about replay: can code of
// the new schemas read every event that was ever stored, and does it mean the
// same, see package replay. They differ in both directions, so both are made
// for every schema, and a finding says where only one of them objects.
//
// On top are rules that no schema shows: an event must not vanish, move to
// another aggregate or change the name under which it is stored, and a topic
// must keep its partitions.
//
// An intended break passes with an [Approval], see [Report.Approve].
//
// [Check] is pure and reads nothing: package history brings what was accepted,
// from esgen.lock, from git or from a directory, and package registry from a
// server.
package compat

import (
	"context"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/history"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/model"
	"github.com/esgen-dev/esgen/generator/schema"
)

// Request is the question.
type Request struct {
	// Rules are what the registry goes by. A schema with a level of its own is
	// held to that.
	Rules    confluent.Rules
	Schemas  []schema.Schema  // what is declared, with the schemas that they refer to
	Model    *model.Model     // what the schemas were made from
	Accepted *history.History // what was accepted before
	// Locate returns where something stands in the sources, or where the
	// nearest thing around it does.
	Locate func(protoreflect.FullName) diag.Position
	// Before does the same for accepted versions that are not in esgen.lock, but
	// were made from other sources. Nil if there are none.
	Before func(protoreflect.FullName) diag.Position
}

// Report is the answer.
type Report struct {
	Subjects []Subject      // one for each schema, in the order of the request
	Findings []diag.Finding // sorted
}

// Subject is the answer for one schema.
type Subject struct {
	Schema   schema.Schema
	State    State
	Accepted []history.Version // all versions before, the oldest first
	// RenamedFrom are the full names under which a new event was accepted, whose
	// stored name it kept.
	RenamedFrom []string
	Registry    confluent.Verdict
	Replay      []Unsafe
	// Undecided says that a schema could not be read, so that there is no
	// verdict; a finding says which one.
	Undecided bool
	// Findings are those of the report's that speak against the schema, for
	// either verdict.
	Findings []diag.Finding
	// ApprovedUntil is the last day on which approvals let all of them pass,
	// e.g. "2027-01-31"; "" if there are none, or one is not approved. See
	// [Report.Approve].
	ApprovedUntil string

	names []string // under which the event was accepted, other than its own
}

// State says what a schema is to those accepted before it.
type State int8

// The states.
const (
	New       State = iota // nothing was accepted under its name
	Unchanged              // it is the last accepted version
	Changed                // it would be the next version
	Gone                   // it is not declared any more, in a [Changelog]
	Renamed                // it is new, but for its name, in a [Changelog]
)

// String says it in a word, e.g. "unchanged".
func (s State) String() string {
	switch s {
	case Unchanged:
		return "unchanged"
	case Changed:
		return "changed"
	case Gone:
		return "gone"
	case Renamed:
		return "renamed"
	default:
		return "new"
	}
}

// Check makes both verdicts for every schema. The error is the context's.
func Check(ctx context.Context, r Request) (Report, error) {
	c := newChecker(r)
	all := make([]judged, len(r.Schemas))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range r.Schemas {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("compare the schemas: %w", err)
			}
			all[i] = c.subject(r.Schemas[i])
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return Report{}, err //nolint:wrapcheck // it was above
	}
	found := c.findings(all)
	report := Report{Subjects: make([]Subject, len(all)), Findings: diag.Sort(append(found, evolution(r)...))}
	for i, j := range all {
		report.Subjects[i] = j.Subject
		report.Subjects[i].Undecided = j.unread
	}
	return report, nil
}
