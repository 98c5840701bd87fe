package registry

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

// Retry says how a request is tried again that met a server error (5xx), a
// broken connection or a time-out. Nothing else is tried again. Registering is
// safe to repeat, because the registry answers a text that it has with the id
// that it has.
//
// The pauses grow by a factor of two, and each is shortened by a random part,
// at most one half, so that many clients do not come back at the same moment.
type Retry struct {
	Attempts int           // the first one included; default: 4, 1 never repeats
	Pause    time.Duration // before the second attempt; default: 250 ms
	MaxPause time.Duration // default: 5 s
}

// pause returns how long to wait behind an attempt.
func (r Retry) pause(attempt int) time.Duration {
	pause := r.MaxPause
	if shift := attempt - 1; shift < 20 {
		pause = min(r.Pause<<shift, r.MaxPause)
	}
	return pause - time.Duration(rand.Float64()*float64(pause)/2) //nolint:gosec // nobody gains by guessing it
}

// wait pauses before another attempt.
func wait(ctx context.Context, retry Retry, attempt int) error {
	timer := time.NewTimer(retry.pause(attempt))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for the next attempt: %w", ctx.Err())
	}
}
