//go:build unix

package kafka_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
	"github.com/esgen-dev/esgen/es/kafka/topics"
	"github.com/esgen-dev/esgen/internal/realkafka"
)

// TestRealUncleanElection lets a broker lead that missed the last events, which
// were acknowledged, as the requirements that are overridden here forbid:
//
//	ESGEN_REAL_KAFKA=1 go test -run TestRealUncleanElection -v ./es/kafka
//
// Whoever knows of the events has to stop: an owner that wrote them, one that
// finds them in the state topic, a reader that has read them. Two things cannot
// be had. An owner that was idle learns of the loss from where its next batch
// lies: it is not acknowledged, readers refuse it, and until then loads are
// answered from memory. And where the state topic lost as much and the owner has
// ended, nobody knows: the next one goes on with what is left. That is why the
// settings are refused.
func TestRealUncleanElection(t *testing.T) {
	cases := []*lossCase{
		{name: "an idle owner", lost: 1},
		{name: "a busy owner", lost: 5, busy: true},
		{name: "a busy owner, one event", lost: 1, busy: true},
		{name: "a new owner", lost: 1, gone: true},
		{name: "a new owner, with the state", lost: 5, gone: true, state: true, silent: true},
	}
	c := newReal(t, 3)
	safe, leader, follower := c.Nodes[0], c.Nodes[1], c.Nodes[2]
	c.coordinate(t, safe)
	for _, tc := range cases {
		tc.prepare(t, c, safe, leader, follower)
		tc.kept = tc.attach(t, "kept", 3)
	}
	follower.Pause()
	for _, tc := range cases {
		tc.await(t, leader, 1)
		tc.reader.until(t, len(tc.attach(t, "lost", tc.lost)))
		if tc.gone {
			tc.end(t)
		}
	}
	leader.Kill()
	var meanwhile sync.WaitGroup
	for _, tc := range cases {
		if tc.busy {
			meanwhile.Go(func() { tc.try(t) })
		}
	}
	meanwhile.Wait()
	follower.Resume()
	for _, tc := range cases {
		tc.await(t, follower, 1)
		t.Run(tc.name, tc.check)
	}
}

// lossCase is a partition that loses events.
type lossCase struct {
	name   string
	lost   int  // events
	busy   bool // the owner has something to do while nobody leads
	gone   bool // the owner ends before that, and another one comes
	state  bool // the state topic loses as much
	silent bool // nobody can know

	cluster realCluster
	events  string
	watch   *watch
	process *process
	reader  *tail
	kept    []record.Event
}

// prepare makes topics with one partition. What may lose events is on two nodes
// only, and either may lead whatever it has.
func (tc *lossCase) prepare(t *testing.T, c realCluster, safe, leader, follower *realkafka.Node) {
	t.Helper()
	tc.cluster, tc.events = c, c.makeTopics(t, 1)
	lossy, kept := []string{tc.events}, []string{tc.events + ".routes"}
	if state := tc.events + ".state"; tc.state {
		lossy = append(lossy, state)
	} else {
		kept = append(kept, state)
	}
	one, yes := "1", "true"
	_, err := kadm.NewClient(c.clients[0]).AlterTopicConfigs(t.Context(), []kadm.AlterConfig{
		{Op: kadm.SetConfig, Name: "min.insync.replicas", Value: &one},
		{Op: kadm.SetConfig, Name: "unclean.leader.election.enable", Value: &yes},
	}, lossy...)
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range lossy {
		c.place(t, topic, 1, leader, follower)
	}
	for _, topic := range kept {
		c.place(t, topic, 1, safe, leader, follower)
	}
	tc.watch = newWatch()
	tc.process, tc.reader = tc.start(t, kafka.Observe(tc.watch)), follow(t, tc.open(t))
}

// end ends the owner, which writes a checkpoint.
func (tc *lossCase) end(t *testing.T) {
	t.Helper()
	if err := tc.process.Close(); err != nil {
		t.Fatal(err)
	}
	if tc.watch.complete() == 0 {
		t.Fatal("there is no checkpoint")
	}
}

