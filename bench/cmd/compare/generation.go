package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"text/tabwriter"

	"github.com/esgen-dev/esgen/bench/generation"
)

// compareGeneration prints how long the contenders take to generate code.
func compareGeneration(ctx context.Context, runs int, s generation.Schema) error {
	dir, err := os.MkdirTemp("", "esgen-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	tools, err := generation.FindTools(ctx, filepath.Join(dir, "bin"))
	if errors.Is(err, exec.ErrNotFound) {
		fmt.Printf("\ngeneration is left out: %v\n", err)
		return nil
	}
	if err != nil {
		return err
	}
	contenders, err := generation.Race(ctx, filepath.Join(dir, "schema"), s, tools, runs)
	if err != nil {
		return err
	}
	fmt.Printf("\ngenerating from %d files with %d events and %d commands each\n", s.Files, s.Events, s.Commands)
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(out, "\tfiles\twall\tcpu\tratio of wall\tratio of cpu\t")
	own := contenders[0].Median()
	for _, c := range contenders {
		m := c.Median()
		fmt.Fprintf(out, "%s\t%d\t%v\t%v\t%.2f\t%.2f\t\n", c.Name, c.Files, round(m.Wall), round(m.CPU),
			m.Wall.Seconds()/own.Wall.Seconds(), m.CPU.Seconds()/own.CPU.Seconds())
	}
	return out.Flush()
}
