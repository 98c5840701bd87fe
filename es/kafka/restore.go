package kafka

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// restore brings the index up to the barrier: from the state topic, unless what
// is in memory will do, and then from the log. Every number in the log has to
// fit: a loss, a repetition, a torn command or a foreign record stops the
// partition.
func (o *owner) restore() error {
	d := o.domain
	release, err := d.engine.slots.take(o.ctx)
	if err != nil {
		return err
	}
	defer release()
	ctx, cancel := context.WithCancelCause(o.ctx)
	defer cancel(nil)
	progress := newWatchdog(d.engine.budget, func() { cancel(errStuck) })
	defer progress.stop()

	r := restoration{owner: o, began: now(), progress: progress, warm: o.warm}
	o.warm = false
	err = r.index(ctx)
	if err == nil {
		err = r.reaches(ctx)
	}
	if err == nil {
		err = r.events(ctx)
	}
	if errors.Is(err, errIncomplete) {
		err = r.everything(ctx)
	}
	if err != nil && errors.Is(context.Cause(ctx), errStuck) {
		return errStuck
	}
	if err != nil {
		return err
	}
	o.warm = true
	d.engine.observer.Restored(o.partition(), r.report())
	return nil
}

var errStuck = errors.New("no more of the log can be read: " +
	"the brokers do not answer, or a transaction of another program is open in the topic")

// restoration is one restore of a partition.
type restoration struct {
	owner    *owner
	began    time.Time
	progress *watchdog
	warm     bool

	checkpoint *record.Checkpoint
	ahead      map[string]struct{} // entries that are newer than the checkpoint, not met in the log yet
	begun      uint64              // aggregates whose first event was read
	read       int                 // events
}

// index reads the state topic up to the owner's own record.
func (r *restoration) index(ctx context.Context) error {
	o, d := r.owner, r.owner.domain
	if r.warm {
		return nil
	}
	o.index, o.cache, o.checkpoint = newIndex(), cache{}, nil
	err := d.scanState(ctx, map[int32]int64{o.id: fromStart}, func(rec *kgo.Record) (bool, error) {
		r.progress.reset()
		more := rec.Offset < o.claimed
		if rec.Attrs.IsControl() || len(rec.Value) == 0 {
			return more, nil
		}
		if err := r.state(rec); err != nil {
			return false, &LogError{Topic: d.state, Partition: o.id, Offset: rec.Offset, Err: err}
		}
		return more, nil
	})
	if err != nil {
		return err
	}
	if err := o.known(); err != nil {
		return err
	}
	if c := r.checkpoint; c != nil {
		o.index.next, o.index.seq = c.Next, c.Sequence
	}
	return nil
}

// state takes in a record of the state topic.
func (r *restoration) state(rec *kgo.Record) error {
	o := r.owner
	key, err := record.ParseKey(rec.Key)
	if errors.Is(err, record.ErrNewer) {
		return nil // what newer code keeps beside is nothing to this one
	}
	if err != nil {
		return err
	}
	switch key.Kind {
	case record.EntryKind:
		e, err := record.ParseEntry(rec.Key, rec.Value)
		if err != nil {
			return err
		}
		a := o.index.entry(key.AggregateID)
		a.version, a.offset, a.micros = e.Version, e.Offset, e.Time.UnixMicro()
	case record.SnapshotKind:
		if key.Fingerprint != o.domain.fingerprint {
			return nil
		}
		s, err := record.ParseSnapshot(rec.Key, rec.Value)
		if err != nil {
			return err
		}
		o.index.entry(key.AggregateID).snapshot = snapshotAt{version: s.Version, offset: rec.Offset}
	case record.CheckpointKind:
		r.checkpoint, err = record.ParseCheckpoint(rec.Key, rec.Value)
	case record.TypesKind:
		var t *record.Types
		if t, err = record.ParseTypes(rec.Key, rec.Value); err == nil {
			for _, name := range t.Names {
				o.index.types[name] = struct{}{}
			}
			o.index.storedTypes = len(o.index.types)
		}
	case record.OwnerKind, record.MetaKind, record.ProbeKind:
	}
	return err
}

