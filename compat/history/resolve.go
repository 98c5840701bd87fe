package history

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/schema"
)

// chain is what is known while the versions of one schema are gone through.
type chain struct {
	h    *History
	last string // the hash of the version before, as it will be written
	// others are the hashes that the version before had on other branches. A
	// version behind it that came along from there is as it was accepted, but
	// for its place.
	others []string
	merged bool // there is a line to be mended, about which something was said
	lost   bool // the version before is missing, so nothing can be said
}

// resolve checks the versions of one schema, and chooses where a merge left
// several lines about one.
func (h *History) resolve(t track, numbers map[int][]*entry) {
	c := chain{h: h}
	expected := 1
	for _, n := range slices.Sorted(maps.Keys(numbers)) {
		if n != expected {
			h.gap(numbers[n][0], expected)
			c.lost = true
		}
		expected = n + 1
		e := c.choose(numbers[n])
		h.tracks[t] = append(h.tracks[t], h.version(e, c.last))
	}
}

// version is what an entry says.
func (h *History) version(e *entry, hash string) Version {
	s := schema.Schema{Key: e.key, Subject: e.subject, Type: e.kind, References: e.refs}
	if e.text != nil {
		s.Text = e.text.content
		s.Position = diag.Position{Path: h.disk.shown(e.text.path), Line: 1, Column: 1}
	}
	return Version{Number: e.number, Schema: s, Hash: hash, Line: e.position}
}

// choose returns the line that holds for a version, and moves on.
func (c *chain) choose(entries []*entry) *entry {
	slices.SortFunc(entries, func(a, b *entry) int { return strings.Compare(a.raw, b.raw) })
	recorded := make([]string, len(entries))
	for i, e := range entries {
		recorded[i] = e.recorded
	}
	e, problem := c.check(entries)
	if problem != nil {
		c.h.problems = append(c.h.problems, *problem)
		if !problem.mendable {
			// The line is taken for right, so that one change is one finding.
			c.last, c.others, c.lost = e.recorded, recorded, false
			return e
		}
		c.merged = true
	}
	hash := e.recorded
	if c.merged && !c.lost {
		hash = e.hash(e.text.sum, c.last) // it may follow another version now
	}
	c.last, c.others, c.lost = hash, recorded, false
	return e
}

// check returns the line that holds, and what is wrong.
func (c *chain) check(entries []*entry) (*entry, *problem) {
	first := entries[0]
	if p := c.h.textProblem(first); p != nil {
		return first, p
	}
	if c.lost {
		return first, nil
	}
	right := keep(entries, func(e *entry) bool { return e.recorded == e.hash(e.text.sum, c.last) })
	moved := len(right) == 0
	if moved {
		right = keep(entries, c.cameAlong)
	}
	switch {
	case len(right) == 0 && len(entries) > 1:
		return first, &problem{Finding: c.h.noneMatches(entries)}
	case len(right) == 0:
		return first, &problem{Finding: c.h.changed(first)}
	case len(entries) > 1:
		f := c.h.severalLines(entries, right[0])
		if len(right) > 1 {
			// Two branches changed different imports of one event. What the
			// dropped line refers to is accepted under its own key.
			f.Message = fmt.Sprintf("%d lines are about version %d of %s, and differ in what it refers to", len(entries), first.number, first.key)
		}
		return right[0], &problem{mendable: true, Finding: f}
	case moved && !c.merged:
		return right[0], &problem{mendable: true, Finding: c.h.changed(first)}
	}
	return right[0], nil
}

func keep(entries []*entry, right func(*entry) bool) []*entry {
	var kept []*entry
	for _, e := range entries {
		if right(e) {
			kept = append(kept, e)
		}
	}
	return kept
}

// cameAlong reports whether a line is right behind a version that lost its
// place in a merge.
func (c *chain) cameAlong(e *entry) bool {
	return slices.ContainsFunc(c.others, func(other string) bool { return e.recorded == e.hash(e.text.sum, other) })
}

