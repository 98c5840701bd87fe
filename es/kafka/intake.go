package kafka

import (
	"cmp"
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// read reads from the stored progress on until something fails.
func (a *assignment) read() error {
	c := a.consumer
	offset, err := a.begin()
	if err != nil {
		return err
	}
	from := map[int32]int64{a.id: offset}
	return scanFetches(a.intake, c.engine.options(), c.topic, from, func(fetches kgo.Fetches) (bool, error) {
		for it := fetches.RecordIter(); !it.Done(); {
			if err := a.take(it.Next()); err != nil {
				return false, cmp.Or(a.flush(), err) // what lies before it is sound
			}
		}
		return true, a.flush()
	})
}

// begin asks for the stored progress, and returns the offset to read from.
func (a *assignment) begin() (offset int64, err error) {
	c := a.consumer
	a.pending, a.handled = nil, Progress{Position: es.Position{Partition: a.id}}
	a.checker = checker{topic: c.topic, partition: a.id, count: c.count}
	a.progress, err = c.tracker.Progress(a.intake, a.id)
	if err == nil && !a.progress.fresh() && a.progress.Position.Partition != a.id {
		err = fmt.Errorf("that of partition %d was returned for partition %d", a.progress.Position.Partition, a.id)
	}
	if err != nil {
		err = fmt.Errorf("the progress that is stored: %w", err)
		if c.commit != nil { // Kafka keeps it
			return 0, err
		}
		return 0, &refusal{err, 1}
	}
	a.progress.Position.Partition = a.id
	a.resume = resumption{
		next: a.progress.next(), sequence: a.progress.Sequence, time: a.progress.Time,
		expires: c.events.Spec().Retention > 0,
	}
	found, err := c.engine.bounds(a.intake, c.topic)
	if err != nil {
		return 0, err
	}
	return a.resume.from(&a.checker, found[a.id], &a.lag, c.engine.budget)
}

// take puts the events of a record with those that wait for the handler.
func (a *assignment) take(r *kgo.Record) error {
	if r.Attrs.IsControl() {
		return nil
	}
	first := a.checker.last == nil
	ev, err := a.checker.next(r)
	if err == nil && first {
		err = a.resume.check(&a.checker, ev)
	}
	if err != nil {
		return err
	}
	return a.decode(ev, r.Headers)
}

// decode decodes a stored event. A panic of an Upcast method becomes an error,
// because here it would end the other partitions too.
func (a *assignment) decode(ev *record.Event, headers []kgo.RecordHeader) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &es.CorruptEventError{
				Aggregate: a.consumer.events.Spec().Name, Meta: ev.Meta, Type: ev.Type, Position: ev.Position,
				Err: newPanicError(a.consumer.events.Spec().Name, ev.AggregateID, v),
			}
		}
	}()
	ev.Yield(a.consumer.events, a.resume.part(ev), func(e es.Event[proto.Message], failed error) bool {
		if err = failed; err == nil {
			a.pending = append(a.pending, arrival{event: e, sequence: ev.Sequence.Partition, headers: headers})
		}
		return err == nil
	})
	return err
}

// flush passes the events that wait to the handler.
func (a *assignment) flush() error {
	for len(a.pending) > 0 && a.intake.Err() == nil {
		n := min(len(a.pending), a.consumer.batch)
		if !before(a.single, a.pending[0].event.Position) {
			n = 1
		}
		p := &portion{id: a.id, after: a.progress, arrivals: a.pending[:n]}
		p.whole = n == len(a.pending) || a.pending[n].event.Position.Offset != a.pending[n-1].event.Position.Offset
		if err := a.handle(p); err != nil {
			return err
		}
		a.progress, a.pending = p.progress(), a.pending[n:]
		a.failures, a.refusals = 0, 0
	}
	return nil
}

func (a *assignment) handle(p *portion) error {
	a.handled = p.arrivals[0].progress()
	if err := a.call(p); err != nil {
		a.single = p.progress().Position
		return &refusal{err, len(p.arrivals)}
	}
	if a.consumer.commit == nil {
		return nil
	}
	return a.consumer.commit(a.work, a.membership, p)
}

// call calls the handler. A panic becomes an error, because here it would end
// the other partitions too.
func (a *assignment) call(p *portion) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = newPanicError(a.consumer.events.Spec().Name, p.arrivals[0].event.AggregateID, v)
		}
	}()
	return a.consumer.handle(a.work, p)
}
