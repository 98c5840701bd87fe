package kafka

import (
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
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

	next es.Position // from where to read
	end  int64       // of the log when the feed was opened
	done bool
}

// open looks up what is stored from a cursor on.
func (r *reader) open(ctx context.Context, from es.Cursor) (*feed, error) {
	asking, cancel := context.WithTimeout(ctx, r.engine.budget)
	defer cancel()
	// The end of what was written, be it committed or not: what was committed
	// may not be known to be so on every broker yet.
	ends, err := kadm.NewClient(r.engine.client).ListEndOffsets(asking, r.topic)
	if err == nil {
		err = ends.Error()
	}
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx) //nolint:wrapcheck // the caller's own error
	case err != nil:
		return nil, fmt.Errorf("%s: %w", r.topic, err)
	}
	offsets := ends[r.topic]
	count := int32(len(offsets)) //nolint:gosec // Kafka counts in int32
	f := &feed{engine: r.engine, topic: r.topic, partitions: make(map[int32]*feedPartition)}
	for p, o := range offsets {
		next := from.Next(p)
		if next.Offset > o.Offset || next.Offset == o.Offset && next.Part > 0 {
			return nil, fmt.Errorf("cursor %q lies behind the end of partition %d of %s, which is at offset %d: "+
				"it is of another log, or the topic was made again", from, p, r.topic, o.Offset)
		}
		f.partitions[p] = &feedPartition{
			checker: checker{topic: r.topic, partition: p, count: count}, next: next, end: o.Offset,
		}
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
// to be read, until visit says that it is enough.
func (f *feed) read(ctx context.Context, visit func(rec *es.Record, part int32) bool) error {
	from, open := make(map[int32]int64), 0
	for p, part := range f.partitions {
		if f.follow || part.next.Offset < part.end {
			from[p] = part.next.Offset
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
	ev, err := p.checker.next(r)
	if err != nil {
		return false, err
	}
	part := int32(0)
	if r.Offset == p.next.Offset {
		part = p.next.Part
	}
	p.done = beyond && !p.inside()
	return visit(&ev.Record, part), nil
}

// inside reports whether the last event's command has more.
func (c *checker) inside() bool {
	return c.last != nil && c.last.Sequence.Index+1 < c.last.Sequence.Count
}
