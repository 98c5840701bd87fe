package simulation

import (
	"testing"
	"testing/synctest"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/esgen-dev/esgen/es"
)

// TestCrash lets a process crash in the middle of a commit. The caller asks
// again, elsewhere.
func TestCrash(t *testing.T) {
	for name, tc := range map[string]struct {
		at        kmsg.Key
		fate      fate
		committed bool
	}{
		"before the events arrive":     {at: kmsg.Produce, fate: lost},
		"when the events arrived":      {at: kmsg.Produce, fate: unanswered},
		"before the commit arrives":    {at: kmsg.EndTxn, fate: lost},
		"when the commit was executed": {at: kmsg.EndTxn, fate: unanswered, committed: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newCluster(t, small())
				p := c.start(t)
				opened := p.must(t, openLedger(), "open")
				p.link.judgeBy(func(r request) fate {
					if r.key != tc.at {
						return delivered
					}
					return tc.fate
				})
				done := make(chan error, 1)
				go func() {
					_, err := p.execute(t.Context(), postAmount(5), es.CommandID("post"))
					done <- err
				}()
				sleep(t.Context(), 100*hop)
				p.crash()
				if err := <-done; err == nil {
					t.Fatal("a process that crashed has answered")
				}
				res := c.start(t).eventually(t, postAmount(5), "post")
				if res.Duplicate != tc.committed {
					t.Errorf("%+v, want a duplicate: %t", res.Receipt, tc.committed)
				}
				c.audit(t, 2, opened, res)
			})
		})
	}
}

// TestCrashWhileOpen crashes the owner of an open transaction. Its successor
// does not wait for the transaction to time out.
func TestCrashWhileOpen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		p := c.start(t)
		opened := p.must(t, openLedger(), "open")
		p.link.set(weather{holds: func(k kmsg.Key) bool { return k == kmsg.EndTxn }})
		go func() { _, _ = p.execute(t.Context(), postAmount(5), es.CommandID("post")) }()
		sleep(t.Context(), 100*hop)
		before := c.fences.Load()
		p.crash()
		res := c.start(t).eventually(t, postAmount(5), "post")
		if res.Duplicate {
			t.Error("an open transaction was committed")
		}
		if n := c.fences.Load() - before; n != partitions {
			t.Errorf("%d producers were made, want one for each of %d partitions", n, partitions)
		}
		c.audit(t, 2, opened, res)
	})
}
