package kafka_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
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
			c.emptyState(t)
		},
		"but for what came last": func(t *testing.T, c *cluster, w *witness) {
			t.Helper()
			c.emptyState(t)
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
	for _, r := range c.records(t, stateTopic, partition, kgo.ReadCommitted()) {
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
			c.emptyState(t)
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

// TestStateTopicMoves deletes, as it seems to a reader, what it is about to read
// of the state topic, as after a compaction or a loss. The owner begins again.
func TestStateTopicMoves(t *testing.T) {
	t.Parallel()
	for name, sign := range map[string]*kerr.Error{
		"the broker knows no such offset":              kerr.OffsetOutOfRange,
		"a new leader has less than the one before it": kerr.FencedLeaderEpoch,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t, 1, 1)
			w := &witness{cluster: c}
			before := c.process(t)
			w.work(t, before, 3, 3)
			if err := before.Close(); err != nil {
				t.Fatal(err)
			}
			c.forgets(stateTopic)
			seen := newWatch()
			moved := c.Fault(kfake.Fault{
				Keys: []kmsg.Key{kmsg.Fetch}, Topic: stateTopic, Err: sign,
				When: func(r kmsg.Request) bool { return seen.phase(0) == kafka.Restoring && goesOn(r) },
			})
			w.check(t, c.process(t, kafka.Observe(seen), kafka.Client(kgo.FetchMaxPartitionBytes(1))))
			if moved.Hits() != 1 {
				t.Errorf("the topic moved %d times, want 1", moved.Hits())
			}
			if n := seen.times(kafka.Restoring); n != 2 {
				t.Errorf("the partition was restored %d times, want 2", n)
			}
		})
	}
}

// goesOn reports whether a fetch asks for what comes behind other records.
func goesOn(r kmsg.Request) bool {
	req, _ := r.(*kmsg.FetchRequest)
	for _, t := range req.Topics {
		for _, p := range t.Partitions {
			if p.FetchOffset > 0 {
				return true
			}
		}
	}
	return false
}

// forgets lets leaders say that the records of all earlier epochs are gone.
func (c *cluster) forgets(topic string) {
	c.ControlKey(int16(kmsg.OffsetForLeaderEpoch), func(r kmsg.Request) (kmsg.Response, error, bool) {
		req, _ := r.(*kmsg.OffsetForLeaderEpochRequest)
		if req.Topics[0].Topic != topic {
			return nil, nil, false
		}
		c.KeepControl()
		p := kmsg.NewOffsetForLeaderEpochResponseTopicPartition()
		p.LeaderEpoch, p.EndOffset = 1, 0
		t := kmsg.NewOffsetForLeaderEpochResponseTopic()
		t.Topic, t.Partitions = topic, append(t.Partitions, p)
		resp, _ := req.ResponseKind().(*kmsg.OffsetForLeaderEpochResponse)
		resp.Topics = append(resp.Topics, t)
		return resp, nil, true
	})
}

// TestStateTopicDamaged stores what no owner would. The partition stops, and
// says where, but for what newer code may keep there.
func TestStateTopicDamaged(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		record *kgo.Record
		want   string // "" is nothing
	}{
		"a foreign record":                {&kgo.Record{Key: []byte("a"), Value: []byte("x")}, "does not start with a kind"},
		"an entry of other bytes":         {&kgo.Record{Key: []byte("i/a"), Value: []byte("x")}, "entry"},
		"a checkpoint of other bytes":     {&kgo.Record{Key: []byte("c/0"), Value: make([]byte, 12)}, "checkpoint"},
		"something that newer code keeps": {&kgo.Record{Key: []byte("z/a"), Value: []byte("x")}, ""},
		"a tombstone":                     {&kgo.Record{Key: []byte("p/0")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t, 1, 1)
			p := c.process(t)
			p.openTwo(t)
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
			tc.record.Topic = stateTopic
			c.produce(t, tc.record)
			_, err := c.process(t).load(t, "a")
			damage, damaged := errors.AsType[*kafka.LogError](err)
			switch {
			case tc.want == "" && err != nil:
				t.Error(err)
			case tc.want != "" && (!damaged || damage.Topic != stateTopic || damage.Offset != tc.record.Offset || !strings.Contains(err.Error(), tc.want)):
				t.Errorf("error %v, want a LogError at offset %d of the state topic: %s", err, tc.record.Offset, tc.want)
			}
		})
	}
}
