package kafka

import "time"

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
