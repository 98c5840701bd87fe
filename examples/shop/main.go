package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/esgen-dev/esgen/es/memory"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "shop:", err)
		os.Exit(1)
	}
}

// run tells the story on w. Its clock is made up, a minute a command, so that
// the story is the same every time.
func run(ctx context.Context, w io.Writer) error {
	clock := &clock{time.Date(2025, time.November, 28, 9, 0, 0, 0, time.UTC)}
	engine := memory.New(memory.Clock(clock.tick))
	s := newStory(w, clock, engine)
	for _, chapter := range []func(context.Context) error{
		s.lastYear, s.today, s.fromOrdersToStock, s.refusals, s.lifeGoesOn,
		s.auditTrail, s.timeTravel, s.readModel, s.replay,
	} {
		if err := chapter(ctx); err != nil {
			return err
		}
	}
	return engine.Close()
}

// clock stands still between commands. It is not safe for concurrent use, and
// nothing here is concurrent.
type clock struct{ now time.Time }

func (c *clock) tick() time.Time {
	c.now = c.now.Add(time.Minute)
	return c.now
}

func (c *clock) pass(years, days int) { c.now = c.now.AddDate(years, 0, days) }
