package main

import (
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/bench/figures"
	"github.com/esgen-dev/esgen/bench/report"
)

// Everything that needs nothing but Go is measured, little of it, and makes the
// tables that the page wants.
func TestCompare(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	small := strings.Fields("-runs 1 -events 3,5 -loop 1ms -callers 1,2 -stored 1100,1200 -each 20ms")
	for _, c := range []struct{ only, part, tables string }{
		{"replay", "replay", "fold; load"},
		{"kafka", "kfake", "commands beside raw; commands beside raw, callers wait; read; takeover of few; takeover of many"},
	} {
		s, err := parse(append(small, "-only", c.only, "-out", dir), io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		if err := compare(t.Context(), s, io.Discard); err != nil {
			t.Fatal(err)
		}
		p, err := figures.Load(dir, c.part)
		if err != nil {
			t.Fatal(err)
		}
		var tables []string
		for _, table := range report.Tables(p) {
			tables = append(tables, table.Name)
		}
		if got := strings.Join(tables, "; "); got != c.tables {
			t.Errorf("%s has the tables %s, want %s", c.part, got, c.tables)
		}
		again, err := parse(strings.Fields(p.Command)[3:], io.Discard)
		if err != nil || again.runs != 1 || again.only != c.only || again.out != "" {
			t.Errorf("%s says that it was measured by %q: %v", c.part, p.Command, err)
		}
	}
}

// Commands that stand on pages are understood.
func TestCommands(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"../../../docs/benchmarks.md", "../../README.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		commands := regexp.MustCompile(`go run \./cmd/(\w+)([^\n#]*)`).FindAllStringSubmatch(string(text), -1)
		if len(commands) < 2 {
			t.Errorf("%s has %d commands", file, len(commands))
		}
		for _, c := range commands {
			if _, err := os.Stat("../" + c[1]); err != nil {
				t.Errorf("%s: %v", file, err)
			}
			if c[1] != "compare" {
				continue
			}
			if _, err := parse(strings.Fields(c[2]), io.Discard); err != nil {
				t.Errorf("%s: %q: %v", file, c[0], err)
			}
		}
	}
}

func TestParse_refuses(t *testing.T) {
	t.Parallel()
	for _, args := range []string{"-only speed", "-events 10,x", "-events 100,10", "-real -1", "-files", "replay"} {
		if _, err := parse(strings.Fields(args), io.Discard); err == nil {
			t.Errorf("%q is understood", args)
		}
	}
}
