package simulation

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
)

// follower is a read model: it follows the feed of all events, and crashes now
// and then. Its rows and its cursor are stored together, so what it has is
// always as if it had never crashed.
type follower struct {
	*process

	random *rand.Rand
	alarm  func(error)
	rows   rows
	cursor string       // as it is stored
	seen   atomic.Int64 // how many rows there are
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
		f.rows.add(ev.Position, ev.Meta)
		f.cursor = cursor.String()
		f.seen.Add(1)
	}
	return nil
}
