package simulation

import (
	"errors"
	"testing"
	"testing/synctest"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// TestDamagedLog stores events that no owner would. Who takes the partition
// over refuses it, and who reads the feed gets an error there, not an event.
func TestDamagedLog(t *testing.T) {
	for name, tc := range map[string]struct {
		change    func(next *record.Event) // of what would be the next event
		ownerOnly bool                     // readers of the feed do not know enough to see it
	}{
		"a gap": {change: func(ev *record.Event) {
			ev.Sequence.Partition++
		}},
		"a gap in the aggregate": {ownerOnly: true, change: func(ev *record.Event) {
			ev.Sequence.Aggregate++
			ev.Version++
		}},
		"the last event again": {change: func(ev *record.Event) {
			ev.Sequence.Aggregate--
			ev.Version--
			ev.Sequence.Partition--
			ev.Sequence.Prev = record.NoPrevious
		}},
		"a wrong link": {ownerOnly: true, change: func(ev *record.Event) {
			ev.Sequence.Prev = 1
		}},
		"the middle of a command": {change: func(ev *record.Event) {
			ev.Sequence.Index, ev.Sequence.Count, ev.Sequence.Prev = 1, 3, -1
		}},
		"the start of a command": {ownerOnly: true, change: func(ev *record.Event) {
			ev.Sequence.Count = 2
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newCluster(t, small())
				p := c.start(t)
				opened := p.must(t, openLedger(), "open")
				p.must(t, &ledgerv1.OpenLedger{LedgerId: neighbour()}, "open")
				p.stop()
				ev := c.committed(t)[0]
				ev.Sequence.Aggregate, ev.Sequence.Partition, ev.Sequence.Prev = 2, 3, opened.Position.Offset
				ev.Version, ev.CommandID = 2, "by nobody"
				tc.change(&ev)
				c.write(t, &ev)

				after := c.start(t)
				_, err := after.execute(t.Context(), &ledgerv1.Attach{LedgerId: neighbour()}, es.CommandID("refused"))
				wantLogError(t, err, opened.Position.Partition)
				_, err = after.load(t.Context(), "a")
				wantLogError(t, err, opened.Position.Partition)
				if !tc.ownerOnly {
					seen, err := after.feed(t)
					wantLogError(t, err, opened.Position.Partition)
					if seen != 2 {
						t.Errorf("the feed yields %d events, want those before the damage, which are 2", seen)
					}
				}
			})
		})
	}
}

// TestLogBegins begins a partition with an event that cannot be its first.
func TestLogBegins(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		p := c.start(t)
		p.must(t, openLedger(), "open")
		p.stop()
		ev := c.committed(t)[0]
		ev.AggregateID = stranger()
		ev.Position.Partition = record.Partition(ev.AggregateID, partitions)
		ev.Sequence.Partition = 2
		c.write(t, &ev)
		_, err := c.start(t).load(t.Context(), ev.AggregateID)
		wantLogError(t, err, ev.Position.Partition)
	})
}

func wantLogError(t *testing.T, err error, partition int32) {
	t.Helper()
	if damage, ok := errors.AsType[*kafka.LogError](err); !ok || damage.Partition != partition {
		t.Errorf("error %v, want a LogError of partition %d", err, partition)
	}
}

// feed reads all events, and returns how many came before the error.
func (p *process) feed(t *testing.T) (seen int, err error) {
	t.Helper()
	for _, err := range p.engine.Reader(ledgerType()).Feed(t.Context(), es.Start(), es.FeedOptions{}) {
		if err != nil {
			return seen, err
		}
		seen++
	}
	return seen, nil
}
