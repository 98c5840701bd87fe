package report

import (
	"fmt"

	"github.com/esgen-dev/esgen/bench/figures"
	"github.com/esgen-dev/esgen/bench/plot"
)

// parts are all parts of the comparison, by name.
type parts map[string]figures.Part

// names returns the names of all parts that the page needs.
func names() []string {
	return []string{"replay", "generation", "gate", "kfake", "kafka-1", "kafka-3"}
}

// view is what a panel shows of a part: the contenders at one thing, and how
// a quantity of theirs grows with a size.
type view struct {
	part, what, title string
	size, label       string
	quantity          figures.Quantity
}

// drawn is a plot of the page.
type drawn struct {
	name, title, label string
	views              []view
}

func plots() []drawn {
	return []drawn{
		{"replay", "Folding and loading an aggregate", "time per event", []view{
			{"replay", "fold", "folding", "events", "events of the aggregate", figures.PerEvent},
			{"replay", "load", "loading", "events", "events of the aggregate", figures.PerEvent},
		}},
		{"generation", "Generating code", "time", []view{
			{"generation", "generate", "until it is done", "files", "files", figures.Wall},
			{"generation", "generate", "of processors", "files", "files", figures.CPU},
		}},
		{"gate", "Checking schemas", "time", []view{
			{"gate", "check", "more schemas", "subjects", "subjects", figures.Wall},
			{"gate", "versions", "more history", "versions", "accepted versions of each subject", figures.Wall},
			{"gate", "fields", "larger schemas", "fields", "fields of each event", figures.Wall},
		}},
		{"commands", "Executing commands on Kafka", "events per second", clusters("commands", "callers", figures.Rate)},
		{"reading", "Reading all events from Kafka", "time per event", clusters("read", "events", figures.PerEvent)},
		{"takeover", "Taking over a partition", "time", clusters("takeover of few", "events", figures.Wall)},
	}
}

// clusters shows the same on each Kafka.
func clusters(what, size string, q figures.Quantity) []view {
	return []view{
		{"kfake", what, "kfake", size, size, q},
		{"kafka-1", what, "Apache Kafka, one node", size, size, q},
		{"kafka-3", what, "Apache Kafka, three nodes", size, size, q},
	}
}

// figure returns the plot of the parts.
func (d drawn) figure(all parts) (plot.Figure, error) {
	f := plot.Figure{Title: d.title, Y: plot.Axis{Label: d.label, Format: d.views[0].quantity.Format}}
	for _, v := range d.views {
		p, err := v.panel(all[v.part])
		if err != nil {
			return plot.Figure{}, fmt.Errorf("plot %s: %w", d.name, err)
		}
		f.Panels = append(f.Panels, p)
	}
	return f, nil
}

func (v view) panel(p figures.Part) (plot.Panel, error) {
	panel := plot.Panel{Title: v.title, X: plot.Axis{Label: v.label, Format: figures.Count}}
	place := make(map[string]int)
	for _, m := range p.Select(v.what) {
		i, ok := place[m.Contender]
		if !ok {
			i = len(panel.Series)
			place[m.Contender] = i
			panel.Series = append(panel.Series, plot.Series{Name: m.Contender})
		}
		x, y := m.Size[v.size], m.Medians[v.quantity]
		if x == 0 || y == 0 {
			return plot.Panel{}, fmt.Errorf("%s of %s lacks %s or %s", m.What, m.Contender, v.size, v.quantity)
		}
		panel.Series[i].Points = append(panel.Series[i].Points, plot.Point{X: float64(x), Y: float64(y)})
	}
	return panel, nil
}