// known checks that this code knows all events of the partition.
func (o *owner) known() error {
	var unknown []string
	for _, name := range o.index.names() {
		if m, _ := o.domain.aggregate.New(name); m == nil {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	return &OutdatedError{Aggregate: o.domain.name, Partition: o.id, Types: unknown}
}

// events reads the log from where the index stands.
func (r *restoration) events(ctx context.Context) error {
	o, d := r.owner, r.owner.domain
	x := o.index
	if err := r.expect(); err != nil {
		return err
	}
	c := checker{topic: d.events, partition: o.id, count: d.count}
	err := scan(ctx, d.engine.options(), d.events, map[int32]int64{o.id: x.next}, func(rec *kgo.Record) (bool, error) {
		r.progress.reset()
		if rec.Offset >= o.barrier {
			return false, c.whole(rec.Offset)
		}
		if rec.Attrs.IsControl() {
			return true, nil
		}
		ev, err := c.next(rec)
		if err == nil {
			err = r.event(&c, ev)
		}
		return err == nil, err
	})
	if err == nil {
		err = r.complete()
	}
	if err != nil {
		return err
	}
	x.next = o.barrier
	return nil
}

// expect notes which entries are newer than the checkpoint. In memory none is.
func (r *restoration) expect() error {
	x := r.owner.index
	r.ahead, r.begun, r.read = make(map[string]struct{}), 0, 0
	if r.warm {
		return nil
	}
	for id, a := range x.aggregates {
		if a.version == 0 { // there is a snapshot, and its entry is gone
			return errIncomplete
		}
		if a.offset >= x.next {
			r.ahead[id] = struct{}{}
		}
	}
	return nil
}

// event takes in an event that lies behind the checkpoint.
func (r *restoration) event(c *checker, ev *record.Event) error {
	o, x := r.owner, r.owner.index
	r.read++
	offset := ev.Position.Offset
	if ev.Sequence.Partition != x.seq+1 {
		return c.broken(offset, fmt.Errorf("event %d of the partition, where event %d has to be: "+
			"events were lost, deleted or repeated, or another program wrote them", ev.Sequence.Partition, x.seq+1))
	}
	if err := r.kind(ev.Type); err != nil {
		return err
	}
	if ev.Version == 1 {
		r.begun++
	}
	a := x.entry(ev.AggregateID)
	if _, ahead := r.ahead[a.id]; ahead {
		if err := r.overtaken(a, ev); err != nil {
			return err
		}
	} else {
		if a.version == 0 && ev.Version > 1 && r.checkpoint != nil {
			return errIncomplete
		}
		if err := c.chained(a, ev); err != nil {
			return err
		}
		o.cache.drop(a)
		a.version, a.offset, a.micros = ev.Version, offset, ev.Time.UnixMicro()
		x.touch(a, 1)
	}
	x.seq, x.next = ev.Sequence.Partition, offset+1
	return nil
}

// kind takes in the type of an event.
func (r *restoration) kind(typ string) error {
	x := r.owner.index
	if _, known := x.types[typ]; known {
		return nil
	}
	x.types[typ] = struct{}{}
	return r.owner.known()
}

// chained checks that an event follows the last one of its aggregate.
func (c *checker) chained(a *aggregate, ev *record.Event) error {
	if ev.Version != a.version+1 {
		return c.broken(ev.Position.Offset, fmt.Errorf("aggregate %q has version %d after version %d", a.id, ev.Version, a.version))
	}
	previous, err := ev.Sequence.Previous(ev.Position.Offset)
	if err != nil {
		return c.broken(ev.Position.Offset, err)
	}
	if last := a.last(); previous != last {
		return c.broken(ev.Position.Offset, fmt.Errorf(
			"the event of %q before this one is said to lie at offset %d, and does not", a.id, previous))
	}
	return nil
}

func (r *restoration) report() Restore {
	out := Restore{Took: since(r.began), Events: r.read, Aggregates: len(r.owner.index.aggregates), Warm: r.warm}
	if r.checkpoint != nil {
		out.Checkpoint = since(r.checkpoint.Time)
	}
	return out
}
