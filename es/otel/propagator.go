package otel

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/esgen-dev/esgen/es/kafka"
)

// Propagator carries the trace of a command in the headers of its events, as
// the W3C says: "traceparent" and "tracestate", and "baggage" with [Baggage].
// A command without a trace adds no headers, and headers that cannot be read
// are ignored. Safe for concurrent use.
//
// Events may be read years after they were written, and many times. So Extract
// leaves the current span as it is, and what it found is had by [Links].
func Propagator(opts ...Option) kafka.Propagator {
	return propagator{baggage: newConfig(opts).baggage}
}

type propagator struct{ baggage bool }

// Inject implements [kafka.Propagator].
func (p propagator) Inject(ctx context.Context) []kgo.RecordHeader {
	var headers carrier
	propagation.TraceContext{}.Inject(ctx, &headers)
	if p.baggage {
		propagation.Baggage{}.Inject(ctx, &headers)
	}
	return headers
}

// Extract implements [kafka.Propagator].
func (p propagator) Extract(ctx context.Context, headers []kgo.RecordHeader) context.Context {
	from := carrier(headers)
	written := propagation.TraceContext{}.Extract(context.Background(), &from)
	ctx = context.WithValue(ctx, producerKey{}, trace.SpanContextFromContext(written))
	if p.baggage {
		ctx = propagation.Baggage{}.Extract(ctx, &from)
	}
	return ctx
}

// producerKey is the key of the span context that Extract found.
type producerKey struct{}

// Links returns the link to the span of the command that wrote an event, from
// the context that a [Propagator] extracted from the headers of the event; none
// when the event has no trace. It is for the span of what handles the event:
//
//	ctx, span := tracer.Start(ctx, "process bank.v1.account", trace.WithLinks(otel.Links(ctx)...))
func Links(ctx context.Context) []trace.Link {
	if producer, ok := ctx.Value(producerKey{}).(trace.SpanContext); ok && producer.IsValid() {
		return []trace.Link{{SpanContext: producer}}
	}
	return nil
}

// carrier are the headers of a record.
type carrier []kgo.RecordHeader

var _ propagation.TextMapCarrier = (*carrier)(nil)

// Get implements [propagation.TextMapCarrier].
func (c *carrier) Get(key string) string {
	for _, h := range *c {
		if h.Key == key {
			return string(h.Value)
		}
	}
	return ""
}

// Set implements [propagation.TextMapCarrier]. It is called once for a key.
func (c *carrier) Set(key, value string) {
	*c = append(*c, kgo.RecordHeader{Key: key, Value: []byte(value)})
}

// Keys implements [propagation.TextMapCarrier].
func (c *carrier) Keys() []string {
	keys := make([]string, len(*c))
	for i, h := range *c {
		keys[i] = h.Key
	}
	return keys
}
