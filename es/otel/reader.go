package otel

import (
	"context"
	"iter"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
)

// sequence is what History and Feed return.
type sequence = iter.Seq2[es.Event[proto.Message], error]

// reader makes spans for loops over the events of a reader.
type reader struct {
	engine *engine
	inner  es.Reader
	name   string
}

// History implements [es.Reader].
func (r *reader) History(ctx context.Context, id string, o es.ReadOptions) sequence {
	return r.loop(ctx, "history", func(ctx context.Context) sequence {
		return r.inner.History(ctx, id, o)
	}, aggregateID.String(id))
}

// Feed implements [es.Reader]. A loop that follows has no end worth waiting
// for, and so no span.
func (r *reader) Feed(ctx context.Context, from es.Cursor, o es.FeedOptions) sequence {
	if o.Follow {
		return r.inner.Feed(ctx, from, o)
	}
	return r.loop(ctx, "feed", func(ctx context.Context) sequence {
		return r.inner.Feed(ctx, from, o)
	})
}

// loop makes a span that lasts as long as a loop over the events, with what the
// body of the loop does.
func (r *reader) loop(
	ctx context.Context, operation string, read func(context.Context) sequence, attributes ...attribute.KeyValue,
) sequence {
	return func(yield func(es.Event[proto.Message], error) bool) {
		ctx, span := r.engine.tracer.Start(ctx, operation+" "+r.name,
			trace.WithAttributes(aggregateType.String(r.name)), trace.WithAttributes(attributes...))
		defer span.End()
		count := 0
		defer func() { span.SetAttributes(eventCount.Int(count)) }()
		for ev, err := range read(ctx) {
			switch {
			case err == nil:
				count++
			case !isRefusal(err):
				fail(span, err)
			}
			if !yield(ev, err) {
				return
			}
		}
	}
}
