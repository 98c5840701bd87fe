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

// TestPace_slowCluster keeps records that always take long from costing more
// than the longest wait, and those of a producer that was idle from counting.
func TestPace_slowCluster(t *testing.T) {
	t.Parallel()
	var p pace
	for range 100 {
		p.learn(time.Second, time.Second)
	}
	if p.wait != 0 {
		t.Errorf("an idle producer waits for %v", p.wait)
	}
	for range 100 {
		p.learn(p.wait, time.Second)
	}
	if p.wait != longestWait {
		t.Errorf("waits for %v, want %v", p.wait, longestWait)
	}
}
