package kafka_test

import (
	"errors"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
)

// TestUnended leaves a transaction without an end in the log. The next owner
// refuses the partition and says where, and one that comes after the end serves.
func TestUnended(t *testing.T) {
	for name, away := range map[string]int{
		"the coordinator says what the last transaction was": 0,
		"the coordinator does not answer at first":           3,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testUnended(t, away)
		})
	}
}

func testUnended(t *testing.T, away int) {
	t.Helper()
	c := newCluster(t, 1, 1)
	first := c.process(t)
	first.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: "a"}, "open")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	foreign := c.client(t, kgo.TransactionalID("foreign"), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	defer foreign.Close()
	record := &kgo.Record{Topic: topic, Value: []byte("x")}
	if err := foreign.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	if err := foreign.ProduceSync(t.Context(), record).FirstErr(); err != nil {
		t.Fatal(err)
	}

	if away > 0 {
		c.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeTransactions}, Count: away, Err: kerr.CoordinatorLoadInProgress})
	}
	fences := c.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.InitProducerID}, Observe: true, Count: -1})
	second := c.process(t, kafka.Budget(time.Second))
	_, err := second.execute(t.Context(), post(5), "post")
	if broken, ok := errors.AsType[*kafka.LogError](err); !ok || broken.Offset != record.Offset {
		t.Fatalf("%v, want a LogError at offset %d", err, record.Offset)
	}
	if n := fences.Hits(); n > 0 {
		t.Errorf("there were %d fences, after which nobody can say any more what the transaction was", n)
	}
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	if err := foreign.EndTransaction(t.Context(), kgo.TryAbort); err != nil {
		t.Fatal(err)
	}
	c.process(t).mustExecute(t, post(5), "post")
}
