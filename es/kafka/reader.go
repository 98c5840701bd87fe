package kafka

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// reader reads the log of one aggregate type.
type reader struct {
	engine *Engine
	events es.Events
	name   string
	topic  string
	domain *domain // nil when the type is only read
}

// History implements [es.Reader].
func (r *reader) History(
	ctx context.Context, id string, o es.ReadOptions,
) iter.Seq2[es.Event[proto.Message], error] {
	return func(yield func(es.Event[proto.Message], error) bool) {
		records, err := r.stored(ctx, id, o)
		if err != nil {
			yield(es.Event[proto.Message]{}, err)
			return
		}
		for _, rec := range records {
			if err := r.engine.ready(ctx); err != nil {
				yield(es.Event[proto.Message]{}, about(r.name, id, err))
				return
			}
			if !rec.Yield(r.events, 0, yield) {
				return
			}
		}
	}
}

// stored returns the events of one aggregate: by its chain when this process
// owns it, else from the whole partition.
func (r *reader) stored(ctx context.Context, id string, o es.ReadOptions) ([]*es.Record, error) {
	if err := r.engine.ready(ctx); err != nil {
		return nil, about(r.name, id, err)
	}
	if r.domain != nil {
		a, err := r.domain.submit(ctx, newRequest(ctx, r.domain.local, id))
		if err == nil {
			return r.domain.history(ctx, id, a, o)
		}
		if _, elsewhere := errors.AsType[*NotOwnerError](err); !elsewhere {
			return nil, err
		}
	}
	records, err := r.search(ctx, id)
	return within(records, o), err
}

// history reads the events of an aggregate by their chain, from where its last
// event lies.
func (d *domain) history(ctx context.Context, id string, a reply, o es.ReadOptions) ([]*es.Record, error) {
	ctx, cancel := d.engine.within(ctx)
	defer cancel()
	c := chain{events: d.log, partition: record.Partition(id, d.count), id: id, version: a.version, offset: a.offset}
	events, err := c.until(ctx, max(o.FromVersion, 1))
	if err != nil {
		return nil, about(d.name, id, err)
	}
	records := make([]*es.Record, len(events))
	for i, ev := range events {
		records[i] = &ev.Record
	}
	return within(records, o), nil
}

// within returns the records that lie within the bounds of the options.
func within(records []*es.Record, o es.ReadOptions) []*es.Record {
	return slices.DeleteFunc(records, func(r *es.Record) bool {
		return r.Version < o.FromVersion || o.AtVersion > 0 && r.Version > o.AtVersion ||
			!o.AtTime.IsZero() && r.Time.After(o.AtTime)
	})
}

// search reads the partition of an aggregate for its events.
func (r *reader) search(ctx context.Context, id string) ([]*es.Record, error) {
	ctx, cancel := r.engine.within(ctx)
	defer cancel()
	records := []*es.Record(nil)
	f, err := r.open(ctx, es.Start())
	if err == nil {
		err = f.only(id).read(ctx, func(rec *es.Record, _ int32) bool {
			if rec.AggregateID == id {
				kept := *rec
				records = append(records, &kept)
			}
			return true
		})
	}
	switch {
	case err != nil:
		return nil, about(r.name, id, err)
	case len(records) == 0:
		return nil, about(r.name, id, es.ErrNotFound)
	}
	return records, nil
}

// Feed implements [es.Reader]. It yields a [*LogError] when the log is not what
// the cursor was made from, or not whole; see the package comment.
func (r *reader) Feed(
	ctx context.Context, from es.Cursor, o es.FeedOptions,
) iter.Seq2[es.Event[proto.Message], error] {
	return func(yield func(es.Event[proto.Message], error) bool) {
		fail := func(err error) {
			yield(es.Event[proto.Message]{}, fmt.Errorf("feed of %s: %w", r.name, err))
		}
		if err := r.engine.ready(ctx); err != nil {
			fail(err)
			return
		}
		reading, cancel := r.engine.within(ctx)
		defer cancel()
		f, err := r.open(reading, from)
		if err != nil {
			fail(err)
			return
		}
		f.follow = o.Follow
		stopped := false // by the consumer, or by an error that was yielded
		err = f.read(reading, func(rec *es.Record, part int32) bool {
			if err := r.engine.ready(ctx); err != nil {
				fail(err)
				stopped = true
				return false
			}
			stopped = !rec.Yield(r.events, part, yield)
			return !stopped
		})
		if err != nil && !stopped {
			fail(err)
		}
	}
}
