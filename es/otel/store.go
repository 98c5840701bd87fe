package otel

import (
	"cmp"
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
)

// store makes spans for the calls to a store.
type store struct {
	reader

	inner     es.Store
	aggregate es.Aggregate
}

// Execute implements [es.Store].
func (s *store) Execute(
	ctx context.Context, c proto.Message, o es.CommandOptions,
) (es.Receipt, []proto.Message, error) {
	target, _ := s.aggregate.Target(c)
	name := nameOf(c)
	ctx, span := s.engine.tracer.Start(ctx, "execute "+name, trace.WithAttributes(
		aggregateType.String(s.name), aggregateID.String(target.ID), commandType.String(name)))
	defer span.End()
	receipt, events, err := s.inner.Execute(ctx, c, o)
	err, refused := unmark(err)
	outcome := outcomeOf(receipt, err, refused || err != nil && s.engine.refusals(err))
	span.SetAttributes(commandOutcome.String(string(outcome)), eventCount.Int(len(events)))
	if isFailure(outcome) {
		fail(span, err)
	}
	describe(span, receipt, o)
	return receipt, events, err
}

// describe adds what is known of a command once it was executed. The engine
// makes the id of a command that has none.
func describe(span trace.Span, r es.Receipt, o es.CommandOptions) {
	if id := cmp.Or(r.CommandID, o.CommandID); id != "" {
		span.SetAttributes(commandID.String(id))
	}
	if r.Version > 0 {
		span.SetAttributes(versionOf(r.Version))
	}
}

// Load implements [es.Store].
func (s *store) Load(ctx context.Context, id string, o es.ReadOptions) (es.Revision[proto.Message], error) {
	ctx, span := s.engine.tracer.Start(ctx, "load "+s.name, trace.WithAttributes(
		aggregateType.String(s.name), aggregateID.String(id)))
	defer span.End()
	revision, err := s.inner.Load(ctx, id, o)
	switch {
	case err == nil:
		span.SetAttributes(versionOf(revision.Version))
	case !isRefusal(err):
		fail(span, err)
	}
	return revision, err
}

func versionOf(v uint64) attribute.KeyValue {
	return version.Int64(int64(v)) //nolint:gosec // a version counts events
}

func nameOf(c proto.Message) string {
	if c == nil {
		return "nil"
	}
	return string(c.ProtoReflect().Descriptor().FullName())
}
