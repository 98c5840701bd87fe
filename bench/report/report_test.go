package report_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/bench/figures"
	"github.com/esgen-dev/esgen/bench/report"
)

func measured(what, contender, size string, n int, m figures.Medians) figures.Measurement {
	return figures.Measurement{What: what, Contender: contender, Size: map[string]int{size: n}, Medians: m}
}

// Ratios are those to the first contender of the same size, and the other
// columns belong to the largest size. What was not measured stays empty.
func TestTables_race(t *testing.T) {
	t.Parallel()
	got := report.Tables(figures.Part{Measurements: []figures.Measurement{
		measured("load", "esgen", "events", 10, figures.Medians{figures.Wall: 100}),
		measured("load", "other", "events", 10, figures.Medians{figures.Wall: 50, figures.PerEvent: 5}),
		measured("load", "esgen", "events", 1000, figures.Medians{
			figures.Wall: 8000, figures.PerEvent: 8, figures.Allocations: 4,
		}),
		measured("load", "other", "events", 1000, figures.Medians{figures.Wall: 160_000, figures.PerEvent: 160}),
	}})
	want := []report.Table{{
		Name: "load", Title: "loading stored events: time, as multiples of that in the first row",
		Header: []string{"", "10 events", "1,000 events", "per event", "allocations per event"},
		Rows:   [][]string{{"esgen", "1.00", "1.00", "8 ns", "4"}, {"other", "0.50", "20", "160 ns", ""}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tables (-want +got):\n%s", diff)
	}
}

// A ratio of rates is the other way round: more is better.
func TestTables_commands(t *testing.T) {
	t.Parallel()
	got := report.Tables(figures.Part{Measurements: []figures.Measurement{
		measured("commands", "esgen", "callers", 8, figures.Medians{
			figures.Rate: 300, figures.Median: 1e6, figures.P99: 2e6, figures.Batch: 1.5,
		}),
		measured("commands", "raw", "callers", 8, figures.Medians{
			figures.Rate: 400, figures.Median: 3e6, figures.P99: 4e6, figures.Batch: 2,
		}),
		measured("commands", "raw, callers wait", "callers", 8, figures.Medians{
			figures.Rate: 200, figures.Median: 5e6, figures.P99: 6e6, figures.Batch: 1,
		}),
	}})
	want := map[string][]string{
		"commands beside raw":               {"8", "0.75", "300", "400", "1 ms", "2 ms", "3 ms", "4 ms", "1.5", "2.0"},
		"commands beside raw, callers wait": {"8", "1.50", "300", "200", "1 ms", "2 ms", "5 ms", "6 ms", "1.5", "1.0"},
	}
	if len(got) != len(want) {
		t.Errorf("%d tables, want %d", len(got), len(want))
	}
	for _, table := range got {
		if len(table.Rows) != 1 || !slices.Equal(want[table.Name], table.Rows[0]) {
			t.Errorf("%s has %v, want one row %v", table.Name, table.Rows, want[table.Name])
		}
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	table := report.Table{Title: "sizes", Header: []string{"", "long"}, Rows: [][]string{{"ant", "1"}, {"eel", ""}}}
	if got, want := table.Markdown(), "|  | long |\n|---|--:|\n| ant | 1 |\n| eel |  |\n"; got != want {
		t.Errorf("Markdown:\n%s", got)
	}
	if got, want := table.Text(), "sizes\n       long\n  ant     1\n  eel      "; got != want {
		t.Errorf("text:\n%q", got)
	}
}
