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

// TestPace_asks has a coordinator that ends a transaction when somebody asks it
// something, and not before: for a producer that is busy, and for one that is not.
func TestPace_asks(t *testing.T) {
	t.Parallel()
	for _, pause := range []time.Duration{0, time.Second} {
		var p pace
		const rounds = 1000
		tooEarly := 0
		for range rounds {
			took := time.Millisecond
			if p.mode != asks {
				took += early
				tooEarly++
			}
			p.learn(max(p.wait, pause), took)
		}
		if tooEarly > rounds/50 {
			t.Errorf("%v between transactions: %d of %d were too early", pause, tooEarly, rounds)
		}
	}
}

// TestPace_slowCluster keeps a producer from waiting, and from asking, where
// neither helps; and a few slow records of one that was idle from counting.
func TestPace_slowCluster(t *testing.T) {
	t.Parallel()
	var p pace
	for range often - 1 {
		p.learn(time.Second, time.Second)
	}
	if p.mode != waits || p.wait != 0 {
		t.Errorf("an idle producer has mode %d and waits for %v", p.mode, p.wait)
	}
	const rounds = 10_000
	waited, asked, tries := time.Duration(0), 0, 0
	for range rounds {
		before := p.mode
		switch p.mode {
		case waits:
			waited += p.wait
		case asks:
			asked++
		}
		p.learn(p.wait, p.wait+early)
		if before == rests && p.mode == waits {
			tries++
		}
	}
	if waited > rounds*longestWait/100 || asked > rounds/50 || tries < 5 {
		t.Errorf("%d transactions wait for %v together, %d ask, and they try anew %d times", rounds, waited, asked, tries)
	}
}
