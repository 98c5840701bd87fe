package jsonschema

import "slices"

// trace is what the comparison of one pair found, with paths relative to the
// pair. Traces share parts: what is found in a definition that is used in a
// hundred places stands there once, until [Diff] writes it down.
type trace struct {
	entries []entry
	bad     bool // a difference in it is incompatible under the policy
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
	if len(below.entries) > 0 {
		t.entries = append(t.entries, entry{path: path, below: below})
	}
	t.bad = t.bad || below.bad
}

// Limits of what [Diff] writes down. Definitions that use others twice, twenty
// deep, make a million differences of one.
const (
	maxDifferences = 1 << 18
	maxPathBytes   = 1 << 26
)

type writer struct {
	policy      Policy
	differences []Difference
	bytes       int
	onPath      map[*trace]bool
	reported    bool // an incompatible difference was written
}

func (w *writer) full() bool {
	return len(w.differences) >= maxDifferences || w.bytes >= maxPathBytes
}

// write writes a trace down. When there is no room any more, it looks for the
// first incompatible difference, so that the list never says less than the
// verdict.
func (w *writer) write(t *trace, path string) {
	if w.onPath[t] {
		return // a cycle: it is reported once
	}
	w.onPath[t] = true
	for _, e := range t.entries {
		if w.full() && (w.reported || !t.bad) {
			break
		}
		at := path
		if e.path != "" {
			if at != "#/" {
				at += "/"
			}
			at += e.path
		}
		if e.below != nil {
			w.write(e.below, at)
			continue
		}
		compatible := e.change.Compatible(w.policy)
		if w.full() && compatible {
			continue
		}
		w.differences = append(w.differences, Difference{Type: e.change, Path: at})
		w.bytes += len(at)
		w.reported = w.reported || !compatible
	}
	delete(w.onPath, t)
}

func (t *trace) differences(p Policy) []Difference {
	w := &writer{policy: p, onPath: map[*trace]bool{}}
	w.write(t, "#/")
	return slices.Clip(w.differences)
}
