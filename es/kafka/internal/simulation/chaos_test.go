package simulation

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// chaos does harm to a simulation, one thing after the other, and takes back
// what would not end by itself.
type chaos struct {
	*simulation

	ctx    context.Context
	random *rand.Rand
	counts map[string]int // how often which nemesis struck
}

// nemesis is one kind of harm.
type nemesis struct {
	name   string
	strike func(*chaos)
	// modern is set when only transactions of Kafka 4.0 and later are safe from
	// it: before, a request of an earlier transaction of the same producer is
	// taken for one of the current transaction.
	modern bool
}

// rage lets one nemesis after the other strike, until the context ends.
func (c *chaos) rage(all []nemesis) {
	able := slices.DeleteFunc(slices.Clone(all), func(n nemesis) bool {
		return n.modern && c.setting.version != "" || *only != "" && !slices.Contains(strings.Split(*only, ","), n.name)
	})
	for len(able) > 0 && sleep(c.ctx, c.between(300*time.Millisecond, 1500*time.Millisecond)) {
		n := able[c.random.IntN(len(able))]
		c.counts[n.name]++
		n.strike(c)
	}
}

// last waits while harm lasts, but not longer than the simulation.
func (c *chaos) last(from, to time.Duration) { sleep(c.ctx, c.between(from, to)) }

func (c *chaos) between(from, to time.Duration) time.Duration {
	return from + time.Duration(c.random.Int64N(int64(to-from)))
}

// slot returns one of the processes that execute commands.
func (c *chaos) slot() int { return c.random.IntN(nodes) }

// victim returns the link of any process.
func (c *chaos) victim() *link { return c.process(c.random.IntN(nodes + 1)).link }

// under puts a link under some weather for a while.
func (c *chaos) under(l *link, w weather, from, to time.Duration) {
	l.set(w)
	c.last(from, to)
	l.set(weather{})
}
