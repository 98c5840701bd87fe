package kafka_test

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/esgen-dev/esgen/es/kafka"
)

// TestStateTopicCut deletes entries of the state topic, but not the checkpoint
// that counts on them, behind which aggregates go on.
func TestStateTopicCut(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 1)
	w, seen := &witness{cluster: c}, newWatch()
	before, fuse := c.crashable(t, kafka.CheckpointEvery(20), kafka.Observe(seen))
	w.work(t, before, 4, 12)
	seen.until(t, "a checkpoint", func() bool { return len(seen.checkpoints) > 0 })
	w.work(t, before, 5, 1)
	before.crash(t, c, fuse)
	c.cut(t, stateTopic, 0, c.lastOf(t, 0, 'c'))
	w.check(t, c.process(t))
}

// TestSnapshotWithoutEntry deletes the entry of an aggregate, but not its
// snapshot.
func TestSnapshotWithoutEntry(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 1)
	w := &witness{cluster: c}
	before := c.process(t)
	w.work(t, before, 1, 12)
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}
	c.cut(t, stateTopic, 0, c.lastOf(t, 0, 'a'))
	w.check(t, c.process(t))
}

// TestStateTopicLost loses what only saves work. The events alone give the same
// states, versions and answers to duplicates.
func TestStateTopicLost(t *testing.T) {
	t.Parallel()
	const partitions = 2
	for name, lose := range map[string]func(t *testing.T, c *cluster, w *witness){
		"made again": func(t *testing.T, c *cluster, _ *witness) {
			t.Helper()
			c.remake(t, stateTopic, partitions)
		},
		"emptied": func(t *testing.T, c *cluster, _ *witness) {
			t.Helper()
			c.loseState(t)
		},
		"but for what came last": func(t *testing.T, c *cluster, w *witness) {
			t.Helper()
			c.loseState(t)
			after := c.process(t, kafka.CheckpointEvery(1))
			w.work(t, after, 2, 1)
			if err := after.Close(); err != nil {
				t.Fatal(err)
			}
		},
		"but for the last checkpoint": func(t *testing.T, c *cluster, _ *witness) {
			t.Helper()
			for p := range int32(partitions) {
				c.cut(t, stateTopic, p, c.lastOf(t, p, 'c'))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t, 1, partitions)
			w := &witness{cluster: c}
			before := c.process(t, kafka.CheckpointEvery(7))
			w.work(t, before, 6, 12)
			if err := before.Close(); err != nil {
				t.Fatal(err)
			}
			lose(t, c, w)
			w.check(t, c.process(t))
		})
	}
}

// lastOf returns the offset of the last record of a kind in the state topic.
func (c *cluster) lastOf(t *testing.T, partition int32, kind byte) int64 {
	t.Helper()
	last := int64(-1)
	for _, r := range c.records(t, stateTopic, partition, readCommitted) {
		if !r.Attrs.IsControl() && r.Key[0] == kind {
			last = r.Offset
		}
	}
	if last < 0 {
		t.Fatalf("partition %d has no record of kind %q", partition, kind)
	}
	return last
}

// TestStateTopicLostUnderOwner loses the state topic while an owner is at work.
// The checkpoints that it goes on to write do not count on what is gone.
func TestStateTopicLostUnderOwner(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(t *testing.T, c *cluster){
		"made again": func(t *testing.T, c *cluster) {
			t.Helper()
			c.remake(t, stateTopic, 1)
		},
		"emptied": func(t *testing.T, c *cluster) {
			t.Helper()
			c.loseState(t)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t, 1, 1)
			w, seen := &witness{cluster: c}, newWatch()
			owner := c.process(t, kafka.CheckpointEvery(5), kafka.Observe(seen), kafka.Memory(0))
			w.work(t, owner, 6, 8)
			lose(t, c)
			before := len(seen.checkpoints)
			w.work(t, owner, 3, 8)
			seen.until(t, "a checkpoint after the loss", func() bool { return len(seen.checkpoints) > before })
			w.check(t, owner)
			if err := owner.Close(); err != nil {
				t.Fatal(err)
			}
			w.check(t, c.process(t))
		})
	}
}

// TestStateTopicMoves lets a broker say once that the state topic does not reach
// the offset that is read next, as after a compaction. The owner begins again.
func TestStateTopicMoves(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 1)
	w := &witness{cluster: c}
	before := c.process(t)
	w.work(t, before, 3, 3)
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}
	seen := newWatch()
	moved := c.Fault(kfake.Fault{
		Keys: []kmsg.Key{kmsg.Fetch}, Topic: stateTopic, Err: kerr.OffsetOutOfRange,
		When: func(kmsg.Request) bool { return seen.phase(0) == kafka.Restoring },
	})
	w.check(t, c.process(t, kafka.Observe(seen)))
	if moved.Hits() != 1 {
		t.Errorf("the topic moved %d times, want 1", moved.Hits())
	}
}
