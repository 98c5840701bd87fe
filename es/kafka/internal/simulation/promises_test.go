package simulation

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
)

// Each of the tests in this file holds one part of the protocol, and is the one
// that fails when that part is taken out: see TestMutations.

// TestFence lets a process write after another one has taken over.
func TestFence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		sleeper := c.start(t, kafka.Budget(20*time.Second))
		sleeper.must(t, openLedger(), "open")
		sleeper.link.set(weather{frozen: true})
		unsure := make(chan error, 1)
		go func() {
			_, err := sleeper.execute(t.Context(), postAmount(1), es.CommandID("unsure")) // arrives when the link thaws
			unsure <- err
		}()
		other := c.start(t)
		second := other.eventually(t, postAmount(5), "second")
		sleeper.link.set(weather{})
		if err := <-unsure; !elsewhere(err) && !errors.Is(err, es.ErrOutcomeUnknown) {
			t.Errorf("the sleeper: %v, want a NotOwnerError or ErrOutcomeUnknown", err)
		}
		third := other.eventually(t, postAmount(2), "third")
		c.audit(t, 3, second, third)
	})
}

// TestRetry executes a command again under its id: at the same process, and at
// the one that takes over.
func TestRetry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		p := c.start(t)
		p.must(t, openLedger(), "open")
		first := p.must(t, postAmount(5), "post")
		second := p.must(t, postAmount(5), "post")
		p.crash()
		third := c.start(t).eventually(t, postAmount(5), "post")
		for _, again := range []result{second, third} {
			if again.First != first.First || again.Version != first.Version || again.Position != first.Position || !again.Duplicate {
				t.Errorf("again: %+v, want a duplicate of %+v", again.Receipt, first.Receipt)
			}
		}
		c.audit(t, 2, first, second, third)
	})
}

// TestLostEnd loses what ends a transaction. The caller learns what became of
// the command, as if nothing had happened.
func TestLostEnd(t *testing.T) {
	for name, ends := range map[string][]fate{
		"the first response and the retries": {unanswered, lost, lost, lost, lost, lost, lost, lost, lost},
		"all requests":                       {lost, lost, lost, lost, lost, lost, lost, lost, lost},
		"one response":                       {unanswered},
		"one request":                        {lost},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newCluster(t, small())
				p := c.start(t)
				p.must(t, openLedger(), "open")
				losses := p.link.lose(ends)
				res := p.must(t, postAmount(5), "post")
				if losses() == 0 {
					t.Fatal("nothing was lost")
				}
				if res.Duplicate || len(res.Events) != 1 || res.Version != 2 {
					t.Errorf("%+v with %d events, want the first outcome at version 2 with its event", res.Receipt, len(res.Events))
				}
				c.audit(t, 2, res)
			})
		})
	}
}

// TestTwins lets two processes execute one command at once. Their clocks are
// behind the log, so that the event has the same time in both: the one whose
// attempt was shut out may not take the other's event for its own. Not in each
// round does it get the partition back before it gives up.
func TestTwins(t *testing.T) {
	for round := range 8 {
		t.Run(strconv.Itoa(round), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, twins)
		})
	}
}

func twins(t *testing.T) {
	c := newCluster(t, small())
	one := c.start(t)
	one.skew.Store(int64(time.Hour))
	one.must(t, openLedger(), "open")
	one.skew.Store(0)
	losses := one.link.lose(slices.Repeat([]fate{lost}, 8))
	type answer struct {
		res result
		err error
	}
	answers := make(chan answer, 1)
	go func() {
		res, err := one.execute(t.Context(), postAmount(5), es.CommandID("twin"))
		answers <- answer{res, err}
	}()
	for losses() == 0 {
		sleep(t.Context(), time.Millisecond)
	}
	one.link.set(weather{holds: func(k kmsg.Key) bool {
		return k == kmsg.JoinGroup || k == kmsg.SyncGroup || k == kmsg.Heartbeat || k == kmsg.InitProducerID
	}})
	other := c.start(t)
	twin := other.eventually(t, postAmount(5), "twin")
	other.stop()
	one.link.set(weather{})
	if a := <-answers; twin.Duplicate || a.err == nil && !a.res.Duplicate || a.err != nil && !errors.Is(a.err, es.ErrOutcomeUnknown) {
		t.Errorf("%+v, %v in one process, and %+v in the other, which was the first", a.res.Receipt, a.err, twin.Receipt)
	}
	c.audit(t, 2, twin)
}

