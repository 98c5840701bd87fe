package report

import (
	"fmt"
	"slices"

	"github.com/esgen-dev/esgen/bench/figures"
)

// race is a comparison of contenders at growing sizes. Its table has the ratio
// to the first contender for each size, and then figures at the largest one.
type race struct {
	what  string
	title string
	size  string // what grows
	by    figures.Quantity
	more  []column
}

// column is a column of a table.
type column struct {
	title    string
	quantity figures.Quantity
}

func races() []race {
	replayed := []column{{"per event", figures.PerEvent}, {"allocations per event", figures.Allocations}}
	taken := []column{
		{"time", figures.Wall},
		{"of it, restoring", figures.Restore},
		{"events read", figures.EventsRead},
		{"memory per aggregate", figures.PerAggregate},
		{"a load that is not in memory", figures.Cold},
	}
	return []race{
		{"fold", "folding decoded events", "events", figures.Wall, replayed},
		{"load", "loading stored events", "events", figures.Wall, replayed},
		{"generate", "generating", "files", figures.Wall, []column{
			{"time", figures.Wall}, {"processor time", figures.CPU}, {"files written", figures.Files},
		}},
		{"check", "checking", "subjects", figures.Wall, []column{
			{"time", figures.Wall}, {"processor time", figures.CPU}, {"memory", figures.Memory},
		}},
		{"read", "reading", "events", figures.Wall, []column{{"time", figures.Wall}, {"per event", figures.PerEvent}}},
		{"takeover of few", "taking over 1000 accounts", "events", figures.Wall, taken},
		{"takeover of many", "taking over an account per event", "events", figures.Wall, taken},
	}
}

func (r race) table(p figures.Part) Table {
	all := p.Select(r.what)
	t := Table{
		Name: r.what, Title: r.title + ": time, as multiples of that in the first row",
		Header: []string{""},
	}
	var contenders []string
	var sizes []int
	for _, m := range all {
		if !slices.Contains(contenders, m.Contender) {
			contenders = append(contenders, m.Contender)
		}
		if !slices.Contains(sizes, m.Size[r.size]) {
			sizes = append(sizes, m.Size[r.size])
		}
	}
	find := func(contender string, size int) figures.Measurement {
		for _, m := range all {
			if m.Contender == contender && m.Size[r.size] == size {
				return m
			}
		}
		return figures.Measurement{}
	}
	for _, size := range sizes {
		t.Header = append(t.Header, fmt.Sprintf("%s %s", figures.Count(float64(size)), r.size))
	}
	for _, c := range r.more {
		t.Header = append(t.Header, c.title)
	}
	for _, contender := range contenders {
		row := []string{contender}
		for _, size := range sizes {
			row = append(row, ratio(find(contender, size), find(contenders[0], size), r.by))
		}
		largest := find(contender, sizes[len(sizes)-1])
		for _, c := range r.more {
			row = append(row, cell(largest, c.quantity))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// cell writes a figure, or nothing for what was not measured.
func cell(m figures.Measurement, q figures.Quantity) string {
	value, ok := m.Medians[q]
	if !ok {
		return ""
	}
	return q.Format(float64(value))
}

func ratio(m, of figures.Measurement, by figures.Quantity) string {
	value, base := m.Medians[by], of.Medians[by]
	if value == 0 || base == 0 {
		return ""
	}
	return figures.Ratio(float64(value / base))
}