// await waits until a node leads what may lose events.
func (tc *lossCase) await(t *testing.T, leader *realkafka.Node, inSync int) {
	t.Helper()
	tc.cluster.await(t, tc.events, leader, inSync)
	if tc.state {
		tc.cluster.await(t, tc.events+".state", leader, inSync)
	}
}

// open returns an engine that keeps its partitions while the group cannot answer.
func (tc *lossCase) open(t *testing.T, opts ...kafka.Option) elsewhere {
	t.Helper()
	return tc.cluster.open(t, tc.events, append(opts, kafka.Session(30*time.Second), kafka.Budget(2*time.Second),
		kafka.Override(topics.UncleanElection, topics.MinInsyncReplicas, topics.ReplicationFactor))...)
}

func (tc *lossCase) start(t *testing.T, opts ...kafka.Option) *process {
	t.Helper()
	e := tc.open(t, opts...)
	return &process{Engine: e.Engine, ledgers: e.Bind(ledgerv1.LedgerType(ledgerv1.Behavior{}))}
}

// attach executes commands, waits until all replicas that are in sync have their
// events, and returns what the log holds.
func (tc *lossCase) attach(t *testing.T, name string, n int) []record.Event {
	t.Helper()
	var last es.Position
	for i := range n {
		last = tc.process.eventually(t, &ledgerv1.Attach{LedgerId: "a"}, fmt.Sprintf("%s/%d", name, i)).Position
	}
	for {
		events := committedFrom(t, tc.events, tc.cluster.Nodes[0].Address)
		if n := len(events); n > 0 && events[n-1].Position == last {
			return events
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// try executes a command on another aggregate, which does not look at what is lost.
func (tc *lossCase) try(t *testing.T) (err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
	defer cancel()
	_, err = tc.process.execute(ctx, &ledgerv1.Attach{LedgerId: "b"}, "next")
	return err
}

// check looks at what becomes of the partition.
func (tc *lossCase) check(t *testing.T) {
	if tc.gone {
		tc.process = tc.start(t)
	}
	if !tc.gone && !tc.busy {
		rev, err := es.Load[*ledgerv1.Ledger](t.Context(), tc.process.ledgers, "a", []es.LoadOption{es.Fresh()})
		t.Logf("before that, the owner loads version %d: %v", rev.Version, err)
	}
	err := tc.process.insist(t.Context(), func() error { return tc.try(t) })
	t.Logf("the owner: %v", err)
	if _, stopped := errors.AsType[*kafka.LogError](err); !stopped && !tc.silent {
		t.Errorf("%v, want a LogError: acknowledged events are gone", err)
	}
	if tc.silent && err != nil {
		t.Errorf("%v, and nothing tells of what was lost", err)
	}
	for i, ev := range committedFrom(t, tc.events, tc.cluster.Nodes[0].Address) {
		switch {
		case i >= len(tc.kept):
			t.Logf("event %d, of command %q, comes after event %d", ev.Sequence.Partition, ev.CommandID, len(tc.kept))
		case ev.Position != tc.kept[i].Position || ev.CommandID != tc.kept[i].CommandID:
			t.Errorf("%s: command %q, want %q at %s", ev.Position, ev.CommandID, tc.kept[i].CommandID, tc.kept[i].Position)
		}
	}
	err = <-tc.reader.err
	t.Logf("a reader: %v", err)
	if _, stopped := errors.AsType[*kafka.LogError](err); !stopped {
		t.Errorf("a reader: %v, want a LogError", err)
	}
}

// tail is a reader that follows the log.
type tail struct {
	seen chan struct{} // one for each event
	err  chan error
}

func follow(t *testing.T, e elsewhere) *tail {
	t.Helper()
	f := &tail{seen: make(chan struct{}, 100), err: make(chan error, 1)}
	events := e.Reader(ledgerv1.LedgerType(ledgerv1.Behavior{}))
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	go func() {
		for _, err := range events.Feed(ctx, es.Start(), es.NewFeedOptions(es.Follow())) {
			if err != nil {
				f.err <- err
				return
			}
			f.seen <- struct{}{}
		}
	}()
	return f
}

// until waits until some events were read.
func (f *tail) until(t *testing.T, n int) {
	t.Helper()
	for range n {
		select {
		case <-f.seen:
		case err := <-f.err:
			t.Fatal(err)
		}
	}
}
