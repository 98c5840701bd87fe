package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/esgen-dev/esgen/bench/gate"
	"github.com/esgen-dev/esgen/bench/generation"
)

// compareGate prints what it costs to check schemas, and how that grows.
func compareGate(ctx context.Context, runs int, p gate.Project) error {
	dir, err := os.MkdirTemp("", "esgen-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	tools, err := generation.FindTools(ctx, filepath.Join(dir, "bin"))
	if errors.Is(err, exec.ErrNotFound) {
		fmt.Printf("\nthe gate is left out: %v\n", err)
		return nil
	}
	if err != nil {
		return err
	}
	contenders, err := gate.Race(ctx, filepath.Join(dir, "race"), p, tools, runs)
	if err != nil {
		return err
	}
	fmt.Printf("\nchecking %d files with %d events each\n", p.Files, p.Events)
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(out, "\twall\tcpu\tmemory\tratio of wall\tratio of cpu\tratio of memory\t")
	own := contenders[0].Median()
	for _, c := range contenders {
		m := c.Median()
		fmt.Fprintf(out, "%s\t%v\t%v\t%d MB\t%.2f\t%.2f\t%.2f\t\n", c.Name, round(m.Wall), round(m.CPU), m.Memory>>20,
			m.Wall.Seconds()/own.Wall.Seconds(), m.CPU.Seconds()/own.CPU.Seconds(), float64(m.Memory)/float64(own.Memory))
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return printGrowth(ctx, dir, tools.Esgen, runs)
}

// printGrowth doubles one dimension after the other.
func printGrowth(ctx context.Context, dir, esgen string, runs int) error {
	projects := []gate.Project{
		{Files: 12, Events: 20, Fields: 8, Versions: 20},
		{Files: 25, Events: 20, Fields: 8, Versions: 20},
		{Files: 50, Events: 20, Fields: 8, Versions: 20},
		{Files: 50, Events: 20, Fields: 8, Versions: 5},
		{Files: 50, Events: 20, Fields: 8, Versions: 10},
		{Files: 50, Events: 20, Fields: 8, Versions: 40},
		{Files: 12, Events: 20, Fields: 16, Versions: 5},
		{Files: 12, Events: 20, Fields: 64, Versions: 5},
		{Files: 12, Events: 20, Fields: 256, Versions: 5},
	}
	fmt.Printf("\nesgen compat, as there is more to check\n")
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(out, "subjects\tversions\tfields\twall\tcpu\tmemory\tcpu per version\t")
	for i, p := range projects {
		cost, err := gate.Check(ctx, filepath.Join(dir, fmt.Sprintf("growth%d", i)), p, esgen, min(runs, 3))
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%d\t%d\t%d\t%v\t%v\t%d MB\t%v\t\n", p.Subjects(), p.Versions, p.Fields, round(cost.Wall), round(cost.CPU),
			cost.Memory>>20, round(cost.CPU/time.Duration(p.Subjects()*p.Versions)))
	}
	return out.Flush()
}
