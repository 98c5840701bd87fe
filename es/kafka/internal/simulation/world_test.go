package simulation

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
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

	t        *testing.T
	seed     int64
	watcher  *watcher
	lanes    []*chaos
	nemeses  [][]nemesis // of each lane
	follower *follower
	database *database // nil unless events are projected

	mu    sync.Mutex
	slots [nodes + 1]*process // the last one is that of the follower
	past  []*process

	log      []record.Event
	problems []string
}

func newSimulation(t *testing.T, c *cluster, seed int64) *simulation {
	t.Helper()
	s := &simulation{cluster: c, history: newHistory(), t: t, seed: seed, nemeses: [][]nemesis{ofProcesses(), ofBrokers()}}
	s.watcher = &watcher{alarm: s.alarm}
	if c.setting.project {
		s.database = newDatabase(s.random(3000), s.alarm)
	}
	for i := range nodes {
		s.slots[i] = s.start(i)
	}
	s.slots[nodes] = c.open(t)
	s.follower = &follower{process: s.slots[nodes], random: s.random(2000), alarm: s.alarm, rows: make(rows)}
	return s
}

// start starts the process of a slot. It checkpoints often and remembers
// little, so that both matter.
func (s *simulation) start(slot int) *process {
	opts := []kafka.Option{
		kafka.CheckpointEvery(50), kafka.Memory(32 << 10), kafka.Window(64, 0),
		kafka.Advertise(strconv.Itoa(slot)), kafka.Observe(s.watcher),
	}
	if s.setting.forward {
		opts = append(opts, kafka.Forward(postman{s}))
	}
	if s.setting.compact {
		opts = append(opts, kafka.CompactEnvelope())
	}
	p := s.cluster.start(s.t, opts...)
	if s.database != nil {
		go s.database.serve(p)
	}
	return p
}

// random returns the random numbers of one part of the simulation.
func (s *simulation) random(part int) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(s.seed), uint64(part)))
}

// run lets the clients call while harm is done.
func (s *simulation) run(length time.Duration) {
	ctx, cancel := context.WithTimeout(s.t.Context(), length)
	defer cancel()
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() { s.newClient(i).run(ctx) })
	}
	for i, nemeses := range s.nemeses {
		c := &chaos{simulation: s, ctx: ctx, random: s.random(1000 + i), counts: make(map[string]int)}
		s.lanes = append(s.lanes, c)
		wg.Go(func() { c.rage(nemeses) })
	}
	wg.Go(func() { s.follower.run(ctx) })
	wg.Wait()
}

// simulate does all of it.
func (s *simulation) simulate(length time.Duration) *evidence {
	s.run(length)
	s.heal()
	s.end()
	return &evidence{
		history: s.history, log: s.log, problems: s.problems,
		worked: s.watcher.String() + "; " + s.struck(), fences: s.fences.Load(), revived: s.revived.Load(),
	}
}

// process returns the process in a slot.
func (s *simulation) process(slot int) *process {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.slots[slot]
}

// replace ends the process in a slot, and starts another one.
func (s *simulation) replace(slot int, end func(*process)) {
	before := s.process(slot)
	end(before)
	after := s.start(slot)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.past = append(s.past, before)
	s.slots[slot] = after
}

// weather sets the weather of all processes that execute commands.
func (s *simulation) weather(w weather) {
	for i := range nodes {
		s.process(i).link.set(w)
	}
}

// heal demands that everything works, now that nothing is wrong any more: each
// aggregate takes a command, and the read models come to the end of the log.
func (s *simulation) heal() {
	c := s.newClient(clients)
	for i := range aggregates {
		in := call{kind: attach, aggregate: aggregate(i), command: fmt.Sprintf("last/%d", i), expect: -1}
		if out := c.perform(in, clients, c.target(in.aggregate), recovery); out.verdict != succeeded {
			s.problem("%s, nothing being wrong any more: %v; before:\n%s", in, out.err, strings.Join(s.watcher.phases, "\n"))
		}
	}
	s.log = s.committed(s.t)
	ctx, cancel := context.WithTimeout(context.Background(), recovery)
	defer cancel()
	var wg sync.WaitGroup
	wg.Go(func() { s.follower.run(ctx) })
	for !s.caughtUp() && sleep(ctx, pause) {
	}
	cancel()
	wg.Wait()
	s.problems = append(s.problems, s.follower.rows.compare("the follower", s.log)...)
}

// caughtUp reports whether all read models have seen as many events as there
// are.
func (s *simulation) caughtUp() bool {
	return s.follower.seen.Load() >= int64(len(s.log)) && (s.database == nil || s.database.has(len(s.log)))
}

// end ends all processes, and looks at what a new one makes of the log.
func (s *simulation) end() {
	for _, p := range s.slots {
		p.stop()
	}
	for _, p := range s.past {
		<-p.ended
	}
	if s.database != nil {
		s.problems = append(s.problems, s.database.rows.compare("the database", s.log)...)
		s.database = nil
	}
	p := s.start(0)
	for i := range aggregates {
		id := aggregate(i)
		rev, err := p.load(s.t.Context(), id, es.Fresh())
		if err != nil {
			s.problem("a new process cannot load %q: %v", id, err)
			continue
		}
		s.see(sight{aggregate: id, version: rev.Version, digest: rev.State.GetDigest(), how: "load by a new process"})
	}
}

func aggregate(i int) string { return fmt.Sprintf("ledger-%d", i) }

func (s *simulation) problem(format string, args ...any) {
	s.problems = append(s.problems, fmt.Sprintf(format, args...))
}

// struck says which nemeses struck, and how often.
func (s *simulation) struck() string {
	var all []string
	for _, lane := range s.lanes {
		for _, name := range slices.Sorted(maps.Keys(lane.counts)) {
			all = append(all, fmt.Sprintf("%s %d", name, lane.counts[name]))
		}
	}
	return strings.Join(all, ", ")
}
