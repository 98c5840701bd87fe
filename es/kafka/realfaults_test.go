//go:build unix

package kafka_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
	"github.com/esgen-dev/esgen/es/kafka/topics"
	"github.com/esgen-dev/esgen/internal/realkafka"
)

// TestRealFaults lets nodes die and sleep while commands go on, and audits the
// log. Among three nodes the commands have to go on without the one that leads
// the first partition.
func TestRealFaults(t *testing.T) {
	type fault struct {
		name      string
		from, end func(t *testing.T, n *realkafka.Node)
	}
	sleeps := fault{"SIGSTOP", pause, resume}
	for name, tc := range map[string]struct {
		nodes  int
		faults []fault
	}{
		"1 node":  {1, []fault{{"SIGTERM", stop, restart}, sleeps}},
		"3 nodes": {3, []fault{{"SIGKILL", kill, restart}, sleeps}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newReal(t, tc.nodes)
			events := c.makeTopics(t, 4)
			w := c.load(t, events, 6, func(err error) bool { return harmless(err) || tc.nodes == 1 && unmarked(err) })
			w.progress(t, 100)
			for _, fault := range tc.faults {
				began := time.Now()
				leader := c.leader(t, events)
				fault.from(t, leader)
				if tc.nodes > 1 {
					w.progress(t, 50)
					t.Logf("%s of node %d: 50 commands after %v", fault.name, leader.ID, time.Since(began).Round(time.Millisecond))
				} else {
					time.Sleep(5 * time.Second) // longer than a budget, and a session
				}
				fault.end(t, leader)
				if tc.nodes == 1 { // all replicas were away at once
					c.complete(t, events)
				}
				w.progress(t, 100)
				t.Logf("%s of node %d: over after %v", fault.name, leader.ID, time.Since(began).Round(time.Millisecond))
			}
			w.end()
			check(t, c.committed(t, events), -1, w.acks)
			t.Logf("%d commands acknowledged", len(w.acks))
		})
	}
}

// TestRealLostCommit kills the only node. Kafka 4.3 may then leave out the
// markers of what was being committed, and the next marker would abort it. No
// partition may go on as if it had not been confirmed, and all of them have to go
// on once the markers are written.
func TestRealLostCommit(t *testing.T) {
	c := newReal(t, 1)
	events := c.makeTopics(t, 4)
	w := c.load(t, events, 24, func(error) bool { return true })
	w.progress(t, 300)
	c.Nodes[0].Kill()
	restart(t, c.Nodes[0])
	refused := map[int32]bool{}
	for i := range 30 {
		if broken := w.settled(t, fmt.Sprintf("ledger-%d", i)); broken != nil {
			refused[broken.Partition] = true
		}
	}
	if completed := c.complete(t, events); completed != len(refused) {
		t.Errorf("%d markers were written, and partitions were refused: %v", completed, refused)
	}
	w.progress(t, 100)
	w.end()
	check(t, c.committed(t, events), -1, w.acks)
	t.Logf("%d commands acknowledged, partitions that were refused: %v", len(w.acks), refused)
}

// complete writes the markers that were left out, and returns how many.
func (c realCluster) complete(t *testing.T, topic string) (completed int) {
	t.Helper()
	wanted, err := topics.Wanted([]topics.Aggregate{{Topic: topic, Partitions: 4}}, c.profile)
	if err != nil {
		t.Fatal(err)
	}
	hanging, err := topics.FindHanging(t.Context(), c.clients[0], wanted, topics.HangingOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range hanging {
		t.Log(h)
		if h.Outcome != topics.Committed {
			continue
		}
		if err := topics.CommitHanging(t.Context(), c.clients[0], h, topics.HangingOptions{}); err != nil {
			t.Fatal(err)
		}
		completed++
	}
	return completed
}

// load lets clients execute commands with two processes.
func (c realCluster) load(t *testing.T, topic string, clients int, again func(error) bool) *realLoad {
	t.Helper()
	w := &realLoad{workload: newWorkload(c.process(t, topic), c.process(t, topic))}
	w.again = again
	for i := range clients {
		w.clients.Go(func() { w.client(t, i) })
	}
	return w
}

type realLoad struct {
	*workload

	clients sync.WaitGroup
}

func (w *realLoad) end() {
	close(w.stop)
	w.clients.Wait()
}

// settled waits until a process says what an aggregate is, or that its
// partition is refused.
func (w *realLoad) settled(t *testing.T, id string) *kafka.LogError {
	t.Helper()
	for attempt := 0; ; attempt++ {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		_, err := es.Load[*ledgerv1.Ledger](ctx, w.get(attempt%2).ledgers, id, []es.LoadOption{es.Fresh()})
		cancel()
		if err == nil || errors.Is(err, es.ErrNotFound) {
			return nil
		}
		if broken, ok := errors.AsType[*kafka.LogError](err); ok {
			return broken
		}
		if attempt > 300 {
			t.Fatalf("%s: %v", id, err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func stop(_ *testing.T, n *realkafka.Node)   { n.Stop(10 * time.Second) }
func kill(_ *testing.T, n *realkafka.Node)   { n.Kill() }
func pause(_ *testing.T, n *realkafka.Node)  { n.Pause() }
func resume(_ *testing.T, n *realkafka.Node) { n.Resume() }

func restart(t *testing.T, n *realkafka.Node) {
	t.Helper()
	if err := n.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// harmless reports whether an error may come of brokers that are away. What is
// wrong with the log may not.
func harmless(err error) bool {
	_, damaged := errors.AsType[*kafka.LogError](err)
	_, outdated := errors.AsType[*kafka.OutdatedError](err)
	return !damaged && !outdated
}

// unmarked reports whether an error says that a marker was left out.
func unmarked(err error) bool { return strings.Contains(err.Error(), "esgen topics complete") }

// process is an engine with ledgers whose events are in a topic.
func (c realCluster) process(t *testing.T, topic string) *process {
	t.Helper()
	e := c.open(t, topic, kafka.Session(3*time.Second), kafka.Budget(2*time.Second))
	return &process{Engine: e.Engine, ledgers: e.Bind(ledgerv1.LedgerType(ledgerv1.Behavior{}))}
}

// leader returns the node that leads the first partition of a topic.
func (c realCluster) leader(t *testing.T, topic string) *realkafka.Node {
	t.Helper()
	found, err := kadm.NewClient(c.clients[0]).ListTopics(t.Context(), topic)
	if err == nil {
		err = found.Error()
	}
	if err != nil {
		t.Fatal(err)
	}
	return c.Node(found[topic].Partitions[0].Leader)
}

// committed returns what is committed in a topic.
func (c realCluster) committed(t *testing.T, topic string) []record.Event {
	t.Helper()
	return committedFrom(t, topic, c.Brokers()...)
}

// committedFrom is committed for who knows which brokers answer.
func committedFrom(t *testing.T, topic string, brokers ...string) []record.Event {
	t.Helper()
	client, err := kgo.NewClient(append(committedOf(topic), kgo.SeedBrokers(brokers...))...)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	ends, err := kadm.NewClient(client).ListCommittedOffsets(t.Context(), topic)
	if err != nil {
		t.Fatal(err)
	}
	return committed(t, client, ends[topic])
}
