package otel

import (
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/semconv/v1.43.0/messagingconv"
)

// instruments are what an observer measures with. Their fields are named after
// the metrics, which the package comment lists.
type instruments struct {
	operationDuration metric.Float64Histogram // of the conventions
	sentMessages      metric.Int64Counter     // of the conventions

	commandDuration     metric.Float64Histogram
	transactionCommands metric.Int64Histogram
	transactionSize     metric.Int64Histogram
	partitionFailures   metric.Int64Counter
	fenceDuration       metric.Float64Histogram
	restoreDuration     metric.Float64Histogram
	restoreEvents       metric.Int64Histogram
	checkpointDuration  metric.Float64Histogram
	checkpointEntries   metric.Int64Counter
	checkpointSnapshots metric.Int64Counter
}

// The buckets of histograms. Those of what takes seconds are of the conventions
// for messaging, and begin finer.
//
//nolint:gochecknoglobals // never changed
var (
	seconds  = []float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10}
	minutes  = []float64{0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600}
	commands = []float64{1, 2, 4, 8, 16, 32, 64, 128, 256}
	sizes    = []float64{256, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20}
	events   = []float64{1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8}
)

func newInstruments(meter metric.Meter) instruments {
	operations, err := messagingconv.NewClientOperationDuration(meter, metric.WithExplicitBucketBoundaries(seconds...))
	report(err)
	sent, err := messagingconv.NewClientSentMessages(meter)
	report(err)
	m := maker{meter}
	return instruments{
		operationDuration: operations.Inst(),
		sentMessages:      sent.Inst(),

		commandDuration:     m.duration("esgen.command.duration", seconds, "How long commands took, as their callers saw it."),
		transactionCommands: m.count("esgen.transaction.commands", "{command}", commands, "How many commands shared a transaction."),
		transactionSize:     m.count("esgen.transaction.size", "By", sizes, "How many bytes the events of a transaction had, about."),
		partitionFailures:   m.counter("esgen.partition.failures", "{failure}", "How often something went wrong with an owned partition."),
		fenceDuration:       m.duration("esgen.fence.duration", seconds, "How long it took to shut out older producers of a partition."),
		restoreDuration:     m.duration("esgen.restore.duration", minutes, "How long it took to read a partition that was taken over."),
		restoreEvents:       m.count("esgen.restore.events", "{event}", events, "How many events a restore read."),
		checkpointDuration:  m.duration("esgen.checkpoint.duration", seconds, "How long it took to write a checkpoint."),
		checkpointEntries:   m.counter("esgen.checkpoint.entries", "{entry}", "How many aggregates checkpoints wrote to the index."),
		checkpointSnapshots: m.counter("esgen.checkpoint.snapshots", "{snapshot}", "How many states checkpoints wrote."),
	}
}

// report tells the error handler of OpenTelemetry what cannot be measured: no
// metric stops an engine.
func report(err error) {
	if err != nil {
		otel.Handle(err)
	}
}

// maker makes instruments. One that cannot be made measures nothing.
type maker struct{ meter metric.Meter }

func (m maker) duration(name string, buckets []float64, description string) metric.Float64Histogram {
	h, err := m.meter.Float64Histogram(name, metric.WithUnit("s"), metric.WithDescription(description),
		metric.WithExplicitBucketBoundaries(buckets...))
	if err != nil {
		report(err)
		return noop.Float64Histogram{}
	}
	return h
}

func (m maker) count(name, unit string, buckets []float64, description string) metric.Int64Histogram {
	h, err := m.meter.Int64Histogram(name, metric.WithUnit(unit), metric.WithDescription(description),
		metric.WithExplicitBucketBoundaries(buckets...))
	if err != nil {
		report(err)
		return noop.Int64Histogram{}
	}
	return h
}

func (m maker) counter(name, unit, description string) metric.Int64Counter {
	c, err := m.meter.Int64Counter(name, metric.WithUnit(unit), metric.WithDescription(description))
	if err != nil {
		report(err)
		return noop.Int64Counter{}
	}
	return c
}