// lose lets the next requests that end a transaction have the given fates,
// until a new producer is made. The function that it returns says how many had.
func (l *link) lose(fates []fate) (losses func() int) {
	left := make(chan fate, len(fates))
	for _, f := range fates {
		left <- f
	}
	over := make(chan struct{}, 1)
	l.judgeBy(func(r request) fate {
		if r.key == kmsg.InitProducerID {
			select {
			case over <- struct{}{}:
			default:
			}
		}
		if r.key != kmsg.EndTxn || len(over) > 0 {
			return delivered
		}
		select {
		case f := <-left:
			return f
		default:
			return delivered
		}
	})
	return func() int { return len(fates) - len(left) }
}

// TestSleeper freezes a process for longer than its session. What it says from
// memory when the other one has taken over would be out of date.
func TestSleeper(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		sleeper := c.start(t)
		sleeper.must(t, openLedger(), "open")
		sleeper.must(t, postAmount(5), "first")
		sleeper.link.set(weather{frozen: true})
		other := c.start(t, kafka.Advertise("other:1"))
		second := other.eventually(t, postAmount(-5), "second")

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if rev, err := sleeper.load(ctx, "a", es.Fresh()); err == nil && rev.Version != 3 {
			t.Errorf("the sleeper says that version %d is fresh, and it is 3", rev.Version)
		}
		if _, err := sleeper.execute(ctx, postAmount(-7), es.CommandID("refused")); errors.Is(err, ledgerv1.ErrOverdrawn) {
			t.Error("the sleeper refuses a command by a state that is out of date")
		}
		sleeper.link.set(weather{})
		sleep(t.Context(), session)
		// Awake, it knows the owner, or the group has given it the partition back.
		var owner *kafka.NotOwnerError
		events := 3
		switch res, err := sleeper.execute(t.Context(), postAmount(1), es.CommandID("late")); {
		case err == nil && res.Version == 4:
			events++
		case !errors.As(err, &owner) || owner.Address != "other:1":
			t.Errorf("the sleeper, awake: %+v, %v, want a NotOwnerError with the address of the other", res, err)
		}
		c.audit(t, events, second)
	})
}

// TestProof keeps from a process that it was put out of the group. It may not
// take the partition back from its owner.
func TestProof(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		deaf := c.start(t)
		deaf.must(t, openLedger(), "open")
		deaf.link.set(weather{holds: func(k kmsg.Key) bool {
			return k == kmsg.JoinGroup || k == kmsg.SyncGroup || k == kmsg.Heartbeat
		}})
		other := c.start(t)
		second := other.eventually(t, postAmount(5), "second")
		fences := c.fences.Load()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if res, err := deaf.execute(ctx, postAmount(1), es.CommandID("third")); err == nil {
			t.Errorf("the process that is no member executed a command: %+v", res.Receipt)
		}
		if n := c.fences.Load() - fences; n > 0 {
			t.Errorf("it shut out the owner %d times", n)
		}
		c.audit(t, 2, second)
	})
}

// TestBarrier has a broker that was deposed, and does not know it: asked where
// the log ends, it answers what was true when it was the leader. Only a write to
// all replicas tells how much others have committed.
func TestBarrier(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		before := c.start(t)
		opened := before.must(t, openLedger(), "open")
		relearn := c.depose()
		first := before.must(t, postAmount(5), "first")
		before.crash()
		second := c.start(t).eventually(t, postAmount(-5), "second")
		relearn()
		c.audit(t, 3, opened, first, second)
	})
}

// depose lets brokers say that the topic of events ends where it ends now, until
// the function is called that it returns.
func (c *cluster) depose() (relearn func()) {
	ends := c.PartitionInfos(eventsTopic)
	var over atomic.Bool
	c.ControlKey(int16(kmsg.ListOffsets), func(r kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		req := r.(*kmsg.ListOffsetsRequest)
		if over.Load() || len(req.Topics) != 1 || req.Topics[0].Topic != eventsTopic {
			return nil, nil, false
		}
		topic := kmsg.NewListOffsetsResponseTopic()
		topic.Topic = eventsTopic
		for _, asked := range req.Topics[0].Partitions {
			answer := kmsg.NewListOffsetsResponseTopicPartition()
			answer.Partition, answer.Offset = asked.Partition, 0
			if asked.Timestamp == -1 {
				answer.Offset = ends[asked.Partition].HighWatermark
			}
			topic.Partitions = append(topic.Partitions, answer)
		}
		resp := req.ResponseKind().(*kmsg.ListOffsetsResponse)
		resp.Topics = append(resp.Topics, topic)
		return resp, nil, true
	})
	return func() { over.Store(true) }
}

