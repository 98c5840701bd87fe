//go:build unix

package kafka_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/internal/realkafka"
)

// TestRealFaults lets nodes die and sleep while commands go on, and audits the
// log. Among three nodes the commands have to go on without the one that leads
// the first partition.
func TestRealFaults(t *testing.T) {
	for name, nodes := range map[string]int{"1 node": 1, "3 nodes": 3} {
		t.Run(name, func(t *testing.T) {
			c := newReal(t, nodes)
			const partitions = 4
			events := c.makeTopics(t, partitions)
			w := newWorkload(c.process(t, events), c.process(t, events))
			w.again = harmless
			var wg sync.WaitGroup
			for i := range 6 {
				wg.Go(func() { w.client(t, i) })
			}
			w.progress(t, 100)
			for _, fault := range []struct {
				name      string
				from, end func(t *testing.T, n *realkafka.Node)
			}{
				{"SIGKILL", kill, restart},
				{"SIGSTOP", pause, resume},
			} {
				began := time.Now()
				leader := c.leader(t, events)
				fault.from(t, leader)
				if nodes > 1 {
					w.progress(t, 50)
					t.Logf("%s of node %d: 50 commands after %v", fault.name, leader.ID, time.Since(began).Round(time.Millisecond))
				} else {
					time.Sleep(5 * time.Second) // longer than a budget, and a session
				}
				fault.end(t, leader)
				w.progress(t, 100)
				t.Logf("%s of node %d: over after %v", fault.name, leader.ID, time.Since(began).Round(time.Millisecond))
			}
			close(w.stop)
			wg.Wait()
			c.audit(t, events, w.acks)
			t.Logf("%d commands acknowledged", len(w.acks))
		})
	}
}

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

func (c realCluster) audit(t *testing.T, topic string, acks acknowledged) {
	t.Helper()
	client, err := kgo.NewClient(append(committedOf(topic), kgo.SeedBrokers(c.Brokers()...))...)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	check(t, committed(t, client, topic), -1, acks)
}
