package proctest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// Nemesis torments processes at random.
type Nemesis struct {
	mu     sync.Mutex
	kills  int
	stops  int
	frozen time.Duration
}

// String returns what was done.
func (n *Nemesis) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return fmt.Sprintf("%d kills, %d freezes of %v in all", n.kills, n.stops, n.frozen.Round(time.Second))
}

// Torment kills or freezes a process, again and again, each time after it had
// about as long as calm, until the context ends. Then the process runs.
func (n *Nemesis) Torment(ctx context.Context, p *Process, calm, atMost time.Duration) {
	for sleep(ctx, calm/2+rand.N(calm)) { //nolint:gosec // nothing is secret
		pain := rand.N(atMost) //nolint:gosec // as above
		if rand.IntN(2) == 0 { //nolint:gosec // as above
			p.Kill()
			sleep(ctx, pain)
			p.Restart()
			n.count(func() { n.kills++ })
			continue
		}
		p.Freeze()
		sleep(ctx, pain)
		p.Thaw()
		n.count(func() { n.stops++; n.frozen += pain })
	}
}

func (n *Nemesis) count(what func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	what()
}

// sleep reports whether the context did not end meanwhile.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