// TestIdle has the brokers confirm a commit without its marker, as they do when
// all of them are killed at once and come back. The owner lives through it, and
// has nothing to do meanwhile. Its next transaction fails, and the marker that
// ends that one would end the other as well.
func TestIdle(t *testing.T) {
	for name, next := range map[string]func(ctx context.Context, p *process) error{
		"a command": func(ctx context.Context, p *process) error {
			_, err := p.execute(ctx, postAmount(-5), es.CommandID("second"))
			return err
		},
		"a fresh load": func(ctx context.Context, p *process) error {
			_, err := p.load(ctx, "a", es.Fresh())
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newCluster(t, small())
				p := c.start(t, kafka.Budget(5*time.Second)) // kfake aborts what is open for twice that
				opened := p.must(t, openLedger(), "open")
				complete := c.leaveOut(t)
				first := p.must(t, postAmount(5), "first")
				sleep(t.Context(), 2*time.Second)

				p.link.lose(slices.Repeat([]fate{lost}, 8))
				ctx, cancel := context.WithTimeout(t.Context(), 6*time.Second)
				defer cancel()
				if err := next(ctx, p); err == nil {
					t.Error("the owner went on without the marker")
				}
				complete()
				sleep(t.Context(), time.Minute) // the owner looks now and then
				second := p.eventually(t, postAmount(-5), "second")
				c.audit(t, 3, opened, first, second)
			})
		})
	}
}

// TestIdle_stop stops a process while its owner waits for a marker. The command
// was not sent, and its caller has to hear that nothing was done.
func TestIdle_stop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		p := c.start(t, kafka.Budget(5*time.Second))
		opened := p.must(t, openLedger(), "open")
		complete := c.leaveOut(t)
		first := p.must(t, postAmount(5), "first")
		sleep(t.Context(), 2*time.Second)
		answer := make(chan error, 1)
		go func() {
			_, err := p.execute(t.Context(), postAmount(-5), es.CommandID("second"))
			answer <- err
		}()
		sleep(t.Context(), time.Second)
		p.stop()
		if err := <-answer; err == nil || errors.Is(err, es.ErrOutcomeUnknown) {
			t.Errorf("%v, want an error that says that nothing was done", err)
		}
		complete()
		c.audit(t, 2, opened, first)
	})
}

// TestIdle_part stops a process whose last commit has no marker, and which has
// nothing to do. The checkpoint that it would leave behind is a transaction, too.
func TestIdle_part(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		p := c.start(t, kafka.Budget(5*time.Second))
		opened := p.must(t, openLedger(), "open")
		complete := c.leaveOut(t)
		first := p.must(t, postAmount(5), "first")
		sleep(t.Context(), 2*time.Second)
		written := c.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Topic: eventsTopic + ".state", Partitions: []int32{home()}, Observe: true, Count: -1})
		p.stop()
		if n := written.Hits(); n > 0 {
			t.Errorf("%d requests to write a checkpoint, which would end the other transaction", n)
		}
		complete()
		c.audit(t, 2, opened, first)
	})
}

// leaveOut lets the coordinator confirm the next commit, and write no marker.
// The function that it returns writes it.
func (c *cluster) leaveOut(t *testing.T) (complete func()) {
	t.Helper()
	var left atomic.Pointer[kmsg.EndTxnRequest]
	var over atomic.Bool // something else was begun
	c.ControlKey(int16(kmsg.EndTxn), func(r kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		req := r.(*kmsg.EndTxnRequest)
		if !req.Commit || !left.CompareAndSwap(nil, req) {
			return nil, nil, false
		}
		resp := req.ResponseKind().(*kmsg.EndTxnResponse)
		resp.ProducerID, resp.ProducerEpoch = req.ProducerID, req.ProducerEpoch+1
		return resp, nil, true
	})
	c.ControlKey(int16(kmsg.Produce), func(r kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		if id, l := r.(*kmsg.ProduceRequest).TransactionID, left.Load(); id != nil && l != nil && *id == l.TransactionalID {
			over.Store(true)
		}
		return nil, nil, false
	})
	c.ControlKey(int16(kmsg.DescribeTransactions), func(r kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		id := r.(*kmsg.DescribeTransactionsRequest).TransactionalIDs[0]
		if l := left.Load(); l == nil || id != l.TransactionalID || over.Load() {
			return nil, nil, false
		}
		state := kmsg.NewDescribeTransactionsResponseTransactionState()
		state.TransactionalID, state.State = id, "CompleteCommit"
		resp := r.ResponseKind().(*kmsg.DescribeTransactionsResponse)
		resp.TransactionStates = append(resp.TransactionStates, state)
		return resp, nil, true
	})
	return func() {
		marker := kadm.TxnMarkers{ProducerID: left.Load().ProducerID, ProducerEpoch: left.Load().ProducerEpoch, Commit: true, Topics: kadm.TopicsSet{}}
		marker.Topics.Add(eventsTopic, home())
		client := c.client(t)
		defer client.Close()
		if _, err := kadm.NewClient(client).WriteTxnMarkers(t.Context(), marker); err != nil {
			t.Fatal(err)
		}
	}
}
