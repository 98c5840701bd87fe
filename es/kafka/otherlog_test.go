package kafka_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kversion"

	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// TestOtherLog keeps the state topic and changes the events: they were cut, or
// the topic was made again. The partition stops, however often it is tried.
func TestOtherLog(t *testing.T) {
	t.Parallel()
	again := func(t *testing.T, c *cluster) {
		t.Helper()
		c.remake(t, topic, 1)
	}
	cut := func(end int64) func(*testing.T, *cluster) {
		return func(t *testing.T, c *cluster) {
			t.Helper()
			c.truncate(t, topic, 0, end, 1)
		}
	}
	for name, tc := range map[string]struct {
		leave, harm func(t *testing.T, c *cluster)
	}{
		"made again":                                      {stopInCheckpoint, again},
		"made again, under a checkpoint":                  {stopBehindCheckpoint, again},
		"made again, before a checkpoint":                 {stopBeforeCheckpoint, again},
		"cut in front of the checkpoint":                  {stopInCheckpoint, cut(6)},
		"cut between the checkpoint and an entry":         {stopInCheckpoint, cut(12)},
		"without the last event that a checkpoint counts": {stopBehindCheckpoint, cut(8)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t, 1, 1)
			tc.leave(t, c)
			tc.harm(t, c)
			before := c.committed(t)
			for range 8 { // each leaves an aborted transaction in the log
				c.refused(t, 0, "the log was cut, or the topic was made again")
			}
			if after := c.committed(t); len(after) != len(before) {
				t.Errorf("the log has %d events, and had %d", len(after), len(before))
			}
		})
	}
}

// stopBeforeCheckpoint leaves four events of the aggregates "a" and "b", at even
// offsets from 2 on.
func stopBeforeCheckpoint(t *testing.T, c *cluster) {
	t.Helper()
	p, fuse := c.crashable(t)
	p.openTwo(t)
	p.attachTwo(t)
	p.crash(t, c, fuse)
}

// stopBehindCheckpoint leaves a checkpoint that counts these four.
func stopBehindCheckpoint(t *testing.T, c *cluster) {
	t.Helper()
	p := c.process(t)
	p.openTwo(t)
	p.attachTwo(t)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}

// stopInCheckpoint leaves a checkpoint that counts these four, four more, and an
// entry that knows the last event of one aggregate.
func stopInCheckpoint(t *testing.T, c *cluster) {
	t.Helper()
	seen := newWatch()
	p, fuse := c.crashable(t, kafka.CheckpointEvery(4), kafka.PieceEntries(1), kafka.Observe(seen))
	p.openTwo(t)
	p.attachTwo(t)
	seen.until(t, "a checkpoint", func() bool { return len(seen.checkpoints) == 1 })
	fuse.arm(5, true) // four commands and one of two pieces
	p.attachTwo(t)
	p.attachTwo(t)
	<-fuse.blown
	p.crash(t, c, fuse)
}

func (p *process) openTwo(t *testing.T) {
	t.Helper()
	for _, id := range []string{"a", "b"} {
		p.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: id}, "")
	}
}

func (p *process) attachTwo(t *testing.T) {
	t.Helper()
	for _, id := range []string{"a", "b"} {
		p.mustExecute(t, &ledgerv1.Attach{LedgerId: id}, "")
	}
}

// TestEventsMadeAgainUnderOwner makes the topic again while an owner is at work.
func TestEventsMadeAgainUnderOwner(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		kafka []kfake.Opt
		want  string
	}{
		"topics have ids":   {nil, "UNKNOWN_TOPIC_ID"},
		"topics have names": {[]kfake.Opt{kfake.MaxVersions(kversion.V2_8_0())}, "the topic was made again"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t, 1, 1, tc.kafka...)
			p := c.process(t, kafka.Budget(time.Second))
			p.openTwo(t)
			p.attachTwo(t)
			c.remake(t, topic, 1)
			for range 2 {
				_, err := p.execute(t.Context(), &ledgerv1.OpenLedger{LedgerId: "new"}, "open")
				if err == nil || !strings.Contains(err.Error(), tc.want) {
					t.Errorf("error %v, want one with %s", err, tc.want)
				}
			}
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
			c.refused(t, 0, "")
		})
	}
}

// TestOtherSnapshot replaces the snapshot of an aggregate by one that is not of
// this log. That partition stops, and no other.
func TestOtherSnapshot(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(s *record.Snapshot)
		want   string
	}{
		"of another log": {
			func(s *record.Snapshot) { s.Offset, s.Window = s.Offset-1, nil },
			"it is of another log",
		},
		"of the future": {
			func(s *record.Snapshot) { s.Version += 5 },
			"it is of another log",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t, 1, 2)
			sound := other("a")
			before := c.process(t)
			for _, id := range []string{"a", sound} {
				before.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: id}, "open")
				for range 12 {
					before.mustExecute(t, &ledgerv1.Attach{LedgerId: id}, "")
				}
			}
			if err := before.Close(); err != nil {
				t.Fatal(err)
			}
			partition := record.Partition("a", 2)
			c.changeSnapshot(t, partition, tc.change)
			c.refused(t, partition, tc.want)
			if _, err := c.process(t).load(t, sound); err != nil {
				t.Error(err)
			}
		})
	}
}

// changeSnapshot writes the last snapshot of a partition again, changed.
func (c *cluster) changeSnapshot(t *testing.T, partition int32, change func(*record.Snapshot)) {
	t.Helper()
	at := c.lastOf(t, partition, 'a')
	for _, r := range c.records(t, stateTopic, partition, kgo.ReadCommitted()) {
		if r.Offset != at {
			continue
		}
		s, err := record.ParseSnapshot(r.Key, r.Value)
		if err != nil {
			t.Fatal(err)
		}
		change(s)
		value, err := s.Encode(r.Key)
		if err != nil {
			t.Fatal(err)
		}
		c.produce(t, &kgo.Record{Topic: stateTopic, Partition: partition, Key: r.Key, Value: value})
	}
}

// refused opens a process, which has to refuse the aggregate "a" because the log
// of its partition is damaged.
func (c *cluster) refused(t *testing.T, partition int32, want string) {
	t.Helper()
	p := c.process(t)
	_, err := p.load(t, "a")
	damage, ok := errors.AsType[*kafka.LogError](err)
	if !ok || damage.Partition != partition || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want a LogError in partition %d: %s", err, partition, want)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}
