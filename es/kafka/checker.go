package kafka

import (
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// checker reads the records of a partition one after the other. It starts
// anywhere, and accepts what an owner may have written.
type checker struct {
	topic     string
	partition int32
	count     int32 // of the partitions of the topic
	last      *record.Event

	turns [2]record.Event // the last one and the next one take turns
}

// next decodes the next record and checks that it follows the one before. The
// event may be kept until next is called again.
func (c *checker) next(r *kgo.Record) (*record.Event, error) {
	ev := &c.turns[0]
	if c.last == ev {
		ev = &c.turns[1]
	}
	if err := record.ReadEvent(ev, r.Key, r.Value, r.Headers); err != nil {
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
			"events were lost, deleted or repeated, or another program wrote them", s.Partition, l.Partition)
	case inside != (s.Index > 0):
		return fmt.Errorf("event %d of %d of a command comes after event %d of %d: the command is torn", s.Index+1, s.Count, l.Index+1, l.Count)
	case inside && (s.Index != l.Index+1 || s.Count != l.Count || ev.CommandID != c.last.CommandID || ev.AggregateID != c.last.AggregateID):
		return fmt.Errorf("event %d of %d of command %q on %q comes inside command %q on %q",
			s.Index+1, s.Count, ev.CommandID, ev.AggregateID, c.last.CommandID, c.last.AggregateID)
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
