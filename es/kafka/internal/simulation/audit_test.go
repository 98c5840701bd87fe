package simulation

import (
	"fmt"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// audit is what a log holds, and what is wrong with it. It trusts nothing but
// the record format.
type audit struct {
	events   []record.Event
	commands map[commandKey]es.Receipt
	versions map[string][]version // of each aggregate
	problems []string

	lost, duplicated, torn, broken int

	states     map[string]*ledgerv1.Ledger
	last       map[string]*record.Event // of an aggregate
	partitions map[int32]*record.Event  // the last event of each
}

// commandKey is what a command id belongs to.
type commandKey struct{ aggregate, command string }

// version is an event, and the digest of the state after it.
type version struct {
	position es.Position
	digest   uint64
}

// newAudit checks the events of a log, those of each partition in their order.
func newAudit(events []record.Event) *audit {
	a := &audit{
		events: events, commands: make(map[commandKey]es.Receipt), versions: make(map[string][]version),
		states: make(map[string]*ledgerv1.Ledger), last: make(map[string]*record.Event), partitions: make(map[int32]*record.Event),
	}
	for i := range events {
		a.next(&events[i])
	}
	for _, ev := range a.partitions {
		if ev.Sequence.Index+1 < ev.Sequence.Count {
			a.problem(&a.torn, ev, "command %q ends here", ev.CommandID)
		}
	}
	return a
}

func (a *audit) problem(counter *int, ev *record.Event, format string, args ...any) {
	*counter++
	a.problems = append(a.problems, fmt.Sprintf("%s, %q at version %d: %s",
		ev.Position, ev.AggregateID, ev.Version, fmt.Sprintf(format, args...)))
}

// next checks that an event follows those before it.
func (a *audit) next(ev *record.Event) {
	s, p := ev.Sequence, ev.Position.Partition
	before := a.partitions[p]
	a.partitions[p] = ev
	switch {
	case before == nil && s.Partition != 1:
		a.problem(&a.lost, ev, "the first event of the partition has number %d", s.Partition)
	case before != nil && s.Partition != before.Sequence.Partition+1:
		a.problem(&a.lost, ev, "event %d of the partition follows event %d", s.Partition, before.Sequence.Partition)
	}
	inside := before != nil && before.Sequence.Index+1 < before.Sequence.Count
	if inside != (s.Index > 0) || inside && (before.CommandID != ev.CommandID || before.Sequence.Index+1 != s.Index) {
		a.problem(&a.torn, ev, "event %d of %d of command %q does not follow the one before", s.Index+1, s.Count, ev.CommandID)
	}
	if p != record.Partition(ev.AggregateID, partitions) {
		a.problem(&a.broken, ev, "the aggregate belongs to another partition")
	}
	a.chain(ev)
	a.command(ev)
	a.fold(ev)
}

// chain checks an event against the one of the same aggregate before it.
func (a *audit) chain(ev *record.Event) {
	before := a.last[ev.AggregateID]
	a.last[ev.AggregateID] = ev
	number, offset := uint64(0), int64(-1)
	if before != nil {
		number, offset = before.Version, before.Position.Offset
		if ev.Time.Before(before.Time) {
			a.problem(&a.broken, ev, "its time is before that of the event before it")
		}
	}
	if ev.Version != number+1 {
		a.problem(&a.lost, ev, "it follows version %d", number)
	}
	if previous, err := ev.Sequence.Previous(ev.Position.Offset); err != nil || previous != offset {
		a.problem(&a.broken, ev, "it points to offset %d, %v, and the event before it lies at %d", previous, err, offset)
	}
}

// command notes which command an event is of.
func (a *audit) command(ev *record.Event) {
	key := commandKey{ev.AggregateID, ev.CommandID}
	r, seen := a.commands[key]
	switch {
	case !seen:
		r = es.Receipt{AggregateID: ev.AggregateID, CommandID: ev.CommandID, First: ev.Version, Time: ev.Time}
	case ev.Sequence.Index == 0:
		a.problem(&a.duplicated, ev, "command %q is already at version %d", ev.CommandID, r.First)
	}
	r.Version, r.Position = ev.Version, ev.Position
	a.commands[key] = r
}

// fold computes the state that the log leads to.
func (a *audit) fold(ev *record.Event) {
	s := a.states[ev.AggregateID]
	if s == nil {
		s = &ledgerv1.Ledger{}
		a.states[ev.AggregateID] = s
	}
	if err := ev.Replay(ledgerType(), s); err != nil {
		a.problem(&a.broken, ev, "%v", err)
	}
	a.versions[ev.AggregateID] = append(a.versions[ev.AggregateID], version{ev.Position, s.GetDigest()})
}
