package kafka

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// bounds are where the log of a partition starts and ends.
type bounds struct{ start, end int64 }

// bounds looks up the bounds of all partitions of a topic.
func (e *Engine) bounds(ctx context.Context, topic string) (map[int32]bounds, error) {
	asking, cancel := context.WithTimeout(ctx, e.budget)
	defer cancel()
	admin := kadm.NewClient(e.client)
	starts, err := admin.ListStartOffsets(asking, topic)
	if err == nil {
		err = starts.Error()
	}
	if err != nil {
		return nil, failure(ctx, topic, err)
	}
	// The end of what was written, be it committed or not: what was committed
	// may not be known to be so on every broker yet.
	ends, err := admin.ListEndOffsets(asking, topic)
	if err == nil {
		err = ends.Error()
	}
	if err != nil {
		return nil, failure(ctx, topic, err)
	}
	found := make(map[int32]bounds, len(ends[topic]))
	for p, end := range ends[topic] {
		start, _ := starts.Lookup(topic, p)
		found[p] = bounds{start: start.Offset, end: end.Offset}
	}
	return found, nil
}

// failure is the error of a look-up: the caller's own, if it gave up.
func failure(ctx context.Context, topic string, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx) //nolint:wrapcheck // the caller's own error
	}
	return fmt.Errorf("%s: %w", topic, err)
}

// resumption is where reading of a partition goes on, and what has to lie
// there: a log that was cut, compacted or made again is not read as if it were
// the old one.
type resumption struct {
	// next is from where to read. With a Part above 0 the event that lies there
	// has been read before, up to that part, and has to be there still.
	next     es.Position
	sequence uint64    // of that event, or 0 when not known
	time     time.Time // of that event, or zero when not known
	expires  bool      // old events are deleted some day, as declared
}

// from returns the offset to read from, given what the log seems to hold. It
// fails with errLags while it is in doubt whether it holds no more.
func (r *resumption) from(c *checker, b bounds, l *lag, budget time.Duration) (int64, error) {
	offset := r.next.Offset
	short := offset > b.end || offset == b.end && r.seen()
	switch sure := l.over(short, budget); {
	case short && !sure:
		return 0, fmt.Errorf("%s, partition %d: the log seems to end at offset %d, and the reader had come to offset %d: %w",
			c.topic, c.partition, b.end, offset, errLags)
	case short:
		return 0, c.broken(b.end, fmt.Errorf("the log ends here, and the reader had come to offset %d: "+
			"the log was cut, the topic was made again, or the position is of another log", offset))
	case offset >= b.start:
		return offset, nil
	case r.sequence > 0 || r.fresh() && r.expires:
		return b.start, nil // the first event that is there tells whether one is missing
	}
	return 0, c.broken(offset, fmt.Errorf("the log starts at offset %d: events were deleted, or the topic was made again", b.start))
}

// check says whether the first event that was read is the one that has to be
// there.
func (r *resumption) check(c *checker, ev *record.Event) error {
	offset, sequence := ev.Position.Offset, ev.Sequence.Partition
	same := offset == r.next.Offset
	var err error
	switch {
	case r.fresh():
		if sequence != 1 && !r.expires {
			err = fmt.Errorf("event %d of the partition comes first: events were deleted or lost", sequence)
		}
	case !r.seen():
	case r.sequence == 0:
		if !same {
			err = fmt.Errorf("the event at offset %d, which the reader had come to, is missing: "+
				"it was deleted, or the position is of another log", r.next.Offset)
		}
	case same && (sequence != r.sequence || !r.time.IsZero() && !r.time.Equal(ev.Time)):
		err = fmt.Errorf("event %d of the partition, of %s, lies where the reader had read event %d, of %s: the topic was made again",
			sequence, text(ev.Time), r.sequence, text(r.time))
	case !same && sequence != r.sequence+1:
		err = fmt.Errorf("event %d of the partition comes first, and the reader had come to event %d: "+
			"events were deleted or lost, or the topic was made again", sequence, r.sequence)
	}
	if err != nil {
		return c.broken(offset, err)
	}
	return nil
}

// part returns the part from which an event is to be read.
func (r *resumption) part(ev *record.Event) int32 {
	if ev.Position.Offset == r.next.Offset {
		return r.next.Part
	}
	return 0
}

// fresh reports whether nothing was read before.
func (r *resumption) fresh() bool { return r.next.Offset == 0 && r.next.Part == 0 }

// seen reports whether the event at the offset was read before.
func (r *resumption) seen() bool { return r.next.Part > 0 }

func text(t time.Time) string { return t.Format(time.RFC3339Nano) }
