package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/esgen-dev/esgen/bench/generation"
)

// compareGeneration prints how long the contenders take to generate code.
func compareGeneration(ctx context.Context, runs int, s generation.Schema) error {
	dir, err := os.MkdirTemp("", "esgen-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary directory
	tools, err := findTools(ctx, filepath.Join(dir, "bin"))
	if err != nil {
		fmt.Printf("\ngeneration: left out: %v\n", err)
		return nil
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

// findTools builds what is written in Go into bin and looks for the rest.
// ESGEN names a binary to take instead.
func findTools(ctx context.Context, bin string) (generation.Tools, error) {
	protoc, protocErr := lookUp("protoc")
	buf, bufErr := lookUp("buf")
	if err := errors.Join(protocErr, bufErr); err != nil {
		return generation.Tools{}, err
	}
	esgen, esgenErr := os.Getenv("ESGEN"), error(nil)
	if esgen == "" {
		esgen, esgenErr = build(ctx, filepath.Join(bin, "esgen"), "..", "./cmd/esgen")
	}
	protocGenGo, err := build(ctx, filepath.Join(bin, "protoc-gen-go"), ".", "google.golang.org/protobuf/cmd/protoc-gen-go")
	return generation.Tools{Esgen: esgen, Protoc: protoc, Buf: buf, ProtocGenGo: protocGenGo}, errors.Join(esgenErr, err)
}

func lookUp(name string) (string, error) {
	if file := os.Getenv(strings.ToUpper(name)); file != "" {
		return file, nil
	}
	return exec.LookPath(name)
}

func build(ctx context.Context, file, dir, pkg string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "build", "-o", file, pkg)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%v: %w\n%s", cmd.Args, err, out)
	}
	return file, nil
}
