package simulation

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// report is what became of simulations.
type report struct {
	acknowledged, duplicates, conflicts, refused, unknown, undone int // commands
	loads, attempts, events                                       int
	fences, revived                                               int64 // producers
	lost, duplicated, torn, broken                                int
	illegal, unchecked                                            int // aggregates
	problems                                                      []string
}

// add adds what became of another one, but for the problems.
func (r *report) add(o *report) {
	r.acknowledged += o.acknowledged
	r.duplicates += o.duplicates
	r.conflicts += o.conflicts
	r.refused += o.refused
	r.unknown += o.unknown
	r.undone += o.undone
	r.loads += o.loads
	r.attempts += o.attempts
	r.events += o.events
	r.fences += o.fences
	r.revived += o.revived
	r.lost += o.lost
	r.duplicated += o.duplicated
	r.torn += o.torn
	r.broken += o.broken
	r.illegal += o.illegal
	r.unchecked += o.unchecked
}

// evidence is what is left of a simulation.
type evidence struct {
	*history

	log             []record.Event
	problems        []string // that were found on the way
	worked          string   // what the engines did, and the nemeses
	fences, revived int64
}

// judge compares what clients were told with what the log holds.
func (ev *evidence) judge() *report {
	h, a := ev.history, newAudit(ev.log)
	r := &report{
		attempts: h.attempts, events: len(a.events), fences: ev.fences, revived: ev.revived,
		lost: a.lost, duplicated: a.duplicated, torn: a.torn, broken: a.broken, problems: slices.Concat(ev.problems, a.problems),
	}
	histories := make(map[string][]porcupine.Operation)
	executions := make(map[commandKey]int) // how often a client executed a command
	for _, op := range h.operations {
		executions[op.key()]++
	}
	for _, op := range h.operations {
		r.count(op)
		if r.compare(&op, a, executions[op.key()]) {
			histories[op.call.aggregate] = append(histories[op.call.aggregate], porcupine.Operation{
				ClientId: op.client, Input: op.call, Output: op.outcome,
				Call: op.called.Nanoseconds(), Return: op.returned.Nanoseconds(),
			})
		}
	}
	for _, s := range h.sights {
		r.sight(s, a)
	}
	for _, err := range h.alarms {
		r.problem(&r.broken, "the engine says that the log is damaged: %v", err)
	}
	if r.revived > 0 {
		r.problems = append(r.problems, fmt.Sprintf("producers were used again after an error, %d times", r.revived))
	}
	r.linearize(histories)
	return r
}

func (r *report) problem(counter *int, format string, args ...any) {
	*counter++
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

func (r *report) count(op operation) {
	switch op.outcome.verdict {
	case succeeded:
		switch {
		case op.call.kind == load:
			r.loads++
		case op.outcome.receipt.Duplicate:
			r.duplicates++
			fallthrough
		default:
			r.acknowledged++
		}
	case conflict:
		r.conflicts++
	case unknown:
		r.unknown++
	case undone:
		r.undone++
	default:
		r.refused++
	}
}

func (op operation) key() commandKey { return commandKey{op.call.aggregate, op.call.command} }

// compare checks an operation against the log. It reports whether there is
// something that has to be linearizable: an answer or an effect. An outcome
// that the client does not know is completed.
func (r *report) compare(op *operation, a *audit, executions int) bool {
	stored, found := a.commands[op.key()]
	switch {
	case op.call.kind == load:
		return op.outcome.verdict != undone && op.outcome.verdict != unknown
	case op.outcome.verdict == succeeded:
		r.receipt(op, stored)
		return true
	case op.outcome.verdict == unknown:
		op.returned = math.MaxInt64
		op.outcome = outcome{verdict: succeeded, receipt: stored, ambiguous: true}
		return found
	case found && executions == 1:
		r.problem(&r.duplicated, "%s: nothing was done, was the answer, and it is stored: %+v; the answer: %v", op.call, stored, op.outcome.err)
	}
	return op.outcome.verdict != undone
}

// receipt checks what a client was given for a command.
func (r *report) receipt(op *operation, stored es.Receipt) {
	got := op.outcome.receipt
	if got.First > got.Version { // there was nothing to store
		return
	}
	if !got.Time.Equal(stored.Time) {
		r.problem(&r.broken, "%s: acknowledged with time %s, and stored with %s", op.call, got.Time, stored.Time)
	}
	got.Duplicate, got.Time = false, stored.Time
	if got != stored {
		r.problem(&r.lost, "%s: acknowledged as %+v, and stored as %+v", op.call, got, stored)
	}
}

// sight checks what was read.
func (r *report) sight(s sight, a *audit) {
	versions := a.versions[s.aggregate]
	found := s.version > 0 && s.version <= uint64(len(versions))
	if !found || s.how == "history" && versions[s.version-1].position != s.position ||
		s.how != "history" && versions[s.version-1].digest != s.digest {
		r.problem(&r.broken, "%s of %q: version %d is not what the log leads to", s.how, s.aggregate, s.version)
	}
}

// linearize looks for an order of the operations on each aggregate that
// explains what the clients saw.
func (r *report) linearize(histories map[string][]porcupine.Operation) {
	for aggregate, operations := range histories {
		switch porcupine.CheckOperationsTimeout(model(), operations, time.Minute) {
		case porcupine.Illegal:
			r.problem(&r.illegal, "no order of the operations on %q explains what the clients saw", aggregate)
		case porcupine.Unknown:
			r.problem(&r.unchecked, "the operations on %q are too many to be checked", aggregate)
		case porcupine.Ok:
		}
	}
}

func (r *report) String() string {
	return fmt.Sprintf("%d commands acknowledged (%d as duplicates), %d conflicts, %d refused, %d unknown, %d undone, %d fresh loads, "+
		"%d attempts, %d events, %d fences: %d lost, %d duplicated, %d torn, %d broken, %d not linearizable, %d producers used again",
		r.acknowledged, r.duplicates, r.conflicts, r.refused, r.unknown, r.undone, r.loads,
		r.attempts, r.events, r.fences, r.lost, r.duplicated, r.torn, r.broken, r.illegal, r.revived)
}
