// Command compare runs all benchmarks in one go and prints ratios: how many
// times longer the others take.
//
//	go run ./cmd/compare [-runs 5] [-events 1000] [-files 200] [-only gate]
//		[-stored 1000000] [-partitions 4] [-each 3s] [-brokers host:port,...]
//
// Folding and loading need nothing but Go. Generation and the gate need protoc
// and buf on the PATH, or where PROTOC and BUF point, and are left out without
// them.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/esgen-dev/esgen/bench/gate"
	"github.com/esgen-dev/esgen/bench/generation"
)

func main() {
	if err := compare(); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func compare() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	testing.Init() // before Parse, for the flags of package testing
	runs := flag.Int("runs", 5, "how often each contender gets its turn; the median counts")
	events := flag.Int("events", 1000, "events per aggregate, for folding and loading")
	only := flag.String("only", "", "replay, generation, gate or kafka; all of them without it")
	schema := generation.Schema{}
	flag.IntVar(&schema.Files, "files", 200, "files, for generation")
	flag.IntVar(&schema.Events, "types", 20, "event types per file, for generation")
	size := kafkaSize{}
	flag.IntVar(&size.events, "stored", 1_000_000, "events, for reading and taking over on Kafka")
	flag.IntVar(&size.partitions, "partitions", 4, "partitions, on Kafka")
	brokers := flag.String("brokers", "", "addresses of a Kafka, with commas between them; without it, kfake")
	flag.DurationVar(&size.each, "each", 3*time.Second, "for how long commands are executed, on Kafka")
	flag.Parse()
	if *brokers != "" {
		size.brokers = strings.Split(*brokers, ",")
	}
	schema.Commands = schema.Events
	if err := flag.Set("test.benchtime", "200ms"); err != nil {
		return err
	}
	fmt.Printf("%s, %s/%s, %d processors, median of %d\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0), *runs)
	for _, part := range []struct {
		name string
		run  func() error
	}{
		{"replay", func() error { return compareReplay(*runs, *events) }},
		{"generation", func() error { return compareGeneration(ctx, *runs, schema) }},
		{"gate", func() error {
			return compareGate(ctx, *runs, gate.Project{Files: schema.Files, Events: schema.Events, Fields: 8, Versions: 1})
		}},
		{"kafka", func() error { return compareKafka(ctx, *runs, size) }},
	} {
		if *only != "" && *only != part.name {
			continue
		}
		if err := part.run(); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}
