package otel_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/memory"
	"github.com/esgen-dev/esgen/es/otel"
)

// A service on Kafka. Its providers have an exporter each, here left out. With
// otel.SetTracerProvider and otel.SetMeterProvider of OpenTelemetry they need
// not be named.
func Example() {
	ctx := context.Background()
	tracers, meters := sdktrace.NewTracerProvider(), sdkmetric.NewMeterProvider()
	defer func() { _ = errors.Join(tracers.Shutdown(ctx), meters.Shutdown(ctx)) }()

	opts := []otel.Option{otel.TracerProvider(tracers), otel.MeterProvider(meters)}
	engine, err := kafka.Open("bank", kafka.Client(kgo.SeedBrokers("broker:9092")),
		kafka.Observe(otel.Observer(opts...)),
		kafka.Trace(otel.Propagator()))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = engine.Close() }() // before the providers
	traced := otel.Engine(engine, opts...)
	_ = traced // for bankv1.NewAccountAggregate(traced, Account{})

	// Output:
}

// An answer is no error of a span, although it is one of the call.
func ExampleEngine() {
	ctx := context.Background()
	exporter := tracetest.NewInMemoryExporter()
	tracers := sdktrace.NewTracerProvider(sdktrace.WithSyncer(exporter))
	engine := memory.New()
	defer func() { _ = engine.Close() }()
	ledgers := ledgerv1.NewLedgerAggregate(
		otel.Engine(engine, otel.TracerProvider(tracers)), ledgerv1.Behavior{})

	_, err := ledgers.OpenLedger(ctx, &ledgerv1.OpenLedger{LedgerId: "l-1"})
	fmt.Println(err)
	_, err = ledgers.Post(ctx, &ledgerv1.Post{LedgerId: "l-1", Entry: &ledgerv1.Entry{Amount: -5}})
	fmt.Println(err)
	_, err = ledgers.Load(ctx, "l-2")
	fmt.Println(errors.Is(err, es.ErrNotFound))
	for _, span := range exporter.GetSpans() {
		fmt.Println(span.Name, span.Status.Code)
	}

	// Output:
	// <nil>
	// ledger would be overdrawn
	// true
	// execute ledger.v1.OpenLedger Unset
	// execute ledger.v1.Post Unset
	// load ledger.v1.Ledger Unset
}

// What handles an event links its span to the command that wrote the event.
func ExampleLinks() {
	exporter := tracetest.NewInMemoryExporter()
	tracer := sdktrace.NewTracerProvider(sdktrace.WithSyncer(exporter)).Tracer("example")
	propagator := otel.Propagator()
	ctx, command := tracer.Start(context.Background(), "execute bank.v1.Withdraw")
	headers := propagator.Inject(ctx) // the engine does, when it writes
	command.End()

	ctx = propagator.Extract(context.Background(), headers) // and this, when it reads
	_, span := tracer.Start(ctx, "process bank.v1.account", trace.WithLinks(otel.Links(ctx)...))
	span.End()

	written, processed := exporter.GetSpans()[0], exporter.GetSpans()[1]
	fmt.Println("linked:", processed.Links[0].SpanContext.SpanID() == written.SpanContext.SpanID())
	fmt.Println("child:", processed.Parent.IsValid())

	// Output:
	// linked: true
	// child: false
}
