package simulation

import (
	"flag"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	seeds    = flag.Int("sim.seeds", 4, "how many simulations to run")
	first    = flag.Int64("sim.first", 1, "the seed of the first one")
	duration = flag.Duration("sim.duration", 10*time.Second, "how long each one is to last, in its own time")
	thorough = flag.Bool("sim.thorough", false, "leave nothing out")
	only     = flag.String("sim.only", "", "the names of the nemeses that may strike, with commas; all when empty")
)

// TestSimulation runs one simulation for each seed.
func TestSimulation(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	sum := &report{}
	t.Cleanup(func() { t.Logf("%d simulations of %s: %s", *seeds, *duration, sum) })
	for seed := *first; seed < *first+int64(*seeds); seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			var found *evidence
			synctest.Test(t, func(t *testing.T) { found = simulate(t, seed, *duration) })
			r := found.judge() // here, because its timeouts are those of the wall clock
			t.Logf("%s; %s in %s", r, found.worked, time.Since(began).Round(time.Millisecond))
			for _, problem := range r.problems[:min(len(r.problems), 10)] {
				t.Error(problem)
			}
			mu.Lock()
			defer mu.Unlock()
			sum.add(r)
		})
	}
}

// settingOf returns the kind of cluster that a seed runs on.
func settingOf(seed int64) setting {
	s := setting{brokers: nodes, serverSide: seed%2 == 0, project: seed%4 < 2, forward: seed%3 == 0, compact: seed%5 == 0}
	if seed%4 == 3 {
		s.version = [...]string{"v3.6", "v2.8"}[seed/4%2]
	}
	return s
}

// simulate runs one simulation in a bubble.
func simulate(t *testing.T, seed int64, length time.Duration) *evidence {
	t.Helper()
	c := newCluster(t, settingOf(seed))
	return newSimulation(t, c, seed).simulate(length)
}
