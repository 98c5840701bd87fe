package kafka_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// TestSharedPrefix lets another program use the transactional id of a partition.
// Once does no harm. When it goes on, commands fail, and say why.
func TestSharedPrefix(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 1)
	p := c.process(t)
	p.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: "a"}, "open")
	client := c.client(t)
	defer client.Close()
	fence := func() error {
		id := "test." + topic + ".0"
		req := kmsg.NewPtrInitProducerIDRequest()
		req.TransactionalID, req.TransactionTimeoutMillis, req.ProducerID, req.ProducerEpoch = &id, 10_000, -1, -1
		_, err := req.RequestWith(t.Context(), client)
		return err
	}
	if err := fence(); err != nil {
		t.Fatal(err)
	}
	p.mustExecute(t, post(1), "once")
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-end:
				return
			default:
				_ = fence()
			}
		}
	}()
	// A commit may come through between two of its turns, if that is at rest.
	acks := acknowledged{}
	res, err := p.execute(t.Context(), post(1), "0")
	for err == nil && len(acks) < 1000 {
		acks[res.CommandID] = res.Receipt
		res, err = p.execute(t.Context(), post(1), fmt.Sprint(len(acks)))
	}
	if err == nil || !strings.Contains(err.Error(), `another program keeps taking the transactional id "test.ledger.v1.ledger.0"`) {
		t.Errorf("error %v, want one that names what is shared", err)
	}
	close(end)
	<-ended
	limit := time.Now().Add(time.Minute)
	last := fmt.Sprint(len(acks))
	res, err = p.execute(t.Context(), post(1), last)
	for err != nil && time.Now().Before(limit) { // it tries less and less often
		time.Sleep(10 * time.Millisecond)
		res, err = p.execute(t.Context(), post(1), last)
	}
	acks[last] = res.Receipt
	c.audit(t, 2+len(acks), acks)
}
