package otel

import (
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// scope is the name of the instrumentation.
const scope = "github.com/esgen-dev/esgen/es/otel"

// config is what the options set.
type config struct {
	tracers  trace.TracerProvider
	meters   metric.MeterProvider
	clock    func() time.Time
	refusals func(error) bool
	baggage  bool
}

func newConfig(opts []Option) config {
	c := config{
		tracers:  otel.GetTracerProvider(),
		meters:   otel.GetMeterProvider(),
		clock:    time.Now, //nolint:forbidigo // the default of Clock
		refusals: func(error) bool { return false },
	}
	for _, opt := range opts {
		opt(&c)
	}
	return c
}

func (c *config) tracer() trace.Tracer {
	return c.tracers.Tracer(scope, trace.WithSchemaURL(semconv.SchemaURL))
}

func (c *config) meter() metric.Meter {
	return c.meters.Meter(scope, metric.WithSchemaURL(semconv.SchemaURL))
}

// Option sets up what this package makes. [Engine], [Observer] and [Propagator]
// take the same options, and each looks at those that concern it.
type Option func(*config)

// TracerProvider sets where spans go. The default is the global one of
// OpenTelemetry.
func TracerProvider(p trace.TracerProvider) Option {
	return func(c *config) { c.tracers = p }
}

// MeterProvider sets where metrics go. The default is the global one of
// OpenTelemetry.
func MeterProvider(p metric.MeterProvider) Option {
	return func(c *config) { c.meters = p }
}

// Clock sets the clock by which an [Observer] dates transactions and
// checkpoints. The default is [time.Now]. It has to be safe for concurrent use.
func Clock(now func() time.Time) Option {
	return func(c *config) { c.clock = now }
}

// Refusals says which further errors of a command are refusals, and so no
// errors of the span of [Engine]. Those of package es are known, and so is
// whatever a handler returns in this process; what a handler returned in
// another one, behind a [kafka.Forwarder], is not. It has to be safe for
// concurrent use.
func Refusals(isRefusal func(error) bool) Option {
	return func(c *config) { c.refusals = isRefusal }
}

// Baggage makes a [Propagator] carry the baggage besides the trace. It is
// stored with each event, for as long as the event, and readable by everybody
// who reads the log.
func Baggage() Option {
	return func(c *config) { c.baggage = true }
}
