package kafka_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
)

// TestWindowSize executes more commands than are remembered. What is answered
// to the older ones does not depend on where the window comes from.
func TestWindowSize(t *testing.T) {
	t.Parallel()
	const size, commands = 4, 15 // a snapshot is due after 10 events
	for name, tc := range map[string]struct {
		forget func(t *testing.T, c *cluster, p *process) *process
		opts   []kafka.Option
	}{
		"in memory":                     {func(_ *testing.T, _ *cluster, p *process) *process { return p }, nil},
		"from a snapshot":               {reopened, nil},
		"from a snapshot and its chain": {reopened, []kafka.Option{kafka.CheckpointEvery(11)}},
		"from the log alone": {func(t *testing.T, c *cluster, p *process) *process {
			t.Helper()
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
			c.emptyState(t)
			return c.process(t, kafka.Window(size, 0))
		}, nil},
		"after it was evicted": {func(t *testing.T, _ *cluster, p *process) *process {
			t.Helper()
			p.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: "b"}, "open")
			return p
		}, []kafka.Option{kafka.Memory(0)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t, 1, 1)
			p := c.process(t, append(tc.opts, kafka.Window(size, 0))...)
			for i := range commands {
				p.mustExecute(t, &ledgerv1.Attach{LedgerId: "a"}, fmt.Sprint(i))
			}
			p = tc.forget(t, c, p)
			for i := commands - 1; i >= commands-size; i-- {
				if res := p.eventually(t, &ledgerv1.Attach{LedgerId: "a"}, fmt.Sprint(i)); !res.Duplicate {
					t.Errorf("command %d of %d is executed again", i, commands)
				}
			}
			if res := p.mustExecute(t, &ledgerv1.Attach{LedgerId: "a"}, fmt.Sprint(commands-size-1)); res.Duplicate {
				t.Error("a command is remembered that is older than the window")
			}
		})
	}
}

// reopened closes a process and returns another one.
func reopened(t *testing.T, c *cluster, p *process) *process {
	t.Helper()
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return c.process(t, kafka.Window(4, 0))
}

// TestWindowInDoubt loses the answer to a commit of more commands on an
// aggregate than are remembered. They are in one batch, since all of them wait
// until the aggregate is read.
func TestWindowInDoubt(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 1)
	p := c.process(t, kafka.Window(1, 0), kafka.Memory(0))
	p.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: "a"}, "open")
	p.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: "b"}, "evict")
	p.link.freeze()
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if _, err := p.execute(t.Context(), post(1), fmt.Sprint(i)); err != nil {
				t.Error(err)
			}
		})
	}
	time.Sleep(20 * time.Millisecond) // more or less of them wait
	p.link.arm(responses)
	p.link.thaw()
	wg.Wait()
	if p.link.losses() == 0 {
		t.Error("nothing was lost")
	}
	c.audit(t, 22, nil)
}

// TestForgotten refuses commands whose id tells that they may have been
// executed before what is remembered.
func TestForgotten(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]kafka.Option{
		"in memory": nil, "evicted": {kafka.Memory(0), kafka.CheckpointEvery(1)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var now atomic.Int64
			now.Store(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).UnixMilli())
			clock := func() time.Time { return time.UnixMilli(now.Load()) }
			tick := func(d time.Duration) string { // and an id of that time
				return uuid7(now.Add(d.Milliseconds()))
			}
			c := newCluster(t, 1, 1)
			p := c.process(t, append(opts, kafka.Clock(clock), kafka.RefuseForgotten(), kafka.Window(3, time.Hour))...)
			attach := func(id string) (es.Result[ledgerv1.LedgerEvent], error) {
				for _, l := range []string{"a", "b"} { // and evicts the one before
					if res, err := p.execute(t.Context(), &ledgerv1.Attach{LedgerId: l}, id); err != nil || l == "b" {
						return res, err
					}
				}
				return es.Result[ledgerv1.LedgerEvent]{}, nil
			}
			before := tick(time.Second)
			ids := []string{tick(time.Second), tick(time.Second), tick(time.Second)}
			for _, id := range ids {
				if _, err := attach(id); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := attach(before); err != nil {
				t.Errorf("a command that is older than all, none of which was forgotten: %v", err)
			}
			if _, err := attach(ids[0]); !errors.Is(err, kafka.ErrForgotten) {
				t.Errorf("the oldest command, forgotten for the number of those after it: %v, want ErrForgotten", err)
			}
			if res, err := attach(ids[1]); err != nil || !res.Duplicate {
				t.Errorf("a command that is remembered: %+v, %v; want a duplicate", res.Receipt, err)
			}
			tick(2 * time.Hour)
			if _, err := attach(ids[2]); !errors.Is(err, kafka.ErrForgotten) {
				t.Errorf("a command that was forgotten for its age: %v, want ErrForgotten", err)
			}
			if res, err := attach(tick(0)); err != nil || res.Duplicate {
				t.Errorf("a new command: %+v, %v", res.Receipt, err)
			}
			if res, err := attach("no uuid"); err != nil || res.Duplicate {
				t.Errorf("a command whose id tells nothing: %+v, %v", res.Receipt, err)
			}
		})
	}
}

// uuid7 returns an id of a time.
func uuid7(millis int64) string {
	return fmt.Sprintf("%08x-%04x-7000-8000-%012x", millis>>16, millis&0xffff, millis)
}
