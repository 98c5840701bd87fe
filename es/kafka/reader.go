package kafka

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
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
		records, err := r.stored(ctx, id)
		if err != nil {
			yield(es.Event[proto.Message]{}, err)
			return
		}
		records = upTo(records, o)
		if skip := o.FromVersion; skip > 1 {
			records = records[min(skip-1, uint64(len(records))):]
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

// stored returns the events of one aggregate: from the memory of its owner
// when that is this process, else from the log.
func (r *reader) stored(ctx context.Context, id string) ([]*es.Record, error) {
	if err := r.engine.ready(ctx); err != nil {
		return nil, about(r.name, id, err)
	}
	if r.domain != nil {
		a, err := r.domain.submit(ctx, newRequest(&store{reader: *r}, id))
		if _, elsewhere := errors.AsType[*NotOwnerError](err); !elsewhere {
			return a.records, err
		}
	}
	return r.search(ctx, id)
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
				records = append(records, rec)
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

// Feed implements [es.Reader]. It yields an error when the cursor lies behind
// the end of the log: it is from another log.
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
