package kafka

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// loading names an aggregate that is being decoded for the code of a
// fingerprint.
type loading struct {
	fingerprint, id string
}

// loaded is an aggregate that was decoded, or why it could not be.
type loaded struct {
	loading

	version uint64 // that it was decoded at
	state   proto.Message
	window  window
	size    int // of the state, encoded
	err     error
}

// load decodes an aggregate from its snapshot, if there is one for this code,
// and the events behind it. It runs apart from the goroutine of the partition.
func (d *domain) load(ctx context.Context, partition int32, l loading, typ es.Aggregate, a aggregate) loaded {
	out := loaded{loading: l, version: a.version, state: typ.NewState()}
	snapshot, err := d.snapshot(ctx, partition, l, a.snapshot)
	if err != nil {
		out.err = about(d.name, l.id, err)
		return out
	}
	from := uint64(1)
	if snapshot != nil && proto.Unmarshal(snapshot.State, out.state) == nil {
		from = snapshot.Version + 1
		for _, o := range snapshot.Window {
			out.window.add(o, d.engine.window)
		}
	} else {
		snapshot, out.state = nil, typ.NewState()
	}
	c := chain{events: d.log, partition: partition, id: l.id, version: a.version, offset: a.offset}
	events, err := c.until(ctx, from)
	if err == nil && snapshot != nil {
		err = joins(&c, events, snapshot)
	}
	if err != nil {
		out.err = about(d.name, l.id, err)
		return out
	}
	out.err = out.fold(typ, events, d.engine.window)
	out.size = proto.Size(out.state)
	return out
}

// snapshot reads a snapshot. It returns none when the record is gone, or the
// broker does not know of it: another owner replaced it, or the topic was lost.
// The events alone give the same.
func (d *domain) snapshot(ctx context.Context, partition int32, l loading, at snapshotAt) (*record.Snapshot, error) {
	if at.version == 0 || l.fingerprint != d.fingerprint {
		return nil, nil
	}
	p, err := d.snapshots.page(ctx, partition, at.offset)
	if _, gone := errors.AsType[*LogError](err); gone || errors.Is(err, errLags) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r := p.at(at.offset)
	if r == nil {
		return nil, nil
	}
	key, err := record.ParseKey(r.Key)
	if err != nil || key.Kind != record.SnapshotKind || key.AggregateID != l.id || key.Fingerprint != d.fingerprint {
		return nil, nil //nolint:nilerr // what is not needed is not read
	}
	s, err := record.ParseSnapshot(r.Key, r.Value)
	if err != nil {
		return nil, &LogError{Topic: d.state, Partition: partition, Offset: at.offset, Err: err}
	}
	return s, nil
}

// joins checks that a snapshot is one of this log.
func joins(c *chain, events []*record.Event, s *record.Snapshot) error {
	offset, version := c.offset, c.version // of the event that the snapshot ends with
	if len(events) > 0 {
		first := events[0]
		previous, err := first.Sequence.Previous(first.Position.Offset)
		if err != nil {
			return c.broken(err)
		}
		offset, version = previous, first.Version-1
	}
	if s.Version != version || s.Offset != offset {
		return c.broken(fmt.Errorf("the snapshot of %q was taken at version %d and offset %d, and the log has version %d at offset %d: "+
			"it is of another log", c.id, s.Version, s.Offset, version, offset))
	}
	return nil
}

// fold applies events to the state, and remembers their commands.
func (l *loaded) fold(typ es.Aggregate, events []*record.Event, limits windowLimits) error {
	for i, ev := range events {
		if err := replay(typ, &ev.Record, l.state); err != nil {
			return err
		}
		if s := ev.Sequence; s.Index+1 == s.Count {
			l.window.add(outcomeOf(ev), limits)
		}
		events[i] = nil
	}
	return nil
}

// outcomeOf returns what became of a command, by its last event.
func outcomeOf(ev *record.Event) record.Outcome {
	return record.Outcome{
		Hash: record.CommandHash(ev.CommandID), First: ev.Version - uint64(ev.Sequence.Count) + 1, Last: ev.Version,
		Offset: ev.Position.Offset, Time: ev.Time, Producer: ev.Producer,
	}
}

// replay applies a stored event to a state. A panic of the service's code
// becomes an error, because here it would end every command of the partition.
func replay(a es.Aggregate, r *es.Record, state proto.Message) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = newPanicError(a.Spec().Name, r.AggregateID, v)
		}
	}()
	return r.Replay(a, state)
}
