package simulation

import (
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
)

// TestStateLost deletes what the state topic holds while there is an owner. Its
// next checkpoint holds only what changed since the last one, which is not
// enough to begin with: the events are.
func TestStateLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		p := c.start(t, kafka.CheckpointEvery(2))
		all := []result{p.must(t, openLedger(), "open"), p.must(t, postAmount(5), "first")}
		sleep(t.Context(), time.Second) // a checkpoint is written
		if err := c.DeleteRecords(stateTopic, home(), -1); err != nil {
			t.Fatal(err)
		}
		other := neighbour()
		for i := range 3 { // a checkpoint without the first aggregate
			all = append(all, p.must(t, &ledgerv1.Attach{LedgerId: other}, fmt.Sprint("other ", i)))
		}
		p.crash()
		after := c.start(t)
		all = append(all, after.eventually(t, postAmount(-5), "second"))
		rev, err := after.load(t.Context(), "a")
		if err != nil || rev.Version != 3 {
			t.Errorf("version %d, %v, want version 3", rev.Version, err)
		}
		c.audit(t, 7, all...)
	})
}

// TestStateMoves deletes or compacts the state topic while a new owner reads
// it: at each of its first requests.
func TestStateMoves(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]func(*cluster){
		"deleted":   func(c *cluster) { _ = c.DeleteRecords(stateTopic, home(), -1) },
		"compacted": func(c *cluster) { c.Compact() },
	} {
		for n := range 12 {
			t.Run(fmt.Sprintf("%s at fetch %d", name, n), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					c := newCluster(t, small())
					all := c.grow(t)
					p := c.open(t)
					var fetches atomic.Int64
					p.link.judgeBy(func(r request) fate {
						if r.key == kmsg.Fetch && fetches.Add(1) == int64(n+1) {
							harm(c)
						}
						return delivered
					})
					p.ledgers = p.engine.Bind(ledgerType())
					all = append(all, p.stubborn(t, postAmount(-23), "all of it"))
					c.audit(t, 25, all...)
				})
			})
		}
	}
}
