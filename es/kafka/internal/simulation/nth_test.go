package simulation

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
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

// failure is one request that fails once: the nth of its kind.
type failure struct {
	key   kmsg.Key
	nth   int
	error *kerr.Error // what the broker answers; nil for a reset
	fate  fate        // of the request when it is reset
}

func (f failure) String() string {
	how := "reset before it arrives"
	switch {
	case f.error != nil:
		how = f.error.Message
	case f.fate == unanswered:
		how = "reset after it arrived"
	}
	return fmt.Sprintf("%s %d: %s", f.key.Name(), f.nth, how)
}

// work does something on a cluster whose events it returns in the end. Before
// the part in which a request may fail it calls arm for the process.
type work func(t *testing.T, c *cluster, arm func(*process)) []result

// TestFailNth fails each request of some work, with each error that a broker
// may answer, and with a reset of the connection before and after the request
// was carried out. The commands succeed all the same, and are stored once.
func TestFailNth(t *testing.T) {
	t.Parallel()
	for name, w := range map[string]work{"command": commandWork, "takeover": takeoverWork, "checkpoint": checkpointWork} {
		for kind, s := range map[string]setting{
			"": small(), ", brokers assign": {brokers: nodes, serverSide: true}, ", old protocol": {brokers: nodes, version: "v2.8"},
		} {
			t.Run(name+kind, func(t *testing.T) {
				t.Parallel()
				for i, f := range failures(t, s, w) {
					if i%sample == 0 || *thorough {
						t.Run(f.String(), func(t *testing.T) { w.survives(t, s, f) })
					}
				}
			})
		}
	}
}

// sample is how many failures there are for one that is tried, unless the test
// is thorough.
const sample = 19

// survives tests that the work comes to its end although a request fails.
func (w work) survives(t *testing.T, s setting, f failure) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, s)
		var disarm func() (hits int)
		acknowledged := w(t, c, func(p *process) { disarm = p.fail(c, f) })
		if disarm() == 0 {
			t.Log("there was no such request this time")
		}
		c.audit(t, int(acknowledged[len(acknowledged)-1].Version), acknowledged...)
	})
}

// commandWork executes a command.
func commandWork(t *testing.T, c *cluster, arm func(*process)) []result {
	t.Helper()
	p := c.start(t)
	opened := p.must(t, openLedger(), "open")
	arm(p)
	return []result{opened, p.must(t, postAmount(5), "post")}
}

// takeoverWork takes a partition over from a process that crashed.
func takeoverWork(t *testing.T, c *cluster, arm func(*process)) []result {
	t.Helper()
	before := c.start(t)
	opened := before.must(t, openLedger(), "open")
	before.crash()
	after := c.open(t)
	arm(after)
	after.ledgers = after.engine.Bind(ledgerType())
	return []result{opened, after.stubborn(t, postAmount(5), "post")}
}

// checkpointWork executes commands while checkpoints are written, and lets
// another process begin with them.
func checkpointWork(t *testing.T, c *cluster, arm func(*process)) []result {
	t.Helper()
	p := c.start(t, kafka.CheckpointEvery(2))
	all := []result{p.must(t, openLedger(), "open")}
	arm(p)
	for i := range 6 {
		all = append(all, p.must(t, postAmount(5), fmt.Sprint("post ", i)))
	}
	p.stop()
	return append(all, c.start(t).stubborn(t, postAmount(5), "post"))
}

// stubborn executes a command until it succeeds, whatever is answered before.
func (p *process) stubborn(t *testing.T, c ledgerv1.LedgerCommand, id string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for wait := pause; ; wait = longer(wait) {
		res, err := p.execute(ctx, c, es.CommandID(id))
		if err == nil {
			return res
		}
		if damage, ok := errors.AsType[*kafka.LogError](err); ok || !sleep(ctx, wait) {
			t.Fatalf("%s: %v, %v", id, err, damage)
		}
	}
}

// most is how many requests of one kind are made to fail. Some are made for as
// long as something is waited for.
const most = 10

// failures finds out which requests there are, and returns all the ways in
// which one of them may fail.
func failures(t *testing.T, s setting, w work) []failure {
	t.Helper()
	counts := map[kmsg.Key]int{}
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var armed *process
		w(t, newCluster(t, s), func(p *process) {
			armed = p
			p.link.judgeBy(func(r request) fate {
				mu.Lock()
				defer mu.Unlock()
				counts[r.key]++
				return delivered
			})
		})
		armed.link.judgeBy(nil)
	})
	var all []failure
	for _, key := range slices.Sorted(maps.Keys(counts)) {
		for n := 1; n <= min(counts[key], most); n++ {
			all = append(all, failure{key: key, nth: n, fate: lost}, failure{key: key, nth: n, fate: unanswered})
			for _, e := range errorsOf(key) {
				all = append(all, failure{key: key, nth: n, error: e})
			}
		}
	}
	return all
}

// fail arms a failure. The function that it returns disarms it, and says how
// often it struck.
func (p *process) fail(c *cluster, f failure) (disarm func() int) {
	if f.error == nil {
		var seen, struck atomic.Int64
		p.link.judgeBy(func(r request) fate {
			if r.key != f.key || seen.Add(1) != int64(f.nth) {
				return delivered
			}
			struck.Add(1)
			return f.fate
		})
		return func() int {
			p.link.judgeBy(nil)
			return int(struck.Load())
		}
	}
	seen := 0
	var last kmsg.Request // a fault asks for each partition of a request
	fault := c.Fault(kfake.Fault{Keys: []kmsg.Key{f.key}, Err: f.error, When: func(r kmsg.Request) bool {
		if r != last {
			seen, last = seen+1, r
		}
		return seen == f.nth
	}})
	return func() int {
		fault.Remove()
		return fault.Hits()
	}
}

// errorsOf returns what a broker may answer to a request although nothing is
// wrong that lasts.
func errorsOf(k kmsg.Key) []*kerr.Error {
	switch k {
	case kmsg.Produce:
		return append(produceErrors(), kerr.NotEnoughReplicas, kerr.InvalidProducerEpoch, kerr.InvalidTxnState)
	case kmsg.EndTxn:
		return append(endErrors(), kerr.CoordinatorLoadInProgress, kerr.InvalidTxnState, kerr.InvalidProducerEpoch, kerr.ProducerFenced)
	case kmsg.InitProducerID, kmsg.AddPartitionsToTxn:
		return endErrors()
	case kmsg.FindCoordinator:
		return []*kerr.Error{kerr.CoordinatorNotAvailable, kerr.CoordinatorLoadInProgress}
	case kmsg.OffsetCommit, kmsg.OffsetFetch, kmsg.JoinGroup, kmsg.SyncGroup, kmsg.Heartbeat:
		return []*kerr.Error{
			kerr.NotCoordinator, kerr.CoordinatorLoadInProgress, kerr.RebalanceInProgress, kerr.IllegalGeneration, kerr.UnknownMemberID,
		}
	case kmsg.ConsumerGroupHeartbeat:
		return []*kerr.Error{kerr.NotCoordinator, kerr.CoordinatorLoadInProgress, kerr.UnknownMemberID, kerr.FencedMemberEpoch}
	case kmsg.Metadata:
		return []*kerr.Error{kerr.LeaderNotAvailable, kerr.UnknownTopicOrPartition}
	case kmsg.Fetch, kmsg.ListOffsets:
		return []*kerr.Error{kerr.NotLeaderForPartition, kerr.KafkaStorageError, kerr.OffsetNotAvailable, kerr.UnknownServerError}
	default:
		return nil
	}
}
