package kafka_test

import (
	"errors"
	"sync/atomic"
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
	foreign, record := c.beginForeign(t)

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

// TestUnended_shutOut shuts out a producer with an open transaction, and lets
// another program keep the log from being read. The owner that begins again does
// not ask what its own fence has ended.
func TestUnended_shutOut(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 1)
	first := c.process(t)
	first.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: "a"}, "open")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int32
	c.ControlKey(int16(kmsg.DescribeTransactions), func(r kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		asked.Add(1)
		open := kmsg.NewDescribeTransactionsResponseTransactionState()
		open.TransactionalID, open.State = r.(*kmsg.DescribeTransactionsRequest).TransactionalIDs[0], "Ongoing"
		resp, _ := r.ResponseKind().(*kmsg.DescribeTransactionsResponse)
		resp.TransactionStates = append(resp.TransactionStates, open)
		return resp, nil, true
	})
	foreign, _ := c.beginForeign(t)
	fences := c.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.InitProducerID}, TxnID: "test.ledger.v1.ledger.0", Observe: true, Count: -1})
	second := c.process(t, kafka.Budget(time.Second))
	if err := fences.Wait(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	if err := foreign.EndTransaction(t.Context(), kgo.TryAbort); err != nil {
		t.Fatal(err)
	}
	second.mustExecute(t, post(5), "post")
	if n := asked.Load(); n != 1 {
		t.Errorf("the coordinator was asked %d times, want once", n)
	}
}

// beginForeign begins a transaction of another program, with a record.
func (c *cluster) beginForeign(t *testing.T) (*kgo.Client, *kgo.Record) {
	t.Helper()
	foreign := c.client(t, kgo.TransactionalID("foreign"), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	t.Cleanup(foreign.Close)
	if err := foreign.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	record := &kgo.Record{Topic: topic, Value: []byte("x")}
	if err := foreign.ProduceSync(t.Context(), record).FirstErr(); err != nil {
		t.Fatal(err)
	}
	return foreign, record
}
