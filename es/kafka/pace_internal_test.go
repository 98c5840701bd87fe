package kafka

import (
	"testing"
	"time"
)

// TestPace lets one transaction follow the other on a cluster whose markers
// take a while.
func TestPace(t *testing.T) {
	t.Parallel()
	for _, markers := range []time.Duration{0, time.Millisecond, 4 * time.Millisecond} {
		var p pace
		const rounds = 10_000
		tooEarly, waited := 0, time.Duration(0)
		for range rounds {
			took := time.Millisecond
			if p.wait < markers {
				took += early
				tooEarly++
			}
			waited += p.wait
			p.learn(p.wait, took)
		}
		if tooEarly > rounds/50 || waited/rounds > 2*markers {
			t.Errorf("markers that take %v: %d of %d transactions were too early, and they waited for %v each",
				markers, tooEarly, rounds, waited/rounds)
		}
	}
}

// TestPace_slowCluster keeps a producer from waiting where that does not help,
// and the records of one that was idle from counting.
func TestPace_slowCluster(t *testing.T) {
	t.Parallel()
	var p pace
	for range 100 {
		p.learn(time.Second, time.Second)
	}
	if p.wait != 0 {
		t.Errorf("an idle producer waits for %v", p.wait)
	}
	const rounds = 10_000
	waited, tried := time.Duration(0), 0
	for range rounds {
		waited += p.wait
		if p.wait == longestWait {
			tried++
		}
		p.learn(p.wait, p.wait+early)
	}
	if waited > rounds*longestWait/100 || tried < 2 {
		t.Errorf("waits for %v in %d transactions, and as long as it may %d times; want it seldom, and more than once", waited, rounds, tried)
	}
}
