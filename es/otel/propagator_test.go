package otel_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/trace"

	"github.com/esgen-dev/esgen/es/otel"
)

// traced returns a context with a trace and baggage, as a request has them.
func traced(t *testing.T) (context.Context, trace.SpanContext) {
	t.Helper()
	state, err := trace.ParseTraceState("vendor=value")
	if err != nil {
		t.Fatal(err)
	}
	span := trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, TraceFlags: trace.FlagsSampled, TraceState: state,
	})
	tenant, err := baggage.NewMember("tenant", "t-1")
	if err != nil {
		t.Fatal(err)
	}
	bag, err := baggage.New(tenant)
	if err != nil {
		t.Fatal(err)
	}
	return baggage.ContextWithBaggage(trace.ContextWithSpanContext(t.Context(), span), bag), span
}

func TestPropagator(t *testing.T) {
	t.Parallel()
	ctx, written := traced(t)
	for _, tc := range []struct {
		name    string
		options []otel.Option
		want    []string
		tenant  string
	}{
		{"trace", nil, []string{
			"tracestate: vendor=value",
			"traceparent: 00-01000000000000000000000000000000-0200000000000000-01",
		}, ""},
		{"trace and baggage", []otel.Option{otel.Baggage()}, []string{
			"tracestate: vendor=value",
			"traceparent: 00-01000000000000000000000000000000-0200000000000000-01",
			"baggage: tenant=t-1",
		}, "t-1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := otel.Propagator(tc.options...)
			headers := p.Inject(ctx)
			if got := headerLines(headers); !slices.Equal(got, tc.want) {
				t.Errorf("headers %q, want %q", got, tc.want)
			}
			read := p.Extract(t.Context(), headers)
			links := otel.Links(read)
			if len(links) != 1 || !links[0].SpanContext.Equal(written.WithRemote(true)) {
				t.Errorf("links %v, want one to %v", links, written)
			}
			if got := baggage.FromContext(read).Member("tenant").Value(); got != tc.tenant {
				t.Errorf("tenant %q, want %q", got, tc.tenant)
			}
		})
	}
}

func headerLines(headers []kgo.RecordHeader) []string {
	lines := make([]string, len(headers))
	for i, h := range headers {
		lines[i] = h.Key + ": " + string(h.Value)
	}
	return lines
}

func TestPropagator_withoutTrace(t *testing.T) {
	t.Parallel()
	if headers := otel.Propagator(otel.Baggage()).Inject(t.Context()); len(headers) > 0 {
		t.Errorf("headers %q, want none", headerLines(headers))
	}
}

// Handling an event is not a part of the request that wrote it.
func TestPropagator_keepsTheSpanOfTheReader(t *testing.T) {
	t.Parallel()
	ctx, _ := traced(t)
	r := record(t)
	reading, span := r.tracer.Start(t.Context(), "read")
	defer span.End()
	p := otel.Propagator()
	if got := trace.SpanFromContext(p.Extract(reading, p.Inject(ctx))); got != span {
		t.Errorf("the span is %v, want %v", got.SpanContext(), span.SpanContext())
	}
}

func TestPropagator_headersOfOthers(t *testing.T) {
	t.Parallel()
	const parent = "00-01000000000000000000000000000000-0200000000000000-01"
	for name, headers := range map[string][]kgo.RecordHeader{
		"none":      nil,
		"others":    {{Key: "es", Value: []byte(parent)}},
		"empty":     {{Key: "traceparent"}},
		"no hex":    {{Key: "traceparent", Value: []byte(strings.ReplaceAll(parent, "0", "x"))}},
		"no id":     {{Key: "traceparent", Value: []byte(strings.ReplaceAll(parent, "1", "0"))}},
		"cut short": {{Key: "traceparent", Value: []byte(parent[:50])}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := otel.Propagator()
			ctx, _ := traced(t)
			before := p.Extract(t.Context(), p.Inject(ctx)) // of the event before this one
			if links := otel.Links(p.Extract(before, headers)); len(links) > 0 {
				t.Errorf("links %v, want none", links)
			}
		})
	}
	if links := otel.Links(t.Context()); len(links) > 0 {
		t.Errorf("links %v of a context that nothing was extracted to", links)
	}
}
