// Command compare measures esgen beside other programs and libraries, prints
// tables of ratios, and writes what it measured to files.
//
//	go run ./cmd/compare [-only replay|generation|gate|kafka] [-runs 5]
//		[-real 0,1,3 | -brokers host:port,...] [-out figures]
//
// The other flags say how much there is to do, and -h lists them. Folding and
// loading, and kfake, need nothing but Go. Generation and the gate need protoc
// and buf on the PATH, or where PROTOC and BUF point, and are left out without
// them. What Apache Kafka needs is said by go doc ../internal/realkafka.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"time"

	"github.com/esgen-dev/esgen/bench/figures"
	"github.com/esgen-dev/esgen/bench/report"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	s, err := parse(os.Args[1:], os.Stderr)
	if err == nil {
		err = compare(ctx, s, os.Stdout)
	}
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

// part is a part of the comparison.
type part struct {
	name    string
	command string
	measure func(context.Context) (measured, error)
}

// measured is what came of a part.
type measured struct {
	versions     map[string]string // of what is compared
	measurements []figures.Measurement
}

// parts returns the parts that are asked for.
func (s settings) parts() []part {
	var all []part
	for _, p := range []part{
		{"replay", s.command("replay"), s.replay},
		{"generation", s.command("generation"), s.generation},
		{"gate", s.command("gate"), s.gate},
	} {
		if s.only == "" || s.only == p.name {
			all = append(all, p)
		}
	}
	if s.only == "" || s.only == "kafka" {
		all = append(all, s.kafka()...)
	}
	return all
}

// compare measures part after part.
func compare(ctx context.Context, s settings, out io.Writer) error {
	machine := figures.ThisMachine()
	fmt.Fprintf(out, "%s, %s, %d processors, median of %d\n", machine.Go, machine.System, machine.Processors, s.runs)
	for _, p := range s.parts() {
		began := time.Now()
		got, err := p.measure(ctx)
		if errors.Is(err, exec.ErrNotFound) {
			fmt.Fprintf(out, "\n%s is left out: %v\n", p.name, err)
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		whole := figures.Part{
			Name: p.name, Command: p.command, Day: began.Format(time.DateOnly), Seconds: int(time.Since(began).Seconds()),
			Machine: machine, Versions: got.versions, Measurements: got.measurements,
		}
		fmt.Fprintf(out, "\n== %s, measured in %ds\n", whole.Name, whole.Seconds)
		for _, t := range report.Tables(whole) {
			fmt.Fprintf(out, "\n%s\n", t.Text())
		}
		if s.out != "" {
			if err := whole.Save(s.out); err != nil {
				return err
			}
		}
	}
	return nil
}
