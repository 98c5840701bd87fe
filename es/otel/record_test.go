package otel_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/goleak"

	"github.com/esgen-dev/esgen/es/otel"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// recording is what a test has of OpenTelemetry: spans and metrics in memory,
// and a clock that stands still.
type recording struct {
	spans   *tracetest.InMemoryExporter
	tracer  trace.Tracer // of the test itself
	reader  *sdkmetric.ManualReader
	now     time.Time
	options []otel.Option
}

func record(t *testing.T, opts ...sdktrace.TracerProviderOption) *recording {
	t.Helper()
	r := &recording{
		spans: tracetest.NewInMemoryExporter(), reader: sdkmetric.NewManualReader(),
		now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	}
	tracers := sdktrace.NewTracerProvider(append(opts, sdktrace.WithSyncer(r.spans))...)
	meters := sdkmetric.NewMeterProvider(sdkmetric.WithReader(r.reader))
	r.tracer = tracers.Tracer("test")
	r.options = []otel.Option{
		otel.TracerProvider(tracers), otel.MeterProvider(meters),
		otel.Clock(func() time.Time { return r.now }),
	}
	return r
}

// ended returns the spans that ended and have a name that begins so.
func (r *recording) ended(prefix string) tracetest.SpanStubs {
	var found tracetest.SpanStubs
	for _, s := range r.spans.GetSpans() {
		if strings.HasPrefix(s.Name, prefix) {
			found = append(found, s)
		}
	}
	return found
}

// one returns the only span that has a name that begins so.
func (r *recording) one(t *testing.T, prefix string) tracetest.SpanStub {
	t.Helper()
	found := r.ended(prefix)
	if len(found) != 1 {
		t.Fatalf("%d spans %q among %d, want 1", len(found), prefix, len(r.spans.GetSpans()))
	}
	return found[0]
}

// spanLine says what a span is in a line.
func spanLine(s tracetest.SpanStub) string {
	return fmt.Sprintf("%s, %v, %v %s", s.Name, s.SpanKind, s.Status.Code, attributeText(s.Attributes))
}

// metricLines says what was measured, in a line for each series: the unit, the
// attributes and the value; for a histogram how many values and their sum.
func (r *recording) metricLines(t *testing.T) []string {
	t.Helper()
	var lines []string
	for _, m := range r.collect(t) {
		if m.Description == "" {
			t.Errorf("%s has no description", m.Name)
		}
		add := func(set attribute.Set, value string) {
			lines = append(lines, fmt.Sprintf("%s %s %s %s", m.Name, m.Unit, attributeText(set.ToSlice()), value))
		}
		switch data := m.Data.(type) {
		case metricdata.Histogram[float64]:
			for _, p := range data.DataPoints {
				add(p.Attributes, fmt.Sprintf("%d values, %v", p.Count, p.Sum))
			}
		case metricdata.Histogram[int64]:
			for _, p := range data.DataPoints {
				add(p.Attributes, fmt.Sprintf("%d values, %v", p.Count, p.Sum))
			}
		case metricdata.Sum[int64]:
			for _, p := range data.DataPoints {
				add(p.Attributes, fmt.Sprintf("%d, monotonic %v", p.Value, data.IsMonotonic))
			}
		case metricdata.Gauge[float64]:
			for _, p := range data.DataPoints {
				add(p.Attributes, fmt.Sprint(p.Value))
			}
		default:
			t.Errorf("%s is a %T", m.Name, data)
		}
	}
	slices.Sort(lines)
	return lines
}

func (r *recording) collect(t *testing.T) []metricdata.Metrics {
	t.Helper()
	var all metricdata.ResourceMetrics
	if err := r.reader.Collect(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	var metrics []metricdata.Metrics
	for _, scope := range all.ScopeMetrics {
		metrics = append(metrics, scope.Metrics...)
	}
	return metrics
}

// seriesOf returns the lines of one metric, without its name.
func seriesOf(lines []string, metric string) []string {
	var found []string
	for _, l := range lines {
		if rest, ok := strings.CutPrefix(l, metric+" "); ok {
			found = append(found, rest)
		}
	}
	return found
}

func attributeText(attributes []attribute.KeyValue) string {
	texts := make([]string, len(attributes))
	for i, a := range attributes {
		texts[i] = fmt.Sprintf("%s=%s", a.Key, a.Value.Emit())
	}
	slices.Sort(texts)
	return "{" + strings.Join(texts, " ") + "}"
}

// wantLines compares lines and says each one that differs.
func wantLines(t *testing.T, got, want []string) {
	t.Helper()
	for _, l := range got {
		if !slices.Contains(want, l) {
			t.Errorf("got %s", l)
		}
	}
	for _, l := range want {
		if !slices.Contains(got, l) {
			t.Errorf("no  %s", l)
		}
	}
}
