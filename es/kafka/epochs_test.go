package kafka_test

import (
	"errors"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
)

// TestEpochsEnd takes a transactional id to the last epochs of its producer id,
// and executes commands across the change to the next one. A process that slept
// meanwhile cannot commit what it had begun.
func TestEpochsEnd(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 1)
	w := &witness{cluster: c}
	sleeper := c.process(t, kafka.Budget(20*time.Second))
	w.work(t, sleeper, 2, 3)
	sleeper.link.freeze()
	unsure := make(chan error, 1)
	go func() {
		_, err := sleeper.execute(t.Context(), &ledgerv1.Attach{LedgerId: "ledger 1"}, "unsure")
		unsure <- err
	}()
	client := c.client(t)
	defer client.Close()
	id := "test." + topic + ".0"
	for epoch := int16(0); epoch < 32_700; { // each fence takes one
		req := kmsg.NewPtrInitProducerIDRequest()
		req.TransactionalID, req.TransactionTimeoutMillis, req.ProducerID, req.ProducerEpoch = &id, 10_000, -1, -1
		resp, err := req.RequestWith(t.Context(), client)
		if err != nil {
			t.Fatal(err)
		}
		epoch = resp.ProducerEpoch
	}
	producer := func() int64 {
		described, err := c.admin(t).DescribeTransactions(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return described[id].ProducerID
	}
	before := producer()
	p := c.process(t, kafka.CheckpointEvery(10))
	for range 100 {
		w.do(t, p, &ledgerv1.Attach{LedgerId: "ledger 0"})
	}
	if producer() == before {
		t.Error("the producer id is still the same")
	}
	sleeper.link.thaw()
	err := <-unsure
	if _, elsewhere := errors.AsType[*kafka.NotOwnerError](err); !elsewhere && !errors.Is(err, es.ErrOutcomeUnknown) {
		t.Errorf("the sleeper: %v, want a NotOwnerError or ErrOutcomeUnknown", err)
	}
	if err := sleeper.Close(); err != nil {
		t.Fatal(err)
	}
	w.check(t, p)
	w.check(t, c.reopen(t, p))
	c.audit(t, -1, w.acknowledged())
}
