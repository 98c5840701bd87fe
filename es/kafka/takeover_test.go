package kafka_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
)

// TestTakeover lets partitions go back and forth between processes while
// commands go on, and audits the log.
func TestTakeover(t *testing.T) {
	t.Parallel()
	for _, size := range []struct{ brokers, partitions int }{{1, 1}, {3, 12}} {
		t.Run(fmt.Sprintf("%d brokers, %d partitions", size.brokers, size.partitions), func(t *testing.T) {
			t.Parallel()
			c := newCluster(t, size.brokers, size.partitions)
			w := newWorkload(c.process(t), c.process(t))
			var wg sync.WaitGroup
			for i := range 6 {
				wg.Go(func() { w.client(t, i) })
			}
			w.progress(t, 200)
			w.set(1, c.process(t)) // the old one leaves
			w.progress(t, 200)
			first := w.get(0)
			first.link.freeze() // longer than its session
			w.progress(t, 20)
			first.link.thaw()
			w.progress(t, 200)
			w.get(1).link.arm(responses)
			w.get(0).link.arm(requests)
			w.progress(t, 200)
			close(w.stop)
			wg.Wait()
			c.audit(t, -1, w.acks)
			t.Logf("%d commands acknowledged, %d times another process was named", len(w.acks), w.elsewhere)
		})
	}
}

// workload is what some clients do with two processes.
type workload struct {
	stop  chan struct{}
	again func(error) bool // reports whether a command may be executed again somewhere

	mu        sync.Mutex
	processes []*process
	acks      acknowledged
	elsewhere int
	grown     chan struct{} // closed when a command is acknowledged
}

func newWorkload(processes ...*process) *workload {
	w := &workload{stop: make(chan struct{}), processes: processes, acks: acknowledged{}, grown: make(chan struct{})}
	w.again = w.retriable
	return w
}

func (w *workload) get(i int) *process {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.processes[i]
}

// set replaces a process, and closes the one before.
func (w *workload) set(i int, p *process) {
	w.mu.Lock()
	before := w.processes[i]
	w.processes[i] = p
	w.mu.Unlock()
	_ = before.Close()
}

// progress waits until some more commands are acknowledged.
func (w *workload) progress(t *testing.T, n int) {
	t.Helper()
	have, grown := w.acknowledged()
	for goal := have + n; have < goal; have, grown = w.acknowledged() {
		select {
		case <-grown:
		case <-time.After(time.Minute):
			t.Fatal("the commands make no progress")
		}
	}
}

// acknowledged returns how many commands are acknowledged, and what is closed
// with the next one.
func (w *workload) acknowledged() (int, <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.acks), w.grown
}

func (w *workload) acknowledge(id string, r es.Receipt) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.acks[id] = r
	close(w.grown)
	w.grown = make(chan struct{})
}

// client executes one command after the other, each until its outcome is known.
func (w *workload) client(t *testing.T, number int) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, uint64(number)))
	for n := 0; ; n++ {
		id := fmt.Sprintf("%d/%d", number, n)
		c := &ledgerv1.Attach{LedgerId: fmt.Sprintf("ledger-%d", random.IntN(30))}
		for attempt := 0; ; attempt++ {
			select {
			case <-w.stop:
				return
			default:
			}
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			res, err := w.get((number+attempt)%2).execute(ctx, c, id)
			cancel()
			if err == nil {
				w.acknowledge(id, res.Receipt)
				break
			}
			if !w.again(err) {
				t.Errorf("%s: %v", id, err)
				return
			}
		}
	}
}

// retriable reports whether an error comes of what processes may suffer.
func (w *workload) retriable(err error) bool {
	if _, elsewhere := errors.AsType[*kafka.NotOwnerError](err); elsewhere {
		w.mu.Lock()
		w.elsewhere++
		w.mu.Unlock()
		return true
	}
	return errors.Is(err, es.ErrOutcomeUnknown) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, es.ErrClosed)
}
