package engines

import (
	"sync"
	"time"
)

// Clock is made up: it goes on by a step each time it is read, and stands still
// otherwise, so that a story is the same every time. Safe for concurrent use.
type Clock struct {
	step time.Duration

	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock that begins a step after start.
func NewClock(start time.Time, step time.Duration) *Clock { return &Clock{now: start, step: step} }

// Now goes on by a step, and returns what the clock says then.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(c.step)
	return c.now
}

// Pass lets years and days pass.
func (c *Clock) Pass(years, days int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.AddDate(years, 0, days)
}
