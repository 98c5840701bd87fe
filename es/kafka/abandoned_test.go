package kafka_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// TestAbandoned refuses a command, and keeps the owner from proving that this is
// how it is until the caller gives up. Meanwhile another owner opens the ledger.
// What that one told the caller has to stay true: the command, which would be
// accepted now, is not decided again.
func TestAbandoned(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 2)
	seen := newWatch()
	p := c.process(t, kafka.Budget(time.Second), kafka.Observe(seen))
	if _, err := p.execute(t.Context(), post(5), "before"); !errors.Is(err, es.ErrNotFound) {
		t.Fatalf("%v, want that there is no such ledger", err)
	}
	nothing := c.Fault(kfake.Fault{
		Keys: []kmsg.Key{kmsg.EndTxn}, TxnID: fmt.Sprintf("test.%s.%d", topic, record.Partition("a", 2)),
		Err: kerr.InvalidTxnState, Count: -1,
	})
	before := seen.times(kafka.Barring)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		seen.until(t, "an owner that begins again", func() bool { return seen.entered[kafka.Barring] > before })
		cancel()
	}()
	if _, err := p.execute(ctx, post(5), "post"); !errors.Is(err, es.ErrOutcomeUnknown) {
		t.Fatalf("%v, want an unknown outcome", err)
	}
	c.store(t, forged("a", &ledgerv1.LedgerOpened{}))
	before = seen.times(kafka.Barring)
	seen.until(t, "a barrier behind the new event", func() bool { return seen.entered[kafka.Barring] > before })
	nothing.Remove()
	if again := p.eventually(t, post(5), "post"); again.Duplicate || again.Version != 2 {
		t.Errorf("%+v, want the first execution", again.Receipt)
	}
}
