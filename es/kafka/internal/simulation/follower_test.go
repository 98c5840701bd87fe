package simulation

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// follower is a read model: it follows the feed of all events, and crashes now
// and then. Its rows and its cursor are stored together, so what it has is
// always as if it had never crashed.
type follower struct {
	*process

	random *rand.Rand
	alarm  func(error)
	rows   map[int32][]row // by partition
	cursor string          // as it is stored
	seen   atomic.Int64    // how many rows there are
}

// row is what the follower notes of an event.
type row struct {
	position  es.Position
	aggregate string
	version   uint64
	command   string
}

// run follows the feed until the context ends.
func (f *follower) run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := f.follow(ctx); err != nil && ctx.Err() == nil {
			if damage, ok := errors.AsType[*kafka.LogError](err); ok {
				f.alarm(damage)
			}
			sleep(ctx, 50*time.Millisecond)
		}
	}
}

var errDied = errors.New("the read model crashed")

// follow reads from the stored cursor on until it crashes.
func (f *follower) follow(ctx context.Context) error {
	var cursor es.Cursor
	if err := cursor.UnmarshalText([]byte(f.cursor)); err != nil {
		return err
	}
	lifetime := 1 + f.random.IntN(2000)
	for ev, err := range f.engine.Reader(ledgerType()).Feed(ctx, cursor, es.FeedOptions{Follow: true}) {
		if err != nil {
			return err
		}
		if lifetime--; lifetime < 0 {
			return errDied
		}
		cursor.Advance(ev.Position)
		p := ev.Position.Partition
		f.rows[p] = append(f.rows[p], row{ev.Position, ev.AggregateID, ev.Version, ev.CommandID})
		f.cursor = cursor.String()
		f.seen.Add(1)
	}
	return nil
}

// compare returns how what the follower saw differs from a log.
func (f *follower) compare(log []record.Event) []string {
	var problems []string
	next := map[int32]int{}
	for _, ev := range log {
		p := ev.Position.Partition
		i := next[p]
		next[p]++
		if i >= len(f.rows[p]) {
			problems = append(problems, fmt.Sprintf("the follower has not seen the event at %s", ev.Position))
			continue
		}
		if want := (row{ev.Position, ev.AggregateID, ev.Version, ev.CommandID}); f.rows[p][i] != want {
			problems = append(problems, fmt.Sprintf("the follower saw %+v, and the log has %+v", f.rows[p][i], want))
		}
	}
	for p, rows := range f.rows {
		if len(rows) > next[p] {
			problems = append(problems, fmt.Sprintf("the follower saw %+v, which the log does not have", rows[next[p]]))
		}
	}
	return problems
}
