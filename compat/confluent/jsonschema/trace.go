package jsonschema

import (
	"slices"
	"strings"
)

// trace is what the comparison of one pair found, with paths relative to the
// pair. Traces share parts: what is found in a definition that is used in a
// hundred places stands there once, until [Diff] writes it down.
type trace struct {
	entries []entry
	bad     bool // a difference in it is incompatible under the policy
	growing bool // more may be found later
}

// entry is a difference at a path, or what was found below one.
type entry struct {
	path   string // "" at the pair itself
	change Change
	below  *trace
}

func (t *trace) add(p Policy, path string, change Change) {
	t.entries = append(t.entries, entry{path: path, change: change})
	t.bad = t.bad || !change.Compatible(p)
}

func (t *trace) join(path string, below *trace) {
	if len(below.entries) > 0 || below.growing {
		t.entries = append(t.entries, entry{path: path, below: below})
	}
	t.bad = t.bad || below.bad
}

// Limits of what [Diff] writes down. Definitions that use others twice, twenty
// deep, make a million differences of one.
const (
	maxDifferences = 1 << 18
	maxPathBytes   = 1 << 26
	maxSteps       = 1 << 21
)

type writer struct {
	policy      Policy
	differences []Difference
	bytes       int
	steps       int
	onPath      map[*trace]bool
	reported    bool // an incompatible difference was written
}

func (w *writer) full() bool {
	return len(w.differences) >= maxDifferences || w.bytes >= maxPathBytes || w.steps >= maxSteps
}

// write writes a trace down until there is no room any more.
func (w *writer) write(t *trace, path string) {
	if w.onPath[t] {
		return // a cycle: it is reported once
	}
	w.onPath[t] = true
	for _, e := range t.entries {
		if w.full() {
			break
		}
		w.steps++
		at := join(path, e.path)
		if e.below != nil {
			w.write(e.below, at)
			continue
		}
		w.differences = append(w.differences, Difference{Type: e.change, Path: at})
		w.bytes += len(at)
		w.reported = w.reported || !e.change.Compatible(w.policy)
	}
	delete(w.onPath, t)
}

func join(path, step string) string {
	switch {
	case step == "":
		return path
	case path == "#/":
		return path + step
	}
	return path + "/" + step
}

// nearest finds the incompatible difference with the fewest steps to it.
func nearest(p Policy, t *trace) Difference {
	type place struct {
		trace *trace
		from  int
		step  string
	}
	places, seen := []place{{trace: t, from: -1}}, map[*trace]bool{t: true}
	for i := 0; i < len(places); i++ {
		for _, e := range places[i].trace.entries {
			switch {
			case e.below == nil && !e.change.Compatible(p):
				steps := []string{e.path}
				for at := i; at >= 0; at = places[at].from {
					steps = append(steps, places[at].step)
				}
				slices.Reverse(steps)
				steps = slices.DeleteFunc(steps, func(step string) bool { return step == "" })
				return Difference{Type: e.change, Path: "#/" + strings.Join(steps, "/")}
			case e.below != nil && e.below.bad && !seen[e.below]:
				seen[e.below] = true
				places = append(places, place{e.below, i, e.path})
			}
		}
	}
	return Difference{Type: TypeChanged, Path: "#/"}
}

// differences writes a trace down. A list that is cut ends with an incompatible
// difference if there is one: it never says less than the verdict.
func (t *trace) differences(p Policy) []Difference {
	w := &writer{policy: p, onPath: map[*trace]bool{}}
	w.write(t, "#/")
	if t.bad && !w.reported {
		w.differences = append(w.differences, nearest(p, t))
	}
	return slices.Clip(w.differences)
}
