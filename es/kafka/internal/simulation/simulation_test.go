package simulation

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
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
)

// What a simulation is made of.
const (
	nodes      = 3 // processes, and brokers
	clients    = 8
	aggregates = 24
)

// simulation is some processes on a cluster, their clients, and what goes
// wrong. What happens when is drawn from the seed; the order of what happens at
// the same time is up to the scheduler, and differs between runs.
type simulation struct {
	*cluster
	*history

	seed int64

	mu      sync.Mutex
	slots   [nodes]*process
	crashed []*process
}

func TestSimulation(t *testing.T) {
	t.Parallel()
	for seed := *first; seed < *first+int64(*seeds); seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			var found evidence
			synctest.Test(t, func(t *testing.T) { found = simulate(t, seed, *duration) })
			r := found.judge() // here, because its timeouts are those of the wall clock
			t.Logf("%s in %s", r, time.Since(began).Round(time.Millisecond))
			for i, problem := range r.problems {
				if i < 10 {
					t.Error(problem)
				}
			}
		})
	}
}

// simulate runs one simulation in a bubble.
func simulate(t *testing.T, seed int64, length time.Duration) evidence {
	t.Helper()
	c := newCluster(t, setting{brokers: nodes})
	defer c.Close()
	s := &simulation{cluster: c, history: newHistory(), seed: seed}
	for i := range s.slots {
		s.slots[i] = c.start(t)
	}
	ctx, cancel := context.WithTimeout(t.Context(), length)
	defer cancel()
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() { s.client(i).run(ctx) })
	}
	s.chaos(t, ctx)
	wg.Wait()
	for _, p := range s.slots {
		p.stop()
	}
	for _, p := range s.crashed {
		<-p.ended
	}
	return evidence{s.history, c.committed(t), c.fences.Load(), c.revived.Load()}
}

func (s *simulation) random(number int) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(s.seed), uint64(number)))
}

func (s *simulation) process(i int) *process {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.slots[i]
}

func (s *simulation) chaos(t *testing.T, ctx context.Context) {
	random := s.random(1000)
	for sleep(ctx, time.Duration(200+random.IntN(500))*time.Millisecond) {
		i := random.IntN(nodes)
		old := s.process(i)
		old.crash()
		s.mu.Lock()
		s.crashed = append(s.crashed, old)
		s.slots[i] = s.start(t)
		s.mu.Unlock()
		sleep(ctx, 2500*time.Millisecond)
	}
}
