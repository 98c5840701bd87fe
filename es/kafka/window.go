package kafka

import (
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// windowLimits bound what is remembered of the commands of an aggregate.
type windowLimits struct {
	size   int           // commands
	age    time.Duration // 0 is no limit
	refuse bool          // a command whose id may have been forgotten
}

// kept is how many commands are kept in memory: as many as may be in doubt
// together, although callers are answered for those within the size only.
func (l windowLimits) kept() int { return max(l.size, maxBatch) }

// window is what is remembered of the commands of one aggregate, oldest first.
// It belongs to the goroutine of the partition.
type window struct {
	hashes   []uint64 // of the outcomes, side by side because they are searched
	outcomes []record.Outcome
	sieve    *sieve // of the hashes, once they are many
}

// find returns the outcome of a command that is remembered.
func (w *window) find(hash uint64) (record.Outcome, bool) {
	if w.sieve != nil && !w.sieve.may(hash) {
		return record.Outcome{}, false
	}
	for i, h := range slices.Backward(w.hashes) {
		if h == hash {
			return w.outcomes[i], true
		}
	}
	return record.Outcome{}, false
}

// add appends an outcome. What is too much is forgotten now and then, not each
// time.
func (w *window) add(o record.Outcome, l windowLimits) {
	if kept := l.kept(); len(w.outcomes) >= 2*kept {
		old := len(w.outcomes) - kept
		w.hashes, w.outcomes, w.sieve = slices.Delete(w.hashes, 0, old), slices.Delete(w.outcomes, 0, old), nil
	}
	w.hashes = append(w.hashes, o.Hash)
	w.outcomes = append(w.outcomes, o)
	switch {
	case w.sieve != nil:
		w.sieve.add(o.Hash)
	case len(w.hashes) >= sieved:
		w.sieve = newSieve(w.hashes)
	}
}

// settle sets where the last event of a command lies, once that is known.
func (w *window) settle(first uint64, offset int64) {
	for i := len(w.outcomes) - 1; i >= 0; i-- {
		if w.outcomes[i].First == first {
			w.outcomes[i].Offset = offset
			return
		}
	}
}

// newest returns the last outcomes. The sieve lets pass what is older, too.
func (w *window) newest(size int) window {
	from := max(0, len(w.outcomes)-size)
	return window{hashes: w.hashes[from:], outcomes: w.outcomes[from:], sieve: w.sieve}
}

// horizon returns the time up to which commands may have been forgotten, or
// zero when none was.
func (w *window) horizon(now time.Time, age time.Duration) time.Time {
	var at time.Time
	if len(w.outcomes) > 0 && w.outcomes[0].First > 1 {
		at = w.outcomes[0].Time
	}
	if age > 0 && at.Before(now.Add(-age)) {
		at = now.Add(-age)
	}
	return at
}

// remembered looks a command up. It fails with ErrForgotten when the command is
// not there, may have been, and is not to be executed then.
func (w *window) remembered(hash uint64, id string, now time.Time, l windowLimits) (o record.Outcome, found bool, err error) {
	recent := w.newest(l.size)
	o, found = recent.find(hash)
	if found && l.age > 0 && o.Time.Before(now.Add(-l.age)) {
		found = false
	}
	if found || !l.refuse {
		return o, found, nil
	}
	if at, ok := timeOf(id); ok && !at.After(recent.horizon(now, l.age)) {
		return o, false, ErrForgotten
	}
	return o, false, nil
}

// timeOf returns the time within a UUID of version 7 (RFC 9562, section 5.7).
func timeOf(id string) (time.Time, bool) {
	digits, err := hex.DecodeString(strings.ReplaceAll(id, "-", ""))
	if err != nil || len(id) != 36 || len(digits) != 16 || digits[6]>>4 != 7 {
		return time.Time{}, false
	}
	millis := binary.BigEndian.Uint64(digits[:8]) >> 16
	return time.UnixMilli(int64(millis)), true
}
