package kafka_test

import (
	"errors"
	"fmt"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// witness remembers what was acknowledged, and holds processes to it.
type witness struct {
	cluster *cluster
	heard   []testimony
}

type testimony struct {
	command ledgerv1.LedgerCommand
	receipt es.Receipt
}

// do executes a command at the process, which owns its aggregate or will.
func (w *witness) do(t *testing.T, p *process, c ledgerv1.LedgerCommand) {
	t.Helper()
	w.heard = append(w.heard, testimony{c, p.eventually(t, c, w.nextID()).Receipt})
}

func (w *witness) nextID() string { return fmt.Sprintf("command %d", len(w.heard)) }

func (w *witness) acknowledged() acknowledged {
	acks := acknowledged{}
	for _, h := range w.heard {
		acks[h.receipt.CommandID] = h.receipt
	}
	return acks
}

// work executes commands of every kind on some aggregates.
func (w *witness) work(t *testing.T, p *process, aggregates, rounds int) {
	t.Helper()
	for round := range rounds {
		for i := range aggregates {
			id := fmt.Sprintf("ledger %d", i)
			switch (round + i) % 3 {
			case 0:
				w.do(t, p, &ledgerv1.Attach{LedgerId: id, Data: []byte{byte(round)}})
			case 1:
				w.do(t, p, &ledgerv1.Attach{LedgerId: id})
				w.do(t, p, &ledgerv1.Post{LedgerId: id, Entry: &ledgerv1.Entry{Amount: int64(round + 1), Tag: id}})
			case 2:
				w.do(t, p, &ledgerv1.Attach{LedgerId: id})
				w.do(t, p, &ledgerv1.PostBatch{LedgerId: id, Entries: []*ledgerv1.Entry{{Amount: 1}, {Amount: 2}, {Tag: "t"}}})
			}
		}
	}
}

// check asks the process for the state of every aggregate, which has to be that
// of the log, and for every command again, which has to be answered as it was.
func (w *witness) check(t *testing.T, p *process) {
	t.Helper()
	w.checkStates(t, p)
	for _, h := range w.heard {
		again := p.eventually(t, h.command, h.receipt.CommandID)
		if !duplicates(again.Receipt, h.receipt) || len(again.Events) > 0 {
			t.Errorf("%T again: %+v with %d events, want %+v", h.command, again.Receipt, len(again.Events), h.receipt)
		}
		if open, opens := h.command.(*ledgerv1.Attach); opens && h.receipt.First == 1 {
			_, err := p.execute(t.Context(), &ledgerv1.OpenLedger{LedgerId: open.GetLedgerId()}, "open it again")
			if !errors.Is(err, es.ErrExists) {
				t.Errorf("%q is opened again: %v", open.GetLedgerId(), err)
			}
		}
	}
	w.checkStates(t, p)
}

// duplicates reports whether a receipt repeats the first one of its command.
func duplicates(again, first es.Receipt) bool {
	sameTime := again.Time.Equal(first.Time)
	again.Time, first.Duplicate = first.Time, true
	return sameTime && again == first
}

func (w *witness) checkStates(t *testing.T, p *process) {
	t.Helper()
	for id, want := range w.cluster.fold(t) {
		got, err := p.load(t, id)
		if err != nil {
			t.Errorf("load %q: %v", id, err)
			continue
		}
		if got.Version != want.Version || !got.Time.Equal(want.Time) || !proto.Equal(got.State, want.State) {
			t.Errorf("%q:\n got: %d %s %v\nwant: %d %s %v", id,
				got.Version, got.Time, got.State, want.Version, want.Time, want.State)
		}
	}
}

// fold returns the state of every aggregate by the log alone.
func (c *cluster) fold(t *testing.T) map[string]es.Revision[*ledgerv1.Ledger] {
	t.Helper()
	ledgers, states := ledgerv1.LedgerType(ledgerv1.Behavior{}), map[string]es.Revision[*ledgerv1.Ledger]{}
	events := c.committed(t)
	for _, ev := range events {
		rev, known := states[ev.AggregateID]
		if !known {
			rev.State = &ledgerv1.Ledger{}
		}
		if err := ev.Replay(ledgers, rev.State); err != nil {
			t.Fatal(err)
		}
		rev.AggregateID, rev.Version, rev.Time = ev.AggregateID, ev.Version, ev.Time
		states[ev.AggregateID] = rev
	}
	return states
}

// load returns a fresh state, as soon as the process owns the aggregate.
func (p *process) load(t *testing.T, id string) (es.Revision[*ledgerv1.Ledger], error) {
	t.Helper()
	var rev es.Revision[*ledgerv1.Ledger]
	err := p.insist(t.Context(), func() (err error) {
		rev, err = es.Load[*ledgerv1.Ledger](t.Context(), p.ledgers, id, []es.LoadOption{es.Fresh()})
		return err
	})
	return rev, err
}
