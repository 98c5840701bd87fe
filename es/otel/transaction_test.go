package otel_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/otel"
)

// begin starts the spans of some commands, and returns what ends them.
func begin(t *testing.T, r *recording, n int) (commands []context.Context, end func()) {
	t.Helper()
	var spans []trace.Span
	for i := range n {
		ctx, span := r.tracer.Start(t.Context(), fmt.Sprintf("command %d", i))
		commands, spans = append(commands, ctx), append(spans, span)
	}
	return commands, func() {
		for _, span := range spans {
			span.End()
		}
	}
}

func TestObserver_transaction(t *testing.T) {
	t.Parallel()
	r := record(t)
	commands, end := begin(t, r, 3)
	untraced := append(slices.Clone(commands), t.Context())
	otel.Observer(r.options...).Committed(partition(3), kafka.Commit{Took: 8 * time.Millisecond, Events: 5, Commands: untraced})
	end()
	span := r.one(t, "send")
	if got, want := spanLine(span), "send bank.v1.account, client, Unset {esgen.aggregate.type=bank.v1.Account "+
		"esgen.transaction.command_count=4 messaging.batch.message_count=5 messaging.destination.name=bank.v1.account "+
		"messaging.destination.partition.id=3 messaging.operation.name=send messaging.operation.type=send "+
		"messaging.system=kafka}"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if !span.EndTime.Equal(r.now) || span.EndTime.Sub(span.StartTime) != 8*time.Millisecond {
		t.Errorf("from %v to %v, want 8ms until %v", span.StartTime, span.EndTime, r.now)
	}
	if !span.Parent.Equal(trace.SpanContextFromContext(commands[0])) {
		t.Error("it is no child of the first command")
	}
	if len(span.Links) != len(commands) {
		t.Fatalf("%d links, want %d", len(span.Links), len(commands))
	}
	for i, ctx := range commands {
		command := trace.SpanContextFromContext(ctx)
		if !span.Links[i].SpanContext.Equal(command) {
			t.Errorf("link %d is not to the command", i)
		}
		back := r.one(t, fmt.Sprintf("command %d", i)).Links
		if len(back) != 1 || !back[0].SpanContext.Equal(span.SpanContext) {
			t.Errorf("command %d has links %v, want one to the transaction", i, back)
		}
	}
}

func TestObserver_transactionThatFailed(t *testing.T) {
	t.Parallel()
	r := record(t)
	commands, end := begin(t, r, 1)
	defer end()
	otel.Observer(r.options...).Committed(partition(3), kafka.Commit{Commands: commands, Err: kerr.InvalidTxnState})
	if s := r.one(t, "send").Status; s.Code != codes.Error || s.Description != kerr.InvalidTxnState.Error() {
		t.Errorf("status %+v", s)
	}
}

// A transaction of which no command is traced begins no trace of its own.
func TestObserver_transactionWithoutTrace(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]sdktrace.TracerProviderOption{
		"no commands":  nil,
		"none sampled": {sdktrace.WithSampler(neverBegins{})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := record(t, opts...)
			commands, end := begin(t, r, min(len(opts), 1))
			defer end()
			otel.Observer(r.options...).Committed(partition(3), kafka.Commit{Commands: append(commands, t.Context())})
			if n := len(r.spans.GetSpans()); n > 0 {
				t.Errorf("%d spans, want none", n)
			}
		})
	}
}

// neverBegins samples everything but the commands.
type neverBegins struct{}

func (neverBegins) Description() string { return "not the commands" }

func (neverBegins) ShouldSample(p sdktrace.SamplingParameters) sdktrace.SamplingResult {
	if p.Name == "command 0" {
		return sdktrace.SamplingResult{Decision: sdktrace.Drop}
	}
	return sdktrace.SamplingResult{Decision: sdktrace.RecordAndSample}
}
