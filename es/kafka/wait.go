package kafka

import (
	"context"
	"time"
)

// now and since measure how long things take. They do not use the engine's
// clock, which belongs to the events.
func now() time.Time { return time.Now() } //nolint:forbidigo // see above

func since(t time.Time) time.Duration { return time.Since(t) }

// wait waits for the end of something, but not for ever.
func wait(ended <-chan struct{}, limit time.Duration) {
	t := time.NewTimer(limit)
	defer t.Stop()
	select {
	case <-ended:
	case <-t.C:
	}
}

// sleep waits, and reports whether the context is still alive.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// backoff returns how long to wait after n failures in a row.
func backoff(n int) time.Duration {
	return min(20*time.Millisecond<<min(n, 7), 2*time.Second)
}

// watchdog calls a function when nothing happened for a while.
type watchdog struct {
	patience time.Duration
	timer    *time.Timer
}

func newWatchdog(patience time.Duration, bark func()) *watchdog {
	return &watchdog{patience: patience, timer: time.AfterFunc(patience, bark)}
}

// reset says that something happened.
func (w *watchdog) reset() { w.timer.Reset(w.patience) }

func (w *watchdog) stop() { w.timer.Stop() }
