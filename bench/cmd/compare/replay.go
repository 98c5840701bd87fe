package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"testing"

	"github.com/esgen-dev/esgen/bench/figures"
	"github.com/esgen-dev/esgen/bench/replay"
)

// replay measures how long the contenders take to fold and to load.
func (s settings) replay(context.Context) (measured, error) {
	testing.Init() // for the flag, and for Benchmark
	if err := flag.Set("test.benchtime", s.loop.String()); err != nil {
		return measured{}, err
	}
	all := measured{versions: figures.ModuleVersions("github.com/hallgren/eventsourcing",
		"github.com/modernice/goes", "github.com/looplab/eventhorizon")}
	for _, events := range s.events {
		for _, what := range []string{"fold", "load"} {
			ms, err := raceReplay(what, events, s.runs)
			if err != nil {
				return measured{}, err
			}
			all.measurements = append(all.measurements, ms...)
		}
	}
	return all, nil
}

// raceReplay lets all contenders take turns that have a way to do it.
func raceReplay(what string, events, runs int) ([]figures.Measurement, error) {
	var names []string
	var fs []replay.Run
	for _, c := range replay.Contenders() {
		prepare := c.Fold
		if what == "load" {
			prepare = c.Load
		}
		if prepare == nil {
			continue
		}
		f, err := prepare(events)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
		names, fs = append(names, c.Name), append(fs, f)
	}
	results := make([][]testing.BenchmarkResult, len(fs))
	for range runs {
		for i, f := range fs {
			r, err := loop(f)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", names[i], err)
			}
			results[i] = append(results[i], r)
		}
	}
	var all []figures.Measurement
	for i, rs := range results {
		r := middle(rs, func(r testing.BenchmarkResult) float64 { return float64(r.T) / float64(r.N) })
		perRun := float64(r.T) / float64(r.N)
		all = append(all, figures.Measurement{
			What: what, Contender: names[i], Size: map[string]int{"events": events},
			Medians: figures.Medians{
				figures.Wall:        figures.Decimal(perRun),
				figures.PerEvent:    figures.Decimal(perRun / float64(events)),
				figures.Allocations: figures.Decimal(float64(r.AllocsPerOp()) / float64(events)),
			},
		})
	}
	return all, nil
}

func loop(f replay.Run) (testing.BenchmarkResult, error) {
	var failed error
	r := testing.Benchmark(func(b *testing.B) {
		b.Helper()
		b.ReportAllocs()
		for b.Loop() {
			if _, err := f(); err != nil {
				failed = err
				b.FailNow()
			}
		}
	})
	if r.N == 0 && failed == nil {
		failed = errors.New("not measured")
	}
	return r, failed
}

// middle returns the median by a value.
func middle[T any](all []T, by func(T) float64) T {
	slices.SortFunc(all, func(a, b T) int { return cmp.Compare(by(a), by(b)) })
	return all[len(all)/2]
}
