package kafka

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// reaches checks that the log is the one that the index is of, and reaches as
// far: that the last event which the index knows, of those that are not read
// now, lies where it has to.
func (r *restoration) reaches(ctx context.Context) error {
	o, x := r.owner, r.owner.index
	if o.barrier < x.next {
		return r.otherLog(o.barrier, "the log ends here, and the state topic knows it up to offset %d", x.next)
	}
	var last *aggregate
	for _, a := range x.aggregates {
		if a.version > 0 && a.offset < x.next && (last == nil || a.offset > last.offset) {
			last = a
		}
	}
	if last == nil {
		return nil
	}
	c := chain{events: o.domain.log, partition: o.id, id: last.id, version: last.version, offset: last.offset}
	err := c.back(ctx, func(*record.Event) (more bool) { return false })
	if errors.Is(err, kerr.OffsetOutOfRange) {
		return nil // events may be deleted that snapshots make up for
	}
	if damage, broken := errors.AsType[*LogError](err); broken {
		return r.otherLog(last.offset, "the state topic knows version %d of %q here: %w", last.version, last.id, damage.Err)
	}
	return err
}

// complete checks that what was read is all that there was.
func (r *restoration) complete() error {
	o, x := r.owner, r.owner.index
	for id := range r.ahead {
		a := x.aggregates[id]
		return r.otherLog(o.barrier, "the log ends here, and the state topic knows version %d of %q at offset %d", a.version, id, a.offset)
	}
	if x.seq == 0 && len(x.types) > 0 { // which are stored together with the first event of each
		return r.otherLog(0, "the log has no event, and the state topic knows of some")
	}
	if r.checkpoint != nil && uint64(len(x.aggregates)) != r.checkpoint.Aggregates+r.begun {
		return errIncomplete
	}
	return nil
}

// errIncomplete says that the state topic lacks entries that its checkpoint
// counts on: it was cut, or made again while an owner was at work.
var errIncomplete = errors.New("the state topic lacks entries")

// everything reads all events, because the state topic is of no use.
func (r *restoration) everything(ctx context.Context) error {
	o, c := r.owner, r.checkpoint
	o.domain.engine.log.WarnContext(ctx, "the state topic lacks entries: all events of the partition are read",
		"aggregate", o.domain.name, "topic", o.domain.state, "partition", o.id)
	o.index, r.checkpoint = newIndex(), nil
	if err := r.events(ctx); err != nil {
		return err
	}
	if c != nil && o.index.seq < c.Sequence {
		return r.otherLog(o.barrier, "the log ends here with event %d, and a checkpoint counts %d", o.index.seq, c.Sequence)
	}
	return nil
}

// overtaken checks an event of an aggregate whose entry is newer than the
// checkpoint.
func (r *restoration) overtaken(a *aggregate, ev *record.Event) error {
	offset := ev.Position.Offset
	switch {
	case ev.Version < a.version:
		return nil
	case ev.Version == a.version && offset == a.offset:
		delete(r.ahead, a.id)
		return nil
	}
	return r.otherLog(offset, "version %d of %q lies here, and the state topic knows version %d at offset %d", ev.Version, a.id, a.version, a.offset)
}

// otherLog says that the state topic is not about this log.
func (r *restoration) otherLog(offset int64, format string, args ...any) error {
	o := r.owner
	return &LogError{Topic: o.domain.events, Partition: o.id, Offset: offset, Err: fmt.Errorf(
		format+": the log was cut, or the topic was made again", args...)}
}
