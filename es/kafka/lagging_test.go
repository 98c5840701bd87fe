package kafka_test

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
)

// TestLaggingBroker lets a broker say that the log does not reach an offset
// which it does reach: so does a leader that was deposed, and does not know. It
// is asked again, and the partition does not stop.
func TestLaggingBroker(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 1)
	w := &witness{cluster: c}
	p := c.process(t)
	w.work(t, p, 3, 3)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	lags := func(in kafka.Phase, seen *watch, one bool) *kfake.FaultHandle {
		return c.Fault(kfake.Fault{
			Keys: []kmsg.Key{kmsg.Fetch}, Topic: topic, Err: kerr.OffsetOutOfRange,
			When: func(r kmsg.Request) bool { // for one batch, or for what follows
				topics := r.(*kmsg.FetchRequest).Topics
				return seen.phase(0) == in && len(topics) == 1 && (topics[0].Partitions[0].PartitionMaxBytes == 1) == one
			},
		})
	}
	seen := newWatch()
	restoring := lags(kafka.Restoring, seen, false)
	p = c.process(t, kafka.Observe(seen), kafka.Memory(0))
	w.check(t, p)
	serving := lags(kafka.Serving, seen, true)
	p.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: "b"}, "evict")
	w.check(t, p)
	if restoring.Hits() != 1 || serving.Hits() != 1 {
		t.Errorf("the broker lagged %d and %d times, want once each", restoring.Hits(), serving.Hits())
	}
}
