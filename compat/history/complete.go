package history

import (
	"fmt"
	"maps"
	"slices"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/schema"
)

// complete finds lines that need others which are not there.
func (h *History) complete() {
	imported := map[string]bool{}
	for _, t := range slices.SortedFunc(maps.Keys(h.tracks), compareTracks) {
		for _, v := range h.tracks[t] {
			for _, ref := range v.Schema.References {
				imported[ref.Name] = true
				if _, ok := h.Version(ref.Name, t.kind, ref.Version); !ok {
					h.incomplete(v.place(), t.key, fmt.Sprintf("version %d of %s refers to version %d of %s, which is not there",
						v.Number, t.key, ref.Version, ref.Name))
				}
			}
		}
	}
	for _, t := range slices.SortedFunc(maps.Keys(h.tracks), compareTracks) {
		if _, ok := h.events[t.key]; !ok && !imported[t.key] {
			h.incomplete(h.tracks[t][0].place(), t.key, t.key+" is neither an event nor a file that another schema refers to")
		}
	}
	for _, e := range h.Events() {
		if _, ok := h.aggregates[e.Aggregate]; !ok {
			h.incomplete(e.Position, e.Name, fmt.Sprintf("there is no line about %s, the aggregate of %s", e.Aggregate, e.Name))
		}
		if len(h.tracks[track{e.Name, schema.Protobuf}])+len(h.tracks[track{e.Name, schema.JSON}]) == 0 {
			h.incomplete(e.Position, e.Name, fmt.Sprintf("there is no version of event %s", e.Name))
		}
	}
}

// place is the line of a version, or what it is made from.
func (v Version) place() diag.Position {
	if v.Line.IsZero() {
		return v.Schema.Position
	}
	return v.Line
}

func (h *History) incomplete(at diag.Position, symbol, message string) {
	h.problems = append(h.problems, problem{Finding: diag.Finding{
		Rule: ruleIncomplete, Severity: diag.Error, Symbol: symbol,
		Message: message, Position: at,
		Help: "restore the line that was removed: git checkout -- " + h.disk.shown(LockName),
	}})
}
