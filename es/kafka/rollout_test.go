package kafka_test

import (
	"errors"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// merged is the name of an event that today's code does not know.
const merged = "ledger.v1.LedgerMerged"

// newer is a version of the code that knows one more event. It emits it when the
// command Attach says so.
type newer struct{ es.Aggregate }

func newerCode() es.Aggregate { return newer{ledgerv1.LedgerType(ledgerv1.Behavior{})} }

func (n newer) Handle(m es.Meta, s, c proto.Message) ([]proto.Message, error) {
	if a, ok := c.(*ledgerv1.Attach); ok && string(a.GetData()) == merged {
		return []proto.Message{wrapperspb.String("another ledger")}, nil
	}
	return n.Aggregate.Handle(m, s, c)
}

func (n newer) TypeOf(e proto.Message) string {
	if _, ok := e.(*wrapperspb.StringValue); ok {
		return merged
	}
	return n.Aggregate.TypeOf(e)
}

func (n newer) New(typ string) (proto.Message, bool) {
	if typ == merged {
		return new(wrapperspb.StringValue), true
	}
	return n.Aggregate.New(typ)
}

func (n newer) Apply(m es.Meta, s, e proto.Message) bool {
	if v, ok := e.(*wrapperspb.StringValue); ok {
		s.(*ledgerv1.Ledger).Owner = v.GetValue()
		return true
	}
	return n.Aggregate.Apply(m, s, e)
}

// merge stores an event that only new code knows.
func (p *process) merge(t *testing.T, id string) es.Receipt {
	t.Helper()
	var receipt es.Receipt
	err := p.insist(t.Context(), func() (err error) {
		c := &ledgerv1.Attach{LedgerId: id, Data: []byte(merged)}
		receipt, _, err = p.ledgers.Execute(t.Context(), c, es.CommandOptions{CommandID: "merge"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return receipt
}

// try executes a command without an event that is new, somewhere.
func (p *process) try(t *testing.T, id string) error {
	t.Helper()
	return p.insist(t.Context(), func() error {
		_, err := p.execute(t.Context(), &ledgerv1.Attach{LedgerId: id}, "")
		return err
	})
}

// TestOutdated stores an event that old code does not know. The partition that
// holds it is refused by old code, until new code is back; the others are not.
func TestOutdated(t *testing.T) {
	t.Parallel()
	for name, forget := range map[string]func(t *testing.T, c *cluster){
		"under a checkpoint": func(*testing.T, *cluster) {},
		"by the log": func(t *testing.T, c *cluster) {
			t.Helper()
			c.emptyState(t)
		},
		"under a checkpoint, in a state topic that was lost before": func(t *testing.T, c *cluster) {
			t.Helper()
			c.emptyState(t)
			p := c.processOf(t, newerCode())
			if _, err := p.load(t, "a"); err != nil {
				t.Error(err)
			}
			if err := p.Close(); err != nil { // writes a checkpoint
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t, 1, 2)
			partition, sound := record.Partition("a", 2), other("a")
			p := c.processOf(t, newerCode())
			for _, id := range []string{"a", sound} {
				if err := p.try(t, id); err != nil {
					t.Fatal(err)
				}
			}
			// Rolled back before the event was stored: nothing happens.
			p = c.reopen(t, p)
			for _, id := range []string{"a", sound} {
				if err := p.try(t, id); err != nil {
					t.Error(err)
				}
			}
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
			p = c.processOf(t, newerCode())
			p.merge(t, "a")
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
			// Rolled back after that.
			forget(t, c)
			before := c.committed(t)
			p = c.process(t)
			for range 2 {
				err := p.try(t, "a")
				outdated, ok := errors.AsType[*kafka.OutdatedError](err)
				if !ok || outdated.Partition != partition || !slices.Equal(outdated.Types, []string{merged}) {
					t.Errorf("error %v, want an OutdatedError", err)
				}
			}
			if after := c.committed(t); len(after) != len(before) {
				t.Errorf("the log has %d events, and had %d", len(after), len(before))
			}
			if err := p.try(t, sound); err != nil {
				t.Error(err)
			}
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
			// New code is back.
			p = c.processOf(t, newerCode())
			if !p.merge(t, "a").Duplicate {
				t.Error("a command was forgotten")
			}
			for _, id := range []string{"a", sound} {
				if err := p.try(t, id); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestExpandFirst lets code that knows a new event run beside code that does
// not, as long as nobody stores one. Partitions go back and forth.
func TestExpandFirst(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 4)
	w, seen := &witness{cluster: c}, newWatch()
	today := c.process(t, kafka.Observe(seen))
	for range 3 {
		newest := c.processOf(t, newerCode(), kafka.Observe(seen))
		for i := range 20 {
			w.everywhere(t, &ledgerv1.Attach{LedgerId: string(rune('a' + i))}, today, newest)
		}
		if err := newest.Close(); err != nil {
			t.Fatal(err)
		}
	}
	w.check(t, today)
	if n := seen.times(kafka.Outdated); n > 0 {
		t.Errorf("%d times a partition was refused", n)
	}
}

// everywhere executes a command at whichever process owns its aggregate.
func (w *witness) everywhere(t *testing.T, c ledgerv1.LedgerCommand, processes ...*process) {
	t.Helper()
	i := 0
	err := processes[0].insist(t.Context(), func() error {
		i++
		res, err := processes[i%len(processes)].execute(t.Context(), c, w.nextID())
		if err == nil {
			w.heard = append(w.heard, testimony{c, res.Receipt})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
