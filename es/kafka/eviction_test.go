package kafka_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// TestLeadersMove moves the leader of a partition before an aggregate is read
// that is not in memory, from where others were read before.
func TestLeadersMove(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 3, 1)
	p := c.process(t, kafka.Memory(0))
	for _, id := range []string{"a", "b", "c"} {
		p.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: id}, "open")
	}
	for _, id := range []string{"a", "b", "c", "a"} {
		if _, err := p.load(t, id); err != nil {
			t.Fatal(err)
		}
		if err := c.MoveTopicPartition(topic, 0, (c.LeaderFor(topic, 0)+1)%3); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSnapshotIsUsed deletes the events that a snapshot makes unnecessary. The
// aggregate comes back without them, in the same process and in another one.
func TestSnapshotIsUsed(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 1)
	w := &witness{cluster: c}
	p := c.process(t, kafka.Memory(0), kafka.CheckpointEvery(1))
	w.work(t, p, 1, 12)
	want := c.fold(t)["ledger 0"]
	p.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: "b"}, "evict")
	s := c.snapshot(t, "ledger 0")
	if s.Version == want.Version {
		t.Fatal("there is no event behind the snapshot")
	}
	c.cut(t, topic, 0, s.Offset+1)
	for range 2 {
		if rev, err := p.load(t, "ledger 0"); err != nil || rev.Version != want.Version || rev.State.GetDigest() != want.State.GetDigest() {
			t.Errorf("%+v, %v; want %+v", rev, err, want)
		}
		for _, h := range w.heard {
			if again := p.eventually(t, h.command, h.receipt.CommandID); !duplicates(again.Receipt, h.receipt) {
				t.Errorf("again: %+v, want %+v", again.Receipt, h.receipt)
			}
		}
		for _, err := range es.History[ledgerv1.LedgerEvent](t.Context(), p.ledgers, "ledger 0", nil) {
			if damage, ok := errors.AsType[*kafka.LogError](err); err != nil && (!ok || damage.Topic != topic) {
				t.Errorf("history: %v, want a LogError", err)
			}
		}
		p = c.reopen(t, p)
	}
}

// reopen closes a process and opens another one.
func (c *cluster) reopen(t *testing.T, p *process, opts ...kafka.Option) *process {
	t.Helper()
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return c.process(t, opts...)
}

// snapshots returns the last snapshots of an aggregate of partition 0, by their
// fingerprints.
func (c *cluster) snapshots(t *testing.T, id string) map[string]*record.Snapshot {
	t.Helper()
	last := map[string]*record.Snapshot{}
	for _, r := range c.records(t, stateTopic, 0, kgo.ReadCommitted()) {
		key, err := record.ParseKey(r.Key)
		if r.Attrs.IsControl() || err != nil || key.Kind != record.SnapshotKind || key.AggregateID != id {
			continue
		}
		if last[key.Fingerprint], err = record.ParseSnapshot(r.Key, r.Value); err != nil {
			t.Fatal(err)
		}
	}
	return last
}

// snapshot returns the last snapshot of an aggregate of partition 0.
func (c *cluster) snapshot(t *testing.T, id string) *record.Snapshot {
	t.Helper()
	for _, s := range c.snapshots(t, id) {
		return s
	}
	t.Fatalf("%q has no snapshot", id)
	return nil
}

// TestEvictedLeaveSnapshots evicts aggregates between checkpoints. Those whose
// snapshot is due leave one behind, or it would never be written.
func TestEvictedLeaveSnapshots(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 1)
	p := c.process(t, kafka.Memory(0), kafka.CheckpointEvery(1000))
	for range 25 {
		for _, id := range []string{"a", "b", "c"} {
			p.mustExecute(t, &ledgerv1.Attach{LedgerId: id}, "")
		}
	}
	for _, id := range []string{"a", "b", "c"} {
		if s := c.snapshot(t, id); s.Version < 20 {
			t.Errorf("the last snapshot of %q is of version %d", id, s.Version)
		}
	}
}

// TestSnapshotCompacted compacts a snapshot away that a process still counts on,
// which does not know yet that it was put out.
func TestSnapshotCompacted(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 1)
	sleeper := c.process(t, kafka.Memory(0), kafka.CheckpointEvery(1))
	for i := range 15 {
		sleeper.mustExecute(t, &ledgerv1.Attach{LedgerId: "a"}, fmt.Sprint(i))
	}
	sleeper.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: "b"}, "evict")
	want := c.fold(t)["a"]
	offset := c.lastOf(t, 0, 'a')
	sleeper.link.hush()
	owner := c.process(t, kafka.Memory(0), kafka.CheckpointEvery(1))
	for i := range 15 {
		owner.eventually(t, &ledgerv1.Attach{LedgerId: "a"}, fmt.Sprint(15+i))
	}
	c.Compact()
	for _, r := range c.records(t, stateTopic, 0, kgo.ReadUncommitted()) {
		if r.Offset == offset {
			t.Fatal("the snapshot is still there")
		}
	}
	rev, err := es.Load[*ledgerv1.Ledger](t.Context(), sleeper.ledgers, "a", nil)
	if err != nil || rev.Version != want.Version || rev.State.GetDigest() != want.State.GetDigest() {
		t.Errorf("%+v, %v; want %+v, out of date as it is", rev, err, want)
	}
}

// TestCompaction compacts the state topic all the time, while processes come and
// go.
func TestCompaction(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 2)
	end := make(chan struct{})
	compacted := make(chan struct{})
	go func() {
		defer close(compacted)
		for {
			select {
			case <-end:
				return
			case <-time.After(time.Millisecond):
				c.Compact()
			}
		}
	}()
	w := &witness{cluster: c}
	opts := []kafka.Option{kafka.CheckpointEvery(3), kafka.Memory(0), kafka.PieceEntries(2)}
	p := c.process(t, opts...)
	for range 4 {
		w.work(t, p, 5, 3)
		p = c.reopen(t, p, opts...)
	}
	w.check(t, p)
	close(end)
	<-compacted
}
