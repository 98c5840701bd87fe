package kafka

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// restore reads the log up to the barrier. Every number in it has to fit: a
// loss, a repetition, a torn command or a foreign record stops the partition.
func (o *owner) restore() error {
	d := o.domain
	ctx, cancel := context.WithCancelCause(o.ctx)
	defer cancel(nil)
	progress := newWatchdog(d.engine.budget, func() { cancel(errStuck) })
	defer progress.stop()
	o.memory = newMemory()
	c := checker{topic: d.events, partition: o.id, count: d.partitions()}
	err := scan(ctx, d.engine.options(), d.events, map[int32]int64{o.id: 0}, func(r *kgo.Record) (bool, error) {
		progress.reset()
		if r.Offset >= o.barrier {
			return false, c.whole(r.Offset)
		}
		if r.Attrs.IsControl() {
			return true, nil
		}
		ev, err := c.next(r)
		if err != nil {
			return false, err
		}
		if err := c.chained(o.memory.replica, ev); err != nil {
			return false, err
		}
		o.memory.append(&ev.Record)
		return true, nil
	})
	if err != nil && errors.Is(context.Cause(ctx), errStuck) {
		return errStuck
	}
	o.memory.next = o.barrier
	return err
}

var errStuck = errors.New("no more of the log can be read: " +
	"the brokers do not answer, or a transaction of another program is open in the topic of events")

// checker reads the records of a partition one after the other. It starts
// anywhere, and accepts what an owner may have written.
type checker struct {
	topic     string
	partition int32
	count     int32 // of the partitions of the topic
	last      *record.Event
}

// next decodes the next record and checks that it follows the one before.
func (c *checker) next(r *kgo.Record) (*record.Event, error) {
	ev, err := record.ParseEvent(r.Key, r.Value, r.Headers)
	if err != nil {
		return nil, c.broken(r.Offset, err)
	}
	ev.Position.Partition, ev.Position.Offset = c.partition, r.Offset
	if p := record.Partition(ev.AggregateID, c.count); p != c.partition {
		return nil, c.broken(r.Offset, fmt.Errorf(
			"aggregate %q belongs to partition %d of %d: the number of partitions must never change", ev.AggregateID, p, c.count))
	}
	if err := c.follows(ev); err != nil {
		return nil, c.broken(r.Offset, err)
	}
	c.last = ev
	return ev, nil
}

func (c *checker) follows(ev *record.Event) error {
	s := ev.Sequence
	if c.last == nil {
		return nil
	}
	l := c.last.Sequence
	inside := c.inside()
	switch {
	case s.Partition != l.Partition+1:
		return fmt.Errorf("event %d of the partition comes after event %d: "+
			"events were lost, repeated, or written by another program", s.Partition, l.Partition)
	case inside != (s.Index > 0):
		return fmt.Errorf("event %d of %d of a command comes after event %d of %d: the command is torn", s.Index+1, s.Count, l.Index+1, l.Count)
	case inside && (s.Index != l.Index+1 || s.Count != l.Count || ev.CommandID != c.last.CommandID || ev.AggregateID != c.last.AggregateID):
		return fmt.Errorf("event %d of %d of command %q on %q comes inside command %q on %q",
			s.Index+1, s.Count, ev.CommandID, ev.AggregateID, c.last.CommandID, c.last.AggregateID)
	}
	return nil
}

// chained checks an event against all that lie before it.
func (c *checker) chained(r *replica, ev *record.Event) error {
	if ev.Sequence.Partition != r.seq+1 {
		return c.broken(ev.Position.Offset, fmt.Errorf("event %d of the partition, where event %d has to be: "+
			"events were deleted, by retention or by hand", ev.Sequence.Partition, r.seq+1))
	}
	st := r.stream(ev.AggregateID)
	if ev.Version != st.version()+1 {
		return c.broken(ev.Position.Offset, fmt.Errorf("aggregate %q has version %d after version %d", ev.AggregateID, ev.Version, st.version()))
	}
	previous, err := ev.Sequence.Previous(ev.Position.Offset)
	if err != nil {
		return c.broken(ev.Position.Offset, err)
	}
	if last := st.last(); last != nil && last.Position.Offset != previous || last == nil && previous != -1 {
		return c.broken(ev.Position.Offset, fmt.Errorf(
			"the event of %q before this one is said to lie at offset %d, and does not", ev.AggregateID, previous))
	}
	return nil
}

// whole checks that the last command is complete.
func (c *checker) whole(offset int64) error {
	if c.inside() {
		return c.broken(offset, fmt.Errorf("command %q on %q ends after event %d of %d: the command is torn",
			c.last.CommandID, c.last.AggregateID, c.last.Sequence.Index+1, c.last.Sequence.Count))
	}
	return nil
}

func (c *checker) broken(offset int64, err error) error {
	return &LogError{Topic: c.topic, Partition: c.partition, Offset: offset, Err: err}
}
