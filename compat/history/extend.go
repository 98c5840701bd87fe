package history

import (
	"fmt"
	"slices"
	"strings"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/model"
	"github.com/esgen-dev/esgen/generator/schema"
)

// Extend adds versions that were accepted elsewhere, such as in a schema
// registry: the schemas of each key in their order, the oldest first, behind
// those that they refer to. The versions of references are numbers of the
// history that results. What the history holds already has to be how the given
// versions begin, or a finding says where the two part. The lines of aggregates
// and events become those of the model; without one the result is good for
// comparing with, but not for a lock.
//
// What [Read] had to say is returned again, and nothing is added then.
func (h *History) Extend(versions []schema.Schema, m *model.Model) (Updated, []diag.Finding) {
	u := h.newUpdate()
	u.partial = m == nil
	for _, s := range versions {
		u.extend(track{s.Key, s.Type}, s)
	}
	return u.finish(m)
}

// parted stands for the number of a version from which on two histories differ.
const parted = -1

// extend holds a version against the one of the same number, or adds it.
func (u *update) extend(t track, s schema.Schema) {
	s.References = slices.Clone(s.References)
	slices.SortFunc(s.References, func(a, b schema.Reference) int { return strings.Compare(a.Name, b.Name) })
	versions, number := u.tracks[t], u.done[t]+1
	if u.done[t] == parted {
		return // what comes behind differs because of what was said
	}
	u.done[t] = number
	if number > len(versions) {
		v := next(versions, s)
		u.tracks[t] = append(slices.Clip(versions), v)
		u.added = append(u.added, v)
		return
	}
	if known := versions[number-1]; !same(known.Schema, s) {
		u.problems = append(u.problems, diag.Finding{
			Rule: ruleDiverged, Severity: diag.Error, Symbol: t.key,
			Message:  fmt.Sprintf("version %d of %s is another schema elsewhere", number, t.key),
			Position: known.Line,
			Help:     "one of the two was changed without the other: esgen register --dry-run shows what the registry holds",
		})
		u.done[t] = parted
	}
}
