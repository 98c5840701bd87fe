package report

import (
	"slices"

	"github.com/esgen-dev/esgen/bench/figures"
)

// Tables returns all tables of a part.
func Tables(p figures.Part) []Table {
	var all []Table
	if len(p.Select("commands")) > 0 {
		all = append(all, commands(p))
	}
	for _, r := range races() {
		if len(p.Select(r.what)) > 0 {
			all = append(all, r.table(p))
		}
	}
	for _, what := range []string{"versions", "fields"} {
		if len(p.Select(what)) > 0 {
			all = append(all, growth(p, what))
		}
	}
	return all
}

// growth shows how the gate's cost grows with something, beside the first row.
func growth(p figures.Part, what string) Table {
	all := p.Select(what)
	others := slices.DeleteFunc([]string{"subjects", "versions", "fields"}, func(name string) bool { return name == what })
	t := Table{
		Name: what, Title: "checking more " + what + ": time, as multiples of that in the first row",
		Header: append([]string{what, "ratio", "time", "processor time", "memory"}, others...),
	}
	for _, m := range all {
		size := func(name string) string { return figures.Count(float64(m.Size[name])) }
		t.Rows = append(t.Rows, []string{
			size(what), ratio(m, all[0], figures.Wall), cell(m, figures.Wall), cell(m, figures.CPU), cell(m, figures.Memory),
			size(others[0]), size(others[1]),
		})
	}
	return t
}

// commands has a row for each number of callers, as both contenders have
// figures that differ.
func commands(p figures.Part) Table {
	t := Table{
		Name: "commands", Title: "commands: events per second, as multiples of those of raw transactions",
		Header: []string{
			"callers", "ratio", "esgen, events/s", "raw, events/s", "esgen, median", "esgen, 99 %",
			"raw, median", "raw, 99 %", "events per transaction",
		},
	}
	all := p.Select("commands")
	for i := 0; i+1 < len(all); i += 2 {
		our, raw := all[i], all[i+1]
		t.Rows = append(t.Rows, []string{
			figures.Count(float64(our.Size["callers"])), ratio(our, raw, figures.Rate),
			cell(our, figures.Rate), cell(raw, figures.Rate), cell(our, figures.Median), cell(our, figures.P99),
			cell(raw, figures.Median), cell(raw, figures.P99), cell(our, figures.Batch),
		})
	}
	return t
}
