package proctest

import (
	"fmt"

	"github.com/esgen-dev/esgen/es"
)

// Audit holds a log to what was promised, and returns what was broken:
//
//   - the events of each partition, and of each aggregate, are numbered without
//     a gap or a repetition: nothing was lost or torn out of the middle;
//   - the events of a command lie side by side, all of them: nothing is torn;
//   - each command is there once: nothing is duplicated;
//   - each command that was acknowledged is there, at the versions and the
//     position that its client was told;
//   - each command that is there was sent, and not refused.
func Audit(log []Stored, h History) []error {
	a := auditor{
		partitions: map[int32]Stored{}, versions: map[string]uint64{}, commands: map[string]es.Receipt{}, history: h,
	}
	for _, s := range log {
		a.take(s)
	}
	for partition, last := range a.partitions {
		if last.Index+1 != last.Count {
			a.broken("partition %d ends within command %q", partition, last.CommandID)
		}
	}
	for id, told := range h.Receipts {
		is, ok := a.commands[id]
		switch {
		case !ok && told.First > told.Version: // it had no events
		case !ok:
			a.broken("command %q was acknowledged with versions %d to %d, and is not there", id, told.First, told.Version)
		case is.First != told.First || is.Version != told.Version || is.Position != told.Position:
			a.broken("command %q was acknowledged with versions %d to %d at %s, and is there with %d to %d at %s",
				id, told.First, told.Version, told.Position, is.First, is.Version, is.Position)
		}
	}
	return a.found
}

// auditor reads a log once.
type auditor struct {
	history    History
	partitions map[int32]Stored      // the last events
	versions   map[string]uint64     // of the aggregates
	commands   map[string]es.Receipt // as far as the log tells
	found      []error
}

func (a *auditor) broken(format string, args ...any) {
	a.found = append(a.found, fmt.Errorf(format, args...))
}

func (a *auditor) take(s Stored) {
	before := a.partitions[s.Position.Partition]
	if s.Number != before.Number+1 {
		a.broken("%s: number %d of the partition follows on %d", s.Position, s.Number, before.Number)
	}
	if s.Version != a.versions[s.AggregateID]+1 {
		a.broken("%s: version %d of %q follows on %d", s.Position, s.Version, s.AggregateID, a.versions[s.AggregateID])
	}
	within := before.Index+1 < before.Count
	if within && (s.CommandID != before.CommandID || s.Index != before.Index+1) || !within && s.Index != 0 {
		a.broken("%s: command %q is torn", s.Position, before.CommandID)
	}
	receipt, known := a.commands[s.CommandID]
	if known && s.Index == 0 {
		a.broken("%s: command %q is there a second time", s.Position, s.CommandID)
	}
	if _, ok := a.history.Sent[s.CommandID]; !ok {
		a.broken("%s: command %q was never sent", s.Position, s.CommandID)
	}
	if err, ok := a.history.Refused[s.CommandID]; ok {
		a.broken("%s: command %q was refused: %w", s.Position, s.CommandID, err)
	}
	if s.Index == 0 {
		receipt.First = s.Version
	}
	receipt.Version, receipt.Position = s.Version, s.Position
	a.commands[s.CommandID] = receipt
	a.versions[s.AggregateID], a.partitions[s.Position.Partition] = s.Version, s
}
