package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/esgen-dev/esgen/bench/replay"
)

// compareReplay prints how long the contenders take to fold and to load.
func compareReplay(runs, events int) error {
	contenders := replay.Contenders()
	var folds, loads []replay.Run
	for _, c := range contenders {
		fold, err := prepare(c.Fold, events)
		if err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
		load, err := prepare(c.Load, events)
		if err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
		folds, loads = append(folds, fold), append(loads, load)
	}
	fmt.Printf("\nfolding %d decoded events\n", events)
	if err := printReplay(contenders, folds, runs, events); err != nil {
		return err
	}
	fmt.Printf("\nloading %d stored events\n", events)
	return printReplay(contenders, loads, runs, events)
}

func prepare(f func(int) (replay.Run, error), events int) (replay.Run, error) {
	if f == nil {
		return nil, nil
	}
	return f(events)
}

// printReplay measures the functions in turns and prints a row for each.
func printReplay(contenders []replay.Contender, fs []replay.Run, runs, events int) error {
	results := make([][]testing.BenchmarkResult, len(fs))
	for range runs {
		for i, f := range fs {
			if f == nil {
				continue
			}
			r, err := measure(f)
			if err != nil {
				return fmt.Errorf("%s: %w", contenders[i].Name, err)
			}
			results[i] = append(results[i], r)
		}
	}
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(out, "\ttime\tper event\tallocations\tratio\t")
	for i, c := range contenders {
		if fs[i] == nil {
			continue
		}
		t := median(results[i])
		ratio := float64(t) / float64(median(results[0]))
		fmt.Fprintf(out, "%s\t%v\t%v\t%d\t%.1f\t\n", c.Name, round(t), round(t/time.Duration(events)), results[i][0].AllocsPerOp(), ratio)
	}
	return out.Flush()
}

func measure(f replay.Run) (testing.BenchmarkResult, error) {
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

func median(results []testing.BenchmarkResult) time.Duration {
	times := make([]time.Duration, len(results))
	for i, r := range results {
		times[i] = time.Duration(r.NsPerOp())
	}
	slices.Sort(times)
	return times[len(times)/2]
}

// round keeps three digits or so.
func round(d time.Duration) time.Duration {
	for unit := time.Second; unit > 1; unit /= 10 {
		if d >= unit*100 {
			return d.Round(unit)
		}
	}
	return d
}
