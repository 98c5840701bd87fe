package es

import "time"

// Meta is the envelope of an event or of a command about to be decided: what
// is known beside the business fact.
//
// For Apply and Upcast it holds what was recorded. For Handle, Version is the
// version that the aggregate has, and Time the one time that all events of the
// command will carry: the engine's clock, but never earlier than the
// aggregate's last event. Read it instead of a clock.
type Meta struct {
	AggregateID   string
	Version       uint64    // 1 for the first event of an aggregate
	Time          time.Time // UTC, microseconds
	CommandID     string    // at most 64 bytes
	CorrelationID string    // empty when the caller gave none
	Actor         string    // who asked for it; empty when the caller gave none
}

// EventTime returns the time for the events of a command: now in UTC and
// microseconds, or last when the clock is behind it. Engines use it so that
// time never runs backwards within an aggregate.
func EventTime(now, last time.Time) time.Time {
	now = now.UTC().Truncate(time.Microsecond)
	if now.Before(last) {
		return last
	}
	return now
}