// keepFirst is how a conflict about one version is resolved.
const keepFirst = "resolve the .proto files, keep the text of the branch that was merged first, usually main, " +
	"and add yours behind it:\ngit checkout main -- "

// textProblem is about a text that cannot be compared.
func (h *History) textProblem(e *entry) *problem {
	if e.text == nil {
		shown := h.disk.shown(e.textPath())
		return &problem{Finding: diag.Finding{
			Rule: ruleMissing, Severity: diag.Error, Symbol: e.key,
			Message:  fmt.Sprintf("the text of version %d of %s is missing: %s", e.number, e.key, shown),
			Position: e.position,
			Help:     "restore it: git checkout -- " + shown,
		}}
	}
	if e.text.err != nil {
		p := unreadable(h.disk.shown(e.text.path), e.text.err)
		return &p
	}
	if line, marker := markerLine(e.text.content); line > 0 {
		shown := h.disk.shown(e.text.path)
		f := conflictIn(shown, line, marker, keepFirst+shown+"\ngo tool esgen lock update")
		f.Message = fmt.Sprintf("two branches added version %d of %s", e.number, e.key)
		f.Symbol = e.key
		return &problem{Finding: f}
	}
	return nil
}

// changed is about a version that does not match its line.
func (h *History) changed(e *entry) diag.Finding {
	shown := h.disk.shown(e.textPath())
	f := diag.Finding{
		Rule: ruleChanged, Severity: diag.Error, Symbol: e.key,
		Message: fmt.Sprintf("version %d of %s is not what was accepted: its text or its line in %s was changed",
			e.number, e.key, LockName),
		Position: diag.Position{Path: shown, Line: 1, Column: 1},
		Previous: []diag.Previous{{Position: e.position}},
		Help: fmt.Sprintf("restore it: git checkout -- %s %s\nor see who changed it: git log -p -- %s",
			h.disk.shown(LockName), shown, shown),
	}
	if e.number > 1 {
		f.Message = fmt.Sprintf("version %d of %s is not what was accepted: its text, its line in %s or version %d was changed",
			e.number, e.key, LockName, e.number-1)
	}
	if strings.Contains(e.text.content, "\r\n") {
		f.Help = fmt.Sprintf("its lines end in CR LF: let .gitattributes hold the line %s, then type:\ngit checkout -- %s", attributeSchemas, shown)
	}
	return f
}

// severalLines is about lines of which one holds.
func (h *History) severalLines(entries []*entry, right *entry) diag.Finding {
	f := diag.Finding{
		Rule: ruleTwice, Severity: diag.Error, Symbol: right.key,
		Message:  fmt.Sprintf("%d lines are about version %d of %s, one of which matches the text", len(entries), right.number, right.key),
		Position: right.position,
		Help:     "the others came with a merge; to drop them, type: go tool esgen lock update",
	}
	for _, e := range entries {
		if e != right {
			f.Previous = append(f.Previous, diag.Previous{Position: e.position})
		}
	}
	return f
}

// noneMatches is about lines none of which holds.
func (h *History) noneMatches(entries []*entry) diag.Finding {
	e := entries[0]
	f := h.severalLines(entries, e)
	shown := h.disk.shown(e.textPath())
	f.Message = fmt.Sprintf("%d lines are about version %d of %s, and none matches the text", len(entries), e.number, e.key)
	f.Help = "two branches added that version: " + keepFirst + shown + "\ngo tool esgen lock update"
	return f
}

// gap is about missing versions, from a number up to the one before an entry.
func (h *History) gap(e *entry, from int) {
	what := fmt.Sprintf("version %d of %s is", from, e.key)
	if last := e.number - 1; last > from {
		what = fmt.Sprintf("versions %d to %d of %s are", from, last, e.key)
	}
	h.problems = append(h.problems, problem{Finding: diag.Finding{
		Rule: ruleGap, Severity: diag.Error, Symbol: e.key,
		Message:  what + " missing",
		Position: e.position,
		Help:     "restore the lines: git checkout -- " + h.disk.shown(LockName),
	}})
}
