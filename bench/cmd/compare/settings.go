package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// settings are what the command line asks for.
type settings struct {
	only     string // a kind of parts; "" is all
	out      string // a directory for the figures; "" is none
	runs     int
	clusters sizes // of which Kafka is measured: how many nodes; 0 is kfake
	brokers  string

	events     sizes // of an aggregate, to fold and to load
	loop       time.Duration
	files      sizes // to generate from, and to check
	types      int   // of events, in each file
	versions   sizes // that were accepted
	fields     sizes // of an event
	callers    sizes // of commands
	stored     sizes // events on Kafka
	partitions int
	each       time.Duration

	given []string // the flags that say how much to measure, as they were given
}

// sizes are numbers with commas between them, as the value of a flag.
type sizes []int

// String implements [flag.Value].
func (s *sizes) String() string {
	texts := make([]string, len(*s))
	for i, n := range *s {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, ",")
}

// Set implements [flag.Value].
func (s *sizes) Set(text string) error {
	*s = nil
	for field := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(field)
		if err != nil || n < 0 {
			return errors.New("want numbers with commas between them")
		}
		*s = append(*s, n)
	}
	if !slices.IsSorted(*s) {
		return errors.New("want the smaller ones first")
	}
	return nil
}

// kinds are what -only knows.
func kinds() []string { return []string{"replay", "generation", "gate", "kafka"} }

// parse reads the command line.
func parse(args []string, output io.Writer) (settings, error) {
	s := settings{
		clusters: sizes{0}, events: sizes{10, 100, 1000, 10_000}, files: sizes{10, 50, 200},
		versions: sizes{5, 10, 20, 40}, fields: sizes{8, 16, 64, 256},
		callers: sizes{1, 8, 64, 512}, stored: sizes{10_000, 100_000, 1_000_000},
	}
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	flags.SetOutput(output)
	flags.StringVar(&s.only, "only", "", strings.Join(kinds(), ", ")+"; all of them without it")
	flags.StringVar(&s.out, "out", "", "a directory to write the figures to")
	flags.IntVar(&s.runs, "runs", 5, "turns of each contender, on Kafka three at most; the median counts")
	flags.Var(&s.clusters, "real", "nodes of Apache Kafka to start, in turn; 0 is kfake")
	flags.StringVar(&s.brokers, "brokers", "", "addresses of a Kafka that runs, with commas between them, instead")
	flags.Var(&s.events, "events", "events per aggregate, for folding and loading")
	flags.DurationVar(&s.loop, "loop", 200*time.Millisecond, "for how long an aggregate is folded and loaded in a run")
	flags.Var(&s.files, "files", "files to generate from, and to check")
	flags.IntVar(&s.types, "types", 20, "event types per file")
	flags.Var(&s.versions, "versions", "accepted versions, for the gate")
	flags.Var(&s.fields, "fields", "fields per event, for the gate")
	flags.Var(&s.callers, "callers", "callers of commands, on Kafka")
	flags.Var(&s.stored, "stored", "events to read and to take over, on kfake; a tenth of it on Apache Kafka")
	flags.IntVar(&s.partitions, "partitions", 4, "partitions, on Kafka")
	flags.DurationVar(&s.each, "each", 3*time.Second, "for how long commands are executed in a run, on Kafka")
	if err := flags.Parse(args); err != nil {
		return settings{}, err
	}
	if flags.NArg() > 0 {
		return settings{}, fmt.Errorf("what is %q", flags.Arg(0))
	}
	if s.only != "" && !slices.Contains(kinds(), s.only) {
		return settings{}, fmt.Errorf("-only is one of %v", kinds())
	}
	flags.Visit(func(f *flag.Flag) {
		if f.Name != "only" && f.Name != "out" && f.Name != "real" {
			s.given = append(s.given, "-"+f.Name, f.Value.String())
		}
	})
	return s, nil
}

// command returns what measures a part again, alone.
func (s settings) command(part ...string) string {
	return strings.Join(slices.Concat([]string{"go run ./cmd/compare -only"}, part, s.given), " ")
}
