package kafka

import (
	"context"
	"fmt"
	"time"

	"github.com/esgen-dev/esgen/es"
)

// Progress is how far a consumer has come in one partition: the last event that
// it handled, with what tells this event from another one at the same place.
// The zero value is the start of the log. Store it as it is, for instance as
// JSON or in a column for each field.
type Progress struct {
	Position es.Position
	// Sequence is the number of the event within its partition, from 1. With 0
	// it is not known which event lies there, and reading goes on behind the
	// offset without proof that nothing is missing.
	Sequence uint64
	Time     time.Time // of the event, in microseconds; zero when not known
}

// Includes reports whether the event at a position was handled.
func (p Progress) Includes(at es.Position) bool {
	return p.Position.Partition == at.Partition && before(at, p.next())
}

// String says it for people.
func (p Progress) String() string {
	switch {
	case p.fresh():
		return fmt.Sprintf("the start of partition %d", p.Position.Partition)
	case p.Sequence == 0:
		return p.Position.String()
	}
	return fmt.Sprintf("%s (event %d of the partition, of %s)", p.Position, p.Sequence, text(p.Time))
}

// fresh reports whether nothing has been handled.
func (p Progress) fresh() bool { return p.Sequence == 0 && p.Position.Offset == 0 }

// next returns from where to read on. An event that is known is read once more,
// to see that it is still the same.
func (p Progress) next() es.Position {
	next := p.Position
	switch {
	case p.fresh():
	case p.Sequence == 0:
		next.Offset, next.Part = next.Offset+1, 0
	default:
		next.Part++
	}
	return next
}

// before reports whether a lies before b in their partition.
func before(a, b es.Position) bool {
	return a.Offset < b.Offset || a.Offset == b.Offset && a.Part < b.Part
}

// Tracker knows how far a consumer has come. Safe for concurrent use.
type Tracker interface {
	// Progress returns the progress in a partition, which is the zero value
	// where nothing was handled yet.
	Progress(ctx context.Context, partition int32) (Progress, error)
}

// WaitFor waits until a consumer has handled the event at a position, such as
// that of [es.Receipt]: whoever asks the read model after that finds in it what
// the command did. It asks the tracker again and again, a few times a second in
// the end, so it does not matter which process the consumer runs in. It fails
// when the tracker does, or when the context ends; give it one that does.
//
// A command without events has no position, and nothing to wait for.
func WaitFor(ctx context.Context, t Tracker, at es.Position) error {
	for attempt := 0; ; attempt++ {
		p, err := t.Progress(ctx, at.Partition)
		if err != nil {
			return fmt.Errorf("progress in partition %d: %w", at.Partition, err)
		}
		if p.Includes(at) {
			return nil
		}
		if !sleep(ctx, min(backoff(attempt)/4, 200*time.Millisecond)) {
			return fmt.Errorf("the consumer has not come to %s yet: %w", at, context.Cause(ctx))
		}
	}
}
