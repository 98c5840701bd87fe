package otel

import (
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
)

// Engine returns an engine that makes a span for each call to e: for Execute
// and Load, and for loops over History and Feed, except those that follow. What
// they return is what e returns. Keep e for its other methods, such as Close.
// Safe for concurrent use if e is.
func Engine(e es.Engine, opts ...Option) es.Engine {
	c := newConfig(opts)
	return &engine{inner: e, tracer: c.tracer(), refusals: c.refusals}
}

type engine struct {
	inner    es.Engine
	tracer   trace.Tracer
	refusals func(error) bool
}

// Bind implements [es.Engine].
func (e *engine) Bind(a es.Aggregate) es.Store {
	inner := e.inner.Bind(marked{a})
	return &store{reader: e.reader(a, inner), inner: inner, aggregate: a}
}

// Reader implements [es.Engine].
func (e *engine) Reader(events es.Events) es.Reader {
	r := e.reader(events, e.inner.Reader(events))
	return &r
}

func (e *engine) reader(events es.Events, inner es.Reader) reader {
	return reader{engine: e, inner: inner, name: events.Spec().Name}
}

// fail makes an error one of the span.
func fail(span trace.Span, err error) {
	span.SetStatus(codes.Error, err.Error())
	span.SetAttributes(errorType(err))
}

// marked is an aggregate type whose refusals can be told from other errors.
type marked struct{ es.Aggregate }

// Handle implements [es.Aggregate].
func (m marked) Handle(meta es.Meta, s, c proto.Message) ([]proto.Message, error) {
	events, err := m.Aggregate.Handle(meta, s, c)
	if err != nil {
		err = &refusal{err}
	}
	return events, err
}
