package simulation

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
)

// TestMoves moves leaders and coordinators between commands.
func TestMoves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		p := c.start(t)
		all := []result{p.must(t, openLedger(), "open")}
		for i := range 10 {
			c.ShufflePartitionLeaders()
			all = append(all, p.must(t, postAmount(1), fmt.Sprint("leaders ", i)))
			c.RehashCoordinators()
			all = append(all, p.must(t, postAmount(1), fmt.Sprint("coordinators ", i)))
		}
		c.audit(t, 21, all...)
	})
}

// TestBrokerRestart stops all brokers in the middle of a transaction, and
// starts them again with what they had on their disks.
func TestBrokerRestart(t *testing.T) {
	disk := t.TempDir()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, setting{brokers: nodes, disk: disk})
		p := c.start(t)
		opened := p.must(t, openLedger(), "open")
		produced := make(chan struct{}, 1)
		p.link.judgeBy(func(r request) fate {
			if r.key != kmsg.EndTxn {
				return delivered
			}
			select {
			case produced <- struct{}{}:
			default:
			}
			return lost
		})
		answer := make(chan result, 1)
		go func() {
			res, _ := p.execute(t.Context(), postAmount(5), es.CommandID("post"))
			answer <- res
		}()
		<-produced
		c.restart(t)
		p.link.judgeBy(nil)
		c.audit(t, 2, opened, <-answer)
	})
}

// TestGroupAway lets the coordinator of the group be away for five minutes.
// Nothing is lost, and in the end everything works again.
func TestGroupAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		p := c.start(t)
		all := []result{p.must(t, openLedger(), "open")}
		away := c.Fault(kfake.Fault{
			Keys:  []kmsg.Key{kmsg.JoinGroup, kmsg.SyncGroup, kmsg.Heartbeat, kmsg.OffsetCommit, kmsg.OffsetFetch},
			Count: -1, Err: kerr.CoordinatorNotAvailable,
		})
		served := 0
		for i := range 30 {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			res, err := p.execute(ctx, postAmount(1), es.CommandID(fmt.Sprint(i)))
			if err == nil {
				all = append(all, res)
				served++
			}
			<-ctx.Done()
			cancel()
		}
		if served < 30 {
			t.Errorf("%d of 30 commands were served meanwhile", served)
		}
		away.Remove()
		for i := range 30 {
			all = append(all, p.must(t, postAmount(1), fmt.Sprint(i)))
		}
		c.audit(t, 31, all...)
	})
}

// TestExpiredProducer lets the brokers forget a producer that was idle.
func TestExpiredProducer(t *testing.T) {
	s := small()
	s.expiration = 10 * time.Second
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, s)
		p := c.start(t)
		opened := p.must(t, openLedger(), "open")
		fences := c.fences.Load()
		time.Sleep(time.Minute)
		posted := p.must(t, postAmount(5), "post")
		if c.fences.Load() == fences {
			t.Error("the producer had not expired")
		}
		c.audit(t, 2, opened, posted)
	})
}

// TestEpochs makes more commits than there are epochs of a producer.
func TestEpochs(t *testing.T) {
	if !*thorough {
		t.Skip("run with -sim.thorough")
	}
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		p := c.start(t)
		opened := p.must(t, openLedger(), "open")
		const commits = 33_000 // an epoch has 16 bits, with a sign
		var last result
		for i := range commits {
			last = p.must(t, postAmount(1), fmt.Sprint(i))
		}
		after := c.start(t, kafka.Advertise("after"))
		p.stop()
		c.audit(t, commits+2, opened, last, after.eventually(t, postAmount(1), "after"))
	})
}

// TestGroupLost keeps a process from its group, while another one takes over.
// Nobody executes commands there any more, so nothing tells it; yet it does not
// go on to answer with what it knew.
func TestGroupLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		p := c.start(t)
		opened := p.must(t, openLedger(), "open")
		p.link.set(weather{holds: ofGroup})
		posted := c.start(t).eventually(t, postAmount(5), "post")
		time.Sleep(2 * session)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if rev, err := p.load(ctx, "a"); err == nil {
			t.Errorf("version %d is what it answers, and version %d is stored", rev.Version, posted.Version)
		}
		p.link.set(weather{})
		c.audit(t, 2, opened, posted)
	})
}

// TestConsumeWhileAway starts a consumer while no broker can be reached.
func TestConsumeWhileAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		p := c.start(t)
		p.must(t, openLedger(), "open")
		p.link.set(weather{cut: true})
		time.Sleep(time.Minute) // until what the client knew is too old
		d := newDatabase(rand.New(rand.NewPCG(1, 1)), func(err error) { t.Error(err) })
		go d.serve(p)
		time.Sleep(5 * time.Second)
		p.link.set(weather{})
		time.Sleep(10 * session)
		if !d.has(1) {
			t.Error("nothing is projected")
		}
		p.stop()
	})
}

// TestConsumeFromDeposed has a broker that was deposed, and does not know it: it
// says that the log ends before what a consumer has read. That is no damage.
func TestConsumeFromDeposed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		p := c.start(t)
		p.must(t, openLedger(), "open")
		relearn := c.depose()
		p.must(t, postAmount(5), "post")
		d := newDatabase(rand.New(rand.NewPCG(1, 1)), func(err error) { t.Error(err) })
		first := c.start(t)
		go d.serve(first)
		time.Sleep(session)
		if !d.has(2) {
			t.Error("the events are not projected")
		}
		first.stop()
		go d.serve(p)
		time.Sleep(10 * time.Second) // as long as it is deposed
		relearn()
		p.eventually(t, postAmount(1), "more")
		time.Sleep(10 * session)
		if !d.has(3) {
			t.Error("what came later is not projected")
		}
		p.stop()
	})
}

// TestFeedBehindTheEnd opens a feed at a cursor that the log does not reach in
// one of its partitions, however often it is asked.
func TestFeedBehindTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		p := c.start(t)
		p.must(t, openLedger(), "open")
		var cursor es.Cursor
		if err := cursor.UnmarshalText([]byte(fmt.Sprintf("%d:100", home()))); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // that is 30 budgets
		defer cancel()
		var failed error
		for _, err := range es.Feed[ledgerv1.LedgerEvent](ctx, p.engine.Reader(ledgerType()), cursor, nil) {
			failed = err
		}
		var damage *kafka.LogError
		if !errors.As(failed, &damage) || damage.Partition != home() {
			t.Errorf("the feed ends with %v, want a LogError of partition %d", failed, home())
		}
		p.stop()
	})
}
