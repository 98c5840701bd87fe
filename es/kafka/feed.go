package kafka

import (
	"context"
	"errors"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// feed reads some partitions of a topic of events.
type feed struct {
	engine     *Engine
	topic      string
	follow     bool
	partitions map[int32]*feedPartition
}

type feedPartition struct {
	checker

	resume resumption
	start  int64 // from where to read
	end    int64 // of the log when the feed was opened
	done   bool
}

// open looks up what is stored from a cursor on. It fails with a [*LogError]
// when the cursor cannot be one of this log.
func (r *reader) open(ctx context.Context, from es.Cursor) (*feed, error) {
	lags := make(map[int32]*lag)
	for attempt := 0; ; attempt++ {
		f, err := r.place(ctx, from, lags)
		if !errors.Is(err, errLags) || !sleep(ctx, backoff(attempt)) {
			return f, err
		}
		r.engine.log.Warn("a feed waits", "aggregate", r.name, "error", err)
	}
}

// place is one attempt to open a feed. It notes which partitions seem too short.
func (r *reader) place(ctx context.Context, from es.Cursor, lags map[int32]*lag) (*feed, error) {
	found, err := r.engine.bounds(ctx, r.topic)
	if err != nil {
		return nil, err
	}
	f := &feed{engine: r.engine, topic: r.topic, partitions: make(map[int32]*feedPartition)}
	for id, b := range found {
		p := &feedPartition{
			checker: checker{topic: r.topic, partition: id, count: int32(len(found))}, //nolint:gosec // Kafka counts in int32
			resume:  resumption{next: from.Next(id), expires: r.events.Spec().Retention > 0},
			end:     b.end,
		}
		if lags[id] == nil {
			lags[id] = new(lag)
		}
		if p.start, err = p.resume.from(&p.checker, b, lags[id], r.engine.budget); err != nil {
			return nil, err
		}
		f.partitions[id] = p
	}
	return f, nil
}

// only reduces the feed to the partition of one aggregate.
func (f *feed) only(id string) *feed {
	p := record.Partition(id, int32(len(f.partitions))) //nolint:gosec // Kafka counts in int32
	f.partitions = map[int32]*feedPartition{p: f.partitions[p]}
	return f
}

// read passes the events to visit, together with the part from which each is
// to be read, until visit says that it is enough. A record is overwritten when
// visit has returned.
func (f *feed) read(ctx context.Context, visit func(rec *es.Record, part int32) bool) error {
	from, open := make(map[int32]int64), 0
	for p, part := range f.partitions {
		if f.follow || part.start < part.end {
			from[p] = part.start
			open++
		}
	}
	if open == 0 {
		return nil
	}
	err := scan(ctx, f.engine.options(), f.topic, from, func(r *kgo.Record) (bool, error) {
		p := f.partitions[r.Partition]
		if p.done {
			return true, nil
		}
		more, err := p.pass(r, f.follow, visit)
		if err != nil || !more {
			return false, err
		}
		if p.done {
			open--
		}
		return open > 0, nil
	})
	if ctx.Err() != nil && err != nil {
		return context.Cause(ctx) //nolint:wrapcheck // the caller's own error
	}
	return err
}

// pass looks at the next record of a partition. It reads a command to its end,
// although the end of the log may have been inside it when the feed was opened.
func (p *feedPartition) pass(r *kgo.Record, follow bool, visit func(*es.Record, int32) bool) (bool, error) {
	beyond := !follow && r.Offset+1 >= p.end
	if r.Attrs.IsControl() {
		p.done = beyond
		return true, nil
	}
	if beyond && r.Offset >= p.end && !p.inside() {
		p.done = true
		return true, nil
	}
	first := p.last == nil
	ev, err := p.next(r)
	if err == nil && first {
		err = p.resume.check(&p.checker, ev)
	}
	if err != nil {
		return false, err
	}
	p.done = beyond && !p.inside()
	return visit(&ev.Record, p.resume.part(ev)), nil
}

// inside reports whether the last event's command has more.
func (c *checker) inside() bool {
	return c.last != nil && c.last.Sequence.Index+1 < c.last.Sequence.Count
}
