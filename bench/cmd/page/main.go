// Command page writes docs/benchmarks.md and its plots, from the figures that
// cmd/compare wrote. It is run in the directory bench.
//
//	go run ./cmd/page [-figures figures] [-docs ../docs]
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/esgen-dev/esgen/bench/report"
)

func main() {
	if err := page(os.Args[1:], os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "page:", err)
		os.Exit(1)
	}
}

func page(args []string, output io.Writer) error {
	flags := flag.NewFlagSet("page", flag.ContinueOnError)
	flags.SetOutput(output)
	figures := flags.String("figures", "figures", "the directory of the figures")
	docs := flags.String("docs", "../docs", "the directory to write to")
	if err := flags.Parse(args); err != nil {
		return err
	}
	files, err := report.Page(*figures)
	if err != nil {
		return err
	}
	for name, content := range files {
		file := filepath.Join(*docs, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
