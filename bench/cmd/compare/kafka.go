package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/esgen-dev/esgen/bench/figures"
	"github.com/esgen-dev/esgen/bench/kafka"
)

// accounts is how many there are to execute commands on, and to read.
const accounts = 1000

// kafkaMeasuring is measuring on one Kafka.
type kafkaMeasuring struct {
	settings

	brokers []string // none is kfake
}

// commands lets the engine, raw producers and those with callers take turns.
func (k kafkaMeasuring) commands(ctx context.Context) ([]figures.Measurement, error) {
	var all []figures.Measurement
	for _, callers := range k.callers {
		var ours, raws, waits []kafka.Commands
		for range k.runs {
			our, raw, wait, err := k.commandsOnce(ctx, callers)
			if err != nil {
				return nil, fmt.Errorf("commands of %d callers: %w", callers, err)
			}
			ours, raws, waits = append(ours, our), append(raws, raw), append(waits, wait)
		}
		all = append(all, executed("esgen", callers, ours), executed("raw", callers, raws), executed("raw, callers wait", callers, waits))
	}
	return all, nil
}

// commandsOnce gives each contender a turn.
func (k kafkaMeasuring) commandsOnce(ctx context.Context, callers int) (our, raw, wait kafka.Commands, err error) {
	cluster, err := kafka.Start(ctx, k.brokers, k.partitions)
	if err != nil {
		return our, raw, wait, err
	}
	defer cluster.Close()
	if our, err = cluster.Execute(ctx, callers, accounts, k.each); err != nil {
		return our, raw, wait, err
	}
	if raw, err = cluster.Produce(ctx, max(1, int(our.Batch+0.5)), min(callers, k.partitions), k.each); err != nil {
		return our, raw, wait, err
	}
	wait, err = cluster.Await(ctx, callers, k.each)
	return our, raw, wait, err
}

func executed(contender string, callers int, runs []kafka.Commands) figures.Measurement {
	m := middle(runs, func(c kafka.Commands) float64 { return c.PerSecond })
	return figures.Measurement{
		What: "commands", Contender: contender, Size: map[string]int{"callers": callers},
		Medians: figures.Medians{
			figures.Rate: figures.Decimal(m.PerSecond), figures.Median: figures.Decimal(m.Median),
			figures.P99: figures.Decimal(m.P99), figures.Batch: figures.Decimal(m.Batch),
		},
	}
}

// reading lets the feed and raw consumers take turns, as there is more to read.
func (k kafkaMeasuring) reading(ctx context.Context) ([]figures.Measurement, error) {
	cluster, err := kafka.Start(ctx, k.brokers, k.partitions)
	if err != nil {
		return nil, err
	}
	defer cluster.Close()
	names := []string{"esgen, folded into states", "raw, each unmarshalled", "raw, bare"}
	var all []figures.Measurement
	have := 0
	for _, events := range k.stored {
		if err := cluster.Fill(ctx, accounts, have, events); err != nil {
			return nil, fmt.Errorf("filling up to %d events: %w", events, err)
		}
		have = events
		took := make([][]time.Duration, len(names))
		for range k.runs {
			for i, read := range []func() (time.Duration, error){
				func() (time.Duration, error) { return cluster.Feed(ctx) },
				func() (time.Duration, error) { return cluster.Consume(ctx, events, true) },
				func() (time.Duration, error) { return cluster.Consume(ctx, events, false) },
			} {
				d, err := read()
				if err != nil {
					return nil, fmt.Errorf("%s: %w", names[i], err)
				}
				took[i] = append(took[i], d)
			}
		}
		for i, name := range names {
			all = append(all, read("read", name, events, kafka.Median(took[i])))
		}
	}
	return all, nil
}

func read(what, contender string, events int, took time.Duration) figures.Measurement {
	return figures.Measurement{
		What: what, Contender: contender, Size: map[string]int{"events": events},
		Medians: figures.Medians{
			figures.Wall: figures.Decimal(took), figures.PerEvent: figures.Decimal(float64(took) / float64(events)),
		},
	}
}

// takeovers measures what it costs to begin to serve: with few accounts, and
// with as many as there are events.
func (k kafkaMeasuring) takeovers(ctx context.Context) ([]figures.Measurement, error) {
	few, err := k.takeoversOf(ctx, "takeover of few", func(int) int { return accounts })
	if err != nil {
		return nil, err
	}
	many, err := k.takeoversOf(ctx, "takeover of many", func(events int) int { return events })
	return slices.Concat(few, many), err
}

// takeoversOf takes one partition over that has more and more events.
func (k kafkaMeasuring) takeoversOf(
	ctx context.Context, what string, accounts func(events int) int,
) ([]figures.Measurement, error) {
	cluster, err := kafka.Start(ctx, k.brokers, 1)
	if err != nil {
		return nil, err
	}
	defer cluster.Close()
	var all []figures.Measurement
	have := 0
	for _, events := range k.stored {
		of := accounts(events)
		if err := cluster.Fill(ctx, of, have, events); err != nil {
			return nil, fmt.Errorf("%s, filling up to %d events: %w", what, events, err)
		}
		have = events
		ms, err := k.takeoversOnce(ctx, cluster, what, of, events)
		if err != nil {
			return nil, fmt.Errorf("%s, %d events: %w", what, events, err)
		}
		all = append(all, ms...)
	}
	return all, nil
}

// takeoversOnce takes over with the checkpoint that is there, then without any,
// and reads the same events with a raw consumer.
func (k kafkaMeasuring) takeoversOnce(
	ctx context.Context, cluster *kafka.Cluster, what string, accounts, events int,
) ([]figures.Measurement, error) {
	var with, without []kafka.Takeover
	var raw []time.Duration
	for range k.runs {
		t, err := cluster.TakeOver(ctx, kafka.Account(accounts/2))
		if err != nil {
			return nil, err
		}
		with = append(with, t)
	}
	for range k.runs {
		if err := cluster.Forget(ctx); err != nil {
			return nil, err
		}
		t, err := cluster.TakeOver(ctx, kafka.Account(accounts/2))
		if err != nil {
			return nil, err
		}
		without = append(without, t)
		d, err := cluster.Consume(ctx, events, true)
		if err != nil {
			return nil, err
		}
		raw = append(raw, d)
	}
	return []figures.Measurement{
		taken(what, "esgen, with a checkpoint", events, with),
		taken(what, "esgen, events alone", events, without),
		read(what, "raw, each unmarshalled", events, kafka.Median(raw)),
	}, nil
}

func taken(what, contender string, events int, runs []kafka.Takeover) figures.Measurement {
	t := middle(runs, func(t kafka.Takeover) float64 { return float64(t.Took) })
	return figures.Measurement{
		What: what, Contender: contender, Size: map[string]int{"events": events},
		Medians: figures.Medians{
			figures.Wall: figures.Decimal(t.Took), figures.Restore: figures.Decimal(t.Restore),
			figures.EventsRead: figures.Decimal(t.Events), figures.PerAggregate: figures.Decimal(t.BytesPerAggregate),
			figures.Cold: figures.Decimal(t.Cold),
		},
	}
}
