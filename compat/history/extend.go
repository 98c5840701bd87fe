package history

import (
	"slices"
	"strings"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/model"
	"github.com/esgen-dev/esgen/generator/schema"
)

// Extend adds versions that were accepted elsewhere, such as in a schema
// registry: the schemas of each key in their order, the oldest first, behind
// those that they refer to. References name versions by where they stand among
// the given ones of their key, counting from 1. A version that the history
// holds already, under whatever number, is not added again; others come behind
// its own. The lines of aggregates and events become those of the model;
// without one the result is good for comparing with, but not for a lock.
//
// What [Read] had to say is returned again, and nothing is added then.
func (h *History) Extend(versions []schema.Schema, m *model.Model) (Updated, []diag.Finding) {
	e := extending{update: h.newUpdate(), numbers: map[track][]int{}}
	e.partial = m == nil
	for _, s := range versions {
		e.extend(track{s.Key, s.Type}, s)
	}
	return e.finish(m)
}

// extending is an update by versions from elsewhere.
type extending struct {
	*update
	numbers map[track][]int // what the given versions are here
}

// extend finds a version, or adds it.
func (e *extending) extend(t track, s schema.Schema) {
	s.References = slices.Clone(s.References)
	slices.SortFunc(s.References, func(a, b schema.Reference) int { return strings.Compare(a.Name, b.Name) })
	for i, ref := range s.References {
		if numbers := e.numbers[track{ref.Name, s.Type}]; ref.Version >= 1 && ref.Version <= len(numbers) {
			s.References[i].Version = numbers[ref.Version-1]
		}
	}
	versions := e.tracks[t]
	at := slices.IndexFunc(versions, func(v Version) bool { return same(v.Schema, s) })
	if at < 0 {
		v := next(versions, s)
		at = len(versions)
		e.tracks[t] = append(slices.Clip(versions), v)
		e.added = append(e.added, v)
	}
	e.numbers[t] = append(e.numbers[t], at+1)
}
