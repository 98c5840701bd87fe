package report

import (
	"slices"

	"github.com/esgen-dev/esgen/bench/figures"
)

// Tables returns all tables of a part.
func Tables(p figures.Part) []Table {
	var all []Table
	for _, contender := range []string{"raw", "raw, callers wait"} {
		if len(of(p, "commands", contender)) > 0 {
			all = append(all, commands(p, contender))
		}
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
func commands(p figures.Part, contender string) Table {
	t := Table{
		Name:  "commands beside " + contender,
		Title: "commands: events per second, as multiples of those of " + contender,
		Header: []string{
			"callers", "ratio", "esgen, events/s", "raw, events/s", "esgen, median", "esgen, 99 %",
			"raw, median", "raw, 99 %", "esgen, events per transaction", "raw, events per transaction",
		},
	}
	ours, raws := of(p, "commands", "esgen"), of(p, "commands", contender)
	for i := range min(len(ours), len(raws)) {
		our, raw := ours[i], raws[i]
		t.Rows = append(t.Rows, []string{
			figures.Count(float64(our.Size["callers"])), ratio(our, raw, figures.Rate),
			cell(our, figures.Rate), cell(raw, figures.Rate), cell(our, figures.Median), cell(our, figures.P99),
			cell(raw, figures.Median), cell(raw, figures.P99), cell(our, figures.Batch), cell(raw, figures.Batch),
		})
	}
	return t
}

// of returns the measurements of one contender.
func of(p figures.Part, what, contender string) []figures.Measurement {
	return slices.DeleteFunc(p.Select(what), func(m figures.Measurement) bool { return m.Contender != contender })
}
