package simulation

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/twmb/franz-go/pkg/kadm"

	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/topics"
)

// grow starts a process, has it write a checkpoint with a snapshot, and stops
// it. It returns what was acknowledged.
func (c *cluster) grow(t *testing.T) []result {
	t.Helper()
	p := c.start(t, kafka.CheckpointEvery(4))
	all := []result{p.must(t, openLedger(), "open")}
	for i := range 23 {
		all = append(all, p.must(t, postAmount(1), fmt.Sprint(i)))
	}
	p.stop()
	return all
}

// TestRetention deletes events that a snapshot makes unnecessary.
func TestRetention(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		all := c.grow(t)
		last := all[len(all)-1].Position
		if err := c.DeleteRecords(eventsTopic, last.Partition, last.Offset+1); err != nil {
			t.Fatal(err)
		}
		p := c.start(t)
		if again := p.must(t, postAmount(1), "22"); !again.Duplicate || again.Position != last {
			t.Errorf("%+v, want a duplicate at %s", again.Receipt, last)
		}
		if res := p.must(t, postAmount(-23), "all of it"); res.Version != 25 {
			t.Errorf("version %d, want 25", res.Version)
		}
	})
}

// TestDeletedTooEarly deletes events that are needed. The partition is refused.
func TestDeletedTooEarly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		all := c.grow(t)
		last := all[len(all)-1].Position
		for _, topic := range []string{stateTopic, eventsTopic} {
			if err := c.DeleteRecords(topic, last.Partition, all[10].Position.Offset); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.DeleteRecords(stateTopic, last.Partition, -1); err != nil {
			t.Fatal(err)
		}
		_, err := c.start(t).load(t.Context(), "a")
		wantLogError(t, err, last.Partition)
	})
}

// TestMadeAgain makes the topic of events anew. What the state topic knows of
// the old one is not in there.
func TestMadeAgain(t *testing.T) {
	for name, again := range map[string]func(*testing.T, *cluster){
		"empty": func(*testing.T, *cluster) {},
		"longer than before": func(t *testing.T, c *cluster) {
			t.Helper()
			for i := range uint64(100) {
				c.write(t, foreignEvent(i+1))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newCluster(t, small())
				c.grow(t)
				if err := c.DeleteTopic(eventsTopic); err != nil {
					t.Fatal(err)
				}
				c.createTopics(t)
				again(t, c)
				p := c.start(t)
				_, err := p.load(t.Context(), "a")
				wantLogError(t, err, home())
				_, err = p.execute(t.Context(), &ledgerv1.Attach{LedgerId: neighbour()})
				wantLogError(t, err, home())
			})
		})
	}
}

// TestCompactedEvents compacts the topic of events by mistake.
func TestCompactedEvents(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		c.grow(t)
		if err := c.DeleteRecords(stateTopic, home(), -1); err != nil {
			t.Fatal(err)
		}
		c.configure(t, eventsTopic, "cleanup.policy", "compact")
		c.Compact()
		_, err := c.start(t, kafka.Override(topics.CleanupPolicy)).load(t.Context(), "a")
		wantLogError(t, err, home())
	})
}

// TestCompactedState compacts the state topic between one owner and the next.
func TestCompactedState(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		all := c.grow(t)
		c.Compact()
		p := c.start(t)
		all = append(all, p.must(t, postAmount(-23), "all of it"))
		p.crash()
		c.Compact()
		all = append(all, c.start(t).eventually(t, postAmount(1), "last"))
		c.audit(t, 26, all...)
	})
}

func (c *cluster) configure(t *testing.T, topic, name, value string) {
	t.Helper()
	client := c.client(t)
	defer client.Close()
	responses, err := kadm.NewClient(client).AlterTopicConfigs(t.Context(), []kadm.AlterConfig{{Name: name, Value: &value}}, topic)
	if err == nil {
		_, err = responses.On(topic, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
}
