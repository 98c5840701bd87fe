package otel

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/esgen-dev/esgen/es/kafka"
)

// Observer measures what a Kafka engine does, and makes a span for each
// transaction; the package comment lists both. Make one for each engine: it
// counts the partitions that the engine owns, and is asked for them for as long
// as the meter provider lives. Safe for concurrent use.
func Observer(opts ...Option) kafka.Observer {
	c := newConfig(opts)
	meter := c.meter()
	o := &observer{
		instruments: newInstruments(meter),
		tracer:      c.tracer(),
		clock:       c.clock,
		partitions:  newPartitions(c.clock),
	}
	o.partitions.register(meter)
	return o
}

type observer struct {
	kafka.NoObserver // is ready for methods that come later
	instruments

	tracer     trace.Tracer
	clock      func() time.Time
	partitions *partitions
}

// Entered implements [kafka.Observer]. What was going on when a partition was
// taken away is no failure of it.
func (o *observer) Entered(p kafka.Partition, entered kafka.Phase, err error) {
	o.partitions.entered(p, entered)
	if err != nil && entered != kafka.Over {
		o.partitionFailures.Add(context.Background(), 1, with(ofPartition(p, phase.String(string(entered)), errorType(err))))
	}
}

// Fenced implements [kafka.Observer].
func (o *observer) Fenced(p kafka.Partition, took time.Duration, err error) {
	o.fenceDuration.Record(context.Background(), took.Seconds(), with(withError(ofPartition(p), err)))
}

// Restored implements [kafka.Observer].
func (o *observer) Restored(p kafka.Partition, r kafka.Restore) {
	ctx, attributes := context.Background(), with(ofPartition(p, warm.Bool(r.Warm)))
	o.partitions.restored(p, r)
	o.restoreDuration.Record(ctx, r.Took.Seconds(), attributes)
	o.restoreEvents.Record(ctx, int64(r.Events), attributes)
}

// Committed implements [kafka.Observer].
func (o *observer) Committed(p kafka.Partition, c kafka.Commit) {
	ctx := o.transaction(p, c)
	sending, attributes := with(ofSending(p, c.Err)), with(ofPartition(p))
	o.operationDuration.Record(ctx, c.Took.Seconds(), sending)
	o.sentMessages.Add(ctx, int64(c.Events), sending)
	o.transactionCommands.Record(ctx, int64(len(c.Commands)), attributes)
	o.transactionSize.Record(ctx, int64(c.Bytes), attributes)
}

// Checkpointed implements [kafka.Observer].
func (o *observer) Checkpointed(p kafka.Partition, c kafka.CheckpointInfo) {
	ctx, attributes := context.Background(), with(ofPartition(p))
	o.partitions.checkpointed(p)
	o.checkpointDuration.Record(ctx, c.Took.Seconds(), attributes)
	o.checkpointEntries.Add(ctx, int64(c.Entries), attributes)
	o.checkpointSnapshots.Add(ctx, int64(c.Snapshots), attributes)
}

// Executed implements [kafka.Observer].
func (o *observer) Executed(ctx context.Context, c kafka.Execution) {
	attributes := []attribute.KeyValue{
		aggregateType.String(c.Partition.Aggregate),
		commandType.String(c.Command),
		commandOutcome.String(string(c.Outcome)),
	}
	if isFailure(c.Outcome) {
		attributes = withError(attributes, c.Err)
	}
	o.commandDuration.Record(ctx, c.Took.Seconds(), with(attributes))
}

func with(attributes []attribute.KeyValue) metric.MeasurementOption {
	return metric.WithAttributeSet(attribute.NewSet(attributes...))
}
