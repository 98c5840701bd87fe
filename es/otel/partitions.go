package otel

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/esgen-dev/esgen/es/kafka"
)

// partitions knows the partitions that an engine owns. Safe for concurrent use.
type partitions struct {
	clock func() time.Time

	mu    sync.Mutex
	owned map[kafka.Partition]ownedPartition
}

type ownedPartition struct {
	phase      kafka.Phase
	checkpoint time.Time // zero when there is none, or none is known
}

func newPartitions(clock func() time.Time) *partitions {
	return &partitions{clock: clock, owned: make(map[kafka.Partition]ownedPartition)}
}

// entered notes the phase of a partition, until the last one.
func (s *partitions) entered(p kafka.Partition, entered kafka.Phase) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if entered == kafka.Over {
		delete(s.owned, p)
		return
	}
	owned := s.owned[p]
	owned.phase = entered
	s.owned[p] = owned
}

// restored notes the checkpoint that a restore began with. One that was warm
// needed none.
func (s *partitions) restored(p kafka.Partition, r kafka.Restore) {
	switch {
	case r.Checkpoint > 0:
		s.dated(p, s.clock().Add(-r.Checkpoint))
	case !r.Warm:
		s.dated(p, time.Time{})
	}
}

func (s *partitions) checkpointed(p kafka.Partition) { s.dated(p, s.clock()) }

// dated sets the time of the checkpoint of a partition that is still owned.
func (s *partitions) dated(p kafka.Partition, checkpoint time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if owned, ok := s.owned[p]; ok {
		owned.checkpoint = checkpoint
		s.owned[p] = owned
	}
}

// register has the partitions counted whenever metrics are collected.
func (s *partitions) register(meter metric.Meter) {
	count, err := meter.Int64ObservableUpDownCounter("esgen.partition.count", metric.WithUnit("{partition}"),
		metric.WithDescription("How many partitions the process owns, by where they are in their life."))
	report(err)
	age, err := meter.Float64ObservableGauge("esgen.checkpoint.age", metric.WithUnit("s"),
		metric.WithDescription("How old the last checkpoint of an owned partition is."))
	report(err)
	_, err = meter.RegisterCallback(func(_ context.Context, to metric.Observer) error {
		s.observe(to, count, age)
		return nil
	}, count, age)
	report(err)
}

func (s *partitions) observe(
	to metric.Observer, count metric.Int64ObservableUpDownCounter, age metric.Float64ObservableGauge,
) {
	type series struct {
		aggregate string
		phase     kafka.Phase
	}
	counts, now := make(map[series]int64), s.clock()
	s.mu.Lock()
	defer s.mu.Unlock()
	for p, owned := range s.owned {
		counts[series{p.Aggregate, owned.phase}]++
		if !owned.checkpoint.IsZero() {
			to.ObserveFloat64(age, now.Sub(owned.checkpoint).Seconds(), with(ofPartition(p)))
		}
	}
	for of, n := range counts {
		attributes := with([]attribute.KeyValue{aggregateType.String(of.aggregate), phase.String(string(of.phase))})
		to.ObserveInt64(count, n, attributes)
	}
}
