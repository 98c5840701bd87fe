package kafka_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
)

// TestBatches stores many commands with many events on few aggregates in each
// transaction. What is evicted comes back by chains within transactions and
// across them.
func TestBatches(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 1)
	p, fuse := c.crashable(t, kafka.Memory(0), kafka.CheckpointEvery(50))
	p.openTwo(t)
	for round := range 5 {
		release := fuse.hold()
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				var command ledgerv1.LedgerCommand = &ledgerv1.PostBatch{LedgerId: string("ab"[i%2]), Entries: make([]*ledgerv1.Entry, 1+i%4)}
				if i%10 == 0 { // so that a transaction has several batches of Kafka
					command = &ledgerv1.Attach{LedgerId: string("ab"[i%2]), Data: make([]byte, 400_000)}
				}
				if _, err := p.execute(t.Context(), command, fmt.Sprint(round, i)); err != nil {
					t.Error(err)
				}
			})
		}
		time.Sleep(5 * time.Millisecond) // most of them wait
		release()
		wg.Wait()
	}
	transactions := map[int64]bool{}
	for _, ev := range c.committed(t) {
		transactions[ev.Position.Offset-int64(ev.Sequence.Partition)] = true // which grows with each marker
	}
	if n := len(transactions); n > 100 {
		t.Errorf("%d transactions, want batches", n)
	}
	w := &witness{cluster: c}
	w.checkStates(t, p)
	p = c.reopen(t, p, kafka.Memory(0))
	w.checkStates(t, p)
	c.emptyState(t)
	w.checkStates(t, c.reopen(t, p, kafka.Memory(0)))
}
