package memory

import (
	"context"
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
	log    *eventLog
}

// deterministic makes equal messages equal bytes.
//
//nolint:gochecknoglobals // never changed
var deterministic = proto.MarshalOptions{Deterministic: true}

// History implements [es.Reader].
func (r *reader) History(
	ctx context.Context, id string, o es.ReadOptions,
) iter.Seq2[es.Event[proto.Message], error] {
	return func(yield func(es.Event[proto.Message], error) bool) {
		st, err := r.open(ctx, id)
		if err != nil {
			yield(es.Event[proto.Message]{}, r.about(id, err))
			return
		}
		records := upTo(st.records, o)
		st.release()
		if skip := o.FromVersion; skip > 1 {
			records = records[min(skip-1, uint64(len(records))):]
		}
		for _, rec := range records {
			if err := r.engine.ready(ctx); err != nil {
				yield(es.Event[proto.Message]{}, r.about(id, err))
				return
			}
			if !rec.Yield(r.events, 0, yield) {
				return
			}
		}
	}
}

// open returns the locked stream of an aggregate that exists.
func (r *reader) open(ctx context.Context, id string) (*stream, error) {
	if err := r.engine.ready(ctx); err != nil {
		return nil, err
	}
	st := r.log.find(id)
	if st == nil {
		return nil, es.ErrNotFound
	}
	if err := st.acquire(ctx); err != nil {
		return nil, err
	}
	if st.version() == 0 {
		st.release()
		return nil, es.ErrNotFound
	}
	return st, nil
}

// Feed implements [es.Reader]. It yields an error when the cursor lies behind
// the end of the log: it is from another engine, such as that of an earlier
// process.
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
		next := from.Next(0)
		if end := int64(len(r.log.stored())); next.Offset > end || next.Offset == end && next.Part > 0 {
			fail(fmt.Errorf("cursor %q lies behind the %d events of the log, "+
				"which is as young as its engine: start again from es.Start()", from, end))
			return
		}
		if !o.Follow {
			r.feed(ctx, r.log.stored(), &next, yield, fail)
			return
		}
		r.follow(ctx, next, yield, fail)
	}
}

// follow yields events until the context ends or the engine is closed.
func (r *reader) follow(
	ctx context.Context, next es.Position, yield func(es.Event[proto.Message], error) bool, fail func(error),
) {
	for {
		stored, grown := r.log.awaitable()
		if !r.feed(ctx, stored, &next, yield, fail) {
			return
		}
		select {
		case <-grown:
		case <-ctx.Done():
			fail(ctx.Err())
			return
		case <-r.engine.closed:
			fail(es.ErrClosed)
			return
		}
	}
}

// feed yields the stored events from next on, moves next behind them, and
// reports whether to go on.
func (r *reader) feed(
	ctx context.Context, stored []*es.Record, next *es.Position,
	yield func(es.Event[proto.Message], error) bool, fail func(error),
) bool {
	for _, rec := range stored[next.Offset:] {
		if err := r.engine.ready(ctx); err != nil {
			fail(err)
			return false
		}
		if !rec.Yield(r.events, next.Part, yield) {
			return false
		}
		*next = es.Position{Offset: rec.Position.Offset + 1}
	}
	return true
}

// about adds the aggregate to an error that does not name it. Errors with a
// type of their own do.
func (r *reader) about(id string, err error) error {
	return fmt.Errorf("%s %q: %w", r.name, id, err)
}
