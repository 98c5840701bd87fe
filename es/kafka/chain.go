package kafka

import (
	"context"
	"fmt"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// chain reads the events of one aggregate without reading those of others:
// each says where the one before it lies.
type chain struct {
	events    *fetcher
	partition int32
	id        string
	version   uint64 // of the event to be read next
	offset    int64  // where it lies
	page      page   // the last one read
}

// back reads from the last event on, newest first, until visit says that it is
// enough. It fails with a [*LogError] when the chain is broken.
func (c *chain) back(ctx context.Context, visit func(*record.Event) (more bool)) error {
	for c.version > 0 {
		ev, err := c.read(ctx)
		if err != nil {
			return err
		}
		previous, err := ev.Sequence.Previous(c.offset)
		if err == nil && (ev.AggregateID != c.id || ev.Version != c.version) {
			err = fmt.Errorf("event %d of aggregate %q, where event %d of %q has to be",
				ev.Version, ev.AggregateID, c.version, c.id)
		}
		if err != nil {
			return c.broken(err)
		}
		if !visit(ev) {
			return nil
		}
		c.version, c.offset = c.version-1, previous
	}
	return nil
}

// until reads the events from a version on, oldest first.
func (c *chain) until(ctx context.Context, first uint64) ([]*record.Event, error) {
	if c.version < first {
		return nil, nil
	}
	events := make([]*record.Event, c.version-first+1)
	err := c.back(ctx, func(ev *record.Event) bool {
		events[ev.Version-first] = ev
		return ev.Version > first
	})
	return events, err
}

func (c *chain) read(ctx context.Context) (*record.Event, error) {
	r := c.page.at(c.offset)
	if r == nil {
		p, err := c.events.page(ctx, c.partition, c.offset)
		if err != nil {
			return nil, err
		}
		if c.page, r = p, p.at(c.offset); r == nil {
			return nil, c.broken(fmt.Errorf("no event lies here, and event %d of %q has to: events were deleted", c.version, c.id))
		}
	}
	ev, err := record.ParseEvent(r.Key, r.Value, r.Headers)
	if err != nil {
		return nil, c.broken(err)
	}
	ev.Position.Partition, ev.Position.Offset = c.partition, c.offset
	ev.Producer = record.NewProducer(r.ProducerID, r.ProducerEpoch)
	return ev, nil
}

func (c *chain) broken(err error) error {
	return &LogError{Topic: c.events.topic, Partition: c.partition, Offset: c.offset, Err: err}
}
