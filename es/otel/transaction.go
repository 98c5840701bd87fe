package otel

import (
	"context"

	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/esgen-dev/esgen/es/kafka"
)

// transaction makes the span of a transaction that has ended, and returns its
// context. It is a child of the first command that is sampled, so that it is
// sampled when one of its commands is; the links between it and all of them go
// both ways. Without such a command there is no span.
func (o *observer) transaction(p kafka.Partition, c kafka.Commit) context.Context {
	commands := sampled(c.Commands)
	if len(commands) == 0 {
		return context.Background()
	}
	end := o.clock()
	parent := trace.ContextWithSpan(context.Background(), commands[0])
	ctx, span := o.tracer.Start(parent, "send "+p.Topic,
		trace.WithSpanKind(trace.SpanKindClient), // the headers carry the commands, not this
		trace.WithTimestamp(end.Add(-c.Took)),
		trace.WithLinks(linksTo(commands)...),
		trace.WithAttributes(ofSending(p, c.Err)...),
		trace.WithAttributes(
			aggregateType.String(p.Aggregate),
			semconv.MessagingBatchMessageCount(c.Events),
			commandCount.Int(len(c.Commands)),
		),
	)
	for _, command := range commands {
		command.AddLink(trace.Link{SpanContext: span.SpanContext()})
	}
	if c.Err != nil {
		fail(span, c.Err)
	}
	span.End(trace.WithTimestamp(end))
	return ctx
}

// sampled returns the spans of the commands that are sampled.
func sampled(commands []context.Context) []trace.Span {
	var spans []trace.Span
	for _, ctx := range commands {
		if span := trace.SpanFromContext(ctx); span.SpanContext().IsSampled() {
			spans = append(spans, span)
		}
	}
	return spans
}

func linksTo(spans []trace.Span) []trace.Link {
	links := make([]trace.Link, len(spans))
	for i, span := range spans {
		links[i] = trace.Link{SpanContext: span.SpanContext()}
	}
	return links
}
