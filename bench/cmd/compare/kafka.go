package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/esgen-dev/esgen/bench/kafka"
	eskafka "github.com/esgen-dev/esgen/es/kafka"
)

// kafkaSize is how much the comparison on Kafka does.
type kafkaSize struct {
	brokers    []string // addresses; none is kfake
	events     int      // for replay and takeover
	partitions int
	each       time.Duration // for which commands are executed
}

// compareKafka prints how the Kafka engine stands beside raw franz-go.
func compareKafka(ctx context.Context, runs int, size kafkaSize) error {
	for _, callers := range []int{1, 64, 512} {
		if err := compareCommands(ctx, runs, callers, size); err != nil {
			return err
		}
	}
	if err := compareConsumers(ctx, runs, size); err != nil {
		return err
	}
	return compareTakeovers(ctx, size)
}

// compareCommands lets the engine and raw producers take turns.
func compareCommands(ctx context.Context, runs, callers int, size kafkaSize) error {
	var ours, raws []kafka.Commands
	for range runs {
		our, raw, err := commandsOnce(ctx, callers, size)
		if err != nil {
			return err
		}
		ours, raws = append(ours, our), append(raws, raw)
	}
	our, raw := middle(ours), middle(raws)
	fmt.Printf("\ncommands of %d callers on %d partitions, beside raw transactions of as many events\n", callers, size.partitions)
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(out, "\tevents/s\tratio\tmedian\t99 %\tevents per transaction\t")
	fmt.Fprintf(out, "esgen\t%.0f\t%.2f\t%v\t%v\t%.1f\t\n", our.PerSecond, our.PerSecond/raw.PerSecond, round(our.Median), round(our.P99), our.Batch)
	fmt.Fprintf(out, "raw\t%.0f\t1\t%v\t%v\t%.1f\t\n", raw.PerSecond, round(raw.Median), round(raw.P99), raw.Batch)
	return out.Flush()
}

func commandsOnce(ctx context.Context, callers int, size kafkaSize) (our, raw kafka.Commands, err error) {
	cluster, err := kafka.Start(ctx, size.brokers, size.partitions)
	if err != nil {
		return our, raw, err
	}
	defer cluster.Close()
	if our, err = cluster.Execute(ctx, callers, 1000, size.each); err != nil {
		return our, raw, err
	}
	producers := min(callers, size.partitions)
	raw, err = cluster.Produce(ctx, max(1, int(our.Batch+0.5)), producers, size.each)
	return our, raw, err
}

func middle(all []kafka.Commands) kafka.Commands {
	slices.SortFunc(all, func(a, b kafka.Commands) int { return int(a.PerSecond - b.PerSecond) })
	return all[len(all)/2]
}

// compareConsumers lets the feed and raw consumers take turns.
func compareConsumers(ctx context.Context, runs int, size kafkaSize) error {
	cluster, err := kafka.Start(ctx, size.brokers, size.partitions)
	if err != nil {
		return err
	}
	defer cluster.Close()
	if err := cluster.Fill(ctx, 1000, size.events); err != nil {
		return err
	}
	took := make([][]time.Duration, 3)
	for range runs {
		for i, run := range []func() (time.Duration, error){
			func() (time.Duration, error) { return cluster.Feed(ctx) },
			func() (time.Duration, error) { return cluster.Consume(ctx, size.events, true) },
			func() (time.Duration, error) { return cluster.Consume(ctx, size.events, false) },
		} {
			d, err := run()
			if err != nil {
				return err
			}
			took[i] = append(took[i], d)
		}
	}
	ours := kafka.Median(took[0])
	fmt.Printf("\nreading %d events of %d partitions\n", size.events, size.partitions)
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(out, "\ttime\tper event\tspeed of esgen beside it\t")
	for i, name := range []string{"esgen, folded into states", "raw, each unmarshalled", "raw, bare"} {
		t := kafka.Median(took[i])
		fmt.Fprintf(out, "%s\t%v\t%v\t%.2f\t\n", name, round(t), round(t/time.Duration(size.events)), float64(t)/float64(ours))
	}
	return out.Flush()
}

// compareTakeovers prints what it costs to begin to serve.
func compareTakeovers(ctx context.Context, size kafkaSize) error {
	fmt.Printf("\ntaking over %d events, 1 partition\n", size.events)
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(out, "accounts\tcheckpoints\ttime\trestore\tevents read\tbytes per aggregate\tone cold aggregate\t")
	for _, accounts := range []int{1000, size.events} {
		for _, every := range []int{2 * size.events, 10_000} {
			t, err := takeOver(ctx, accounts, every, size)
			if err != nil {
				return err
			}
			with := "every 10000 events"
			if every > size.events {
				with = "none"
			}
			fmt.Fprintf(out, "%d\t%s\t%v\t%v\t%d\t%d\t%v\t\n", accounts, with,
				round(t.Took), round(t.Restore), t.Events, t.BytesPerAggregate, round(t.Cold))
		}
	}
	return out.Flush()
}

func takeOver(ctx context.Context, accounts, every int, size kafkaSize) (kafka.Takeover, error) {
	cluster, err := kafka.Start(ctx, size.brokers, 1)
	if err != nil {
		return kafka.Takeover{}, err
	}
	defer cluster.Close()
	if err := cluster.Fill(ctx, accounts, size.events, eskafka.CheckpointEvery(every)); err != nil {
		return kafka.Takeover{}, err
	}
	if every > size.events {
		if err := cluster.Forget(ctx); err != nil {
			return kafka.Takeover{}, err
		}
	}
	return cluster.TakeOver(ctx, kafka.Account(accounts/2))
}
