package simulation

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// sound is the evidence of a simulation in which nothing went wrong: a ledger is
// opened, 5 is posted, and then a batch of 1 and 2.
func sound(t *testing.T) *evidence {
	t.Helper()
	ev := &evidence{history: &history{}}
	at := func(n int) time.Time { return time.UnixMicro(int64(n)).UTC() }
	store := func(command string, index, count uint16, e proto.Message) {
		n := len(ev.log)
		stored := foreignEvent(uint64(n + 1))
		stored.CommandID, stored.Sequence.Index, stored.Sequence.Count = command, index, count
		stored.Position.Offset, stored.Time = int64(n), at(n-int(index))
		stored.Type = string(e.ProtoReflect().Descriptor().FullName())
		var err error
		if stored.Data, err = proto.Marshal(e); err != nil {
			t.Fatal(err)
		}
		ev.log = append(ev.log, *stored)
	}
	store("open", 0, 1, &ledgerv1.LedgerOpened{})
	for i, amount := range []int64{5, 1, 2} {
		posted := &ledgerv1.Posted{Entry: &ledgerv1.Entry{Amount: amount}}
		if i == 0 {
			store("post", 0, 1, posted)
		} else {
			store("batch", uint16(i-1), 2, posted)
		}
	}
	ev.told(call{kind: open, command: "open", expect: 0}, outcome{receipt: receipt("open", 1, 1, at(0))})
	ev.told(call{kind: post, command: "post", amounts: []int64{5}, expect: -1}, outcome{receipt: receipt("post", 2, 2, at(1))})
	ev.told(call{kind: postBatch, command: "batch", amounts: []int64{1, 2}, expect: 2}, outcome{receipt: receipt("batch", 3, 4, at(2))})
	ev.told(call{expect: -1}, outcome{version: 4, balance: 8})
	return ev
}

// told records an operation that came after the others.
func (ev *evidence) told(c call, out outcome) {
	c.aggregate = "a"
	now := time.Duration(2 * len(ev.operations))
	ev.operations = append(ev.operations, operation{call: c, outcome: out, called: now, returned: now + 1})
}

func receipt(command string, first, version uint64, at time.Time) es.Receipt {
	return es.Receipt{
		AggregateID: "a", CommandID: command, First: first, Version: version, Time: at,
		Position: es.Position{Partition: home(), Offset: int64(version) - 1},
	}
}

// TestCheckers falsifies sound evidence. Each thing that is wrong is found.
func TestCheckers(t *testing.T) {
	t.Parallel()
	if r := sound(t).judge(); len(r.problems) > 0 {
		t.Fatalf("sound evidence: %s", r.problems)
	}
	one := func(amount int64) call {
		return call{kind: post, command: "late", amounts: []int64{amount}, expect: -1}
	}
	for want, falsify := range map[string]func(ev *evidence){
		"acknowledged as":             func(ev *evidence) { ev.log = ev.log[:2] },
		"follows event":               func(ev *evidence) { ev.log = append(ev.log[:1:1], ev.log[2:]...) },
		"the first event":             func(ev *evidence) { ev.log = ev.log[1:] },
		"ends here":                   func(ev *evidence) { ev.log = ev.log[:3] },
		"does not follow the one":     func(ev *evidence) { ev.log[3].Sequence.Index, ev.log[3].Sequence.Count = 0, 1 },
		"is already at version":       func(ev *evidence) { ev.log[2].CommandID, ev.log[3].CommandID = "post", "post" },
		"it points to offset":         func(ev *evidence) { ev.log[1].Sequence.Prev = record.NoPrevious },
		"before that of the event":    func(ev *evidence) { ev.log[1].Time = time.UnixMicro(-1) },
		"belongs to another":          func(ev *evidence) { ev.log[0].Position.Partition++ },
		"acknowledged with time":      func(ev *evidence) { ev.operations[1].outcome.receipt.Time = time.UnixMicro(7) },
		"nothing was done, was":       func(ev *evidence) { ev.operations[1].outcome = outcome{verdict: undone} },
		"and it is stored":            func(ev *evidence) { ev.operations[1].outcome = outcome{verdict: overdrawn} },
		"no order of the":             func(ev *evidence) { ev.told(call{expect: -1}, outcome{version: 2, balance: 5}) },
		"no order of the operations ": func(ev *evidence) { ev.told(one(-9), outcome{verdict: missing}) },
		"no order of the operations on": func(ev *evidence) {
			ev.told(call{kind: attach, command: "late", expect: 9}, outcome{verdict: conflict, version: 3})
		},
		"is not what the log leads to": func(ev *evidence) { ev.see(sight{aggregate: "a", version: 4, digest: 1, how: "load"}) },
		"history of \"a\"":             func(ev *evidence) { ev.see(sight{aggregate: "a", version: 2, how: "history"}) },
		"the engine says":              func(ev *evidence) { ev.alarm(es.ErrClosed) },
		"used again":                   func(ev *evidence) { ev.revived = 1 },
	} {
		ev := sound(t)
		falsify(ev)
		if r := ev.judge(); !strings.Contains(strings.Join(r.problems, "\n"), want) {
			t.Errorf("%q is not among the problems: %s", want, r.problems)
		}
	}
}

// TestCheckersForgive has evidence that looks wrong, and is not.
func TestCheckersForgive(t *testing.T) {
	t.Parallel()
	for name, doubt := range map[string]func(ev *evidence){
		"it is not known that a stored command was executed": func(ev *evidence) {
			ev.operations[2].outcome = outcome{verdict: unknown}
		},
		"a command without an outcome was not executed": func(ev *evidence) {
			ev.told(call{kind: attach, command: "late", expect: -1}, outcome{verdict: unknown})
		},
		"a retry is a duplicate": func(ev *evidence) {
			ev.operations[1].outcome.receipt.Duplicate, ev.operations[1].outcome.ambiguous = true, true
		},
		"a refusal": func(ev *evidence) {
			ev.told(call{kind: post, command: "late", amounts: []int64{-9}, expect: -1}, outcome{verdict: overdrawn})
		},
		"nothing to do": func(ev *evidence) {
			ev.told(call{kind: post, command: "late", amounts: []int64{0}, expect: -1}, outcome{receipt: es.Receipt{First: 5, Version: 4}})
		},
	} {
		ev := sound(t)
		doubt(ev)
		if r := ev.judge(); len(r.problems) > 0 {
			t.Errorf("%s: %s", name, r.problems)
		}
	}
}
