package history

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/model"
	"github.com/esgen-dev/esgen/generator/schema"
	"github.com/esgen-dev/esgen/generator/write"
)

// Updated is a history with what is declared now.
type Updated struct {
	// History ends in what is declared now. Versions that were added have no
	// line, and the Position of what they were made from.
	History *History
	// Files are to be written below the directory of esgen.lock: those that
	// are new or change.
	Files []write.File
	// Added are the new versions, by key, in the order of their numbers.
	Added []Version
}

// Update accepts what is declared now: a schema that differs from its last
// accepted version becomes the next one, and the lines of aggregates and events
// become those of the model. Whether that is safe was decided before. What is
// not declared any more stays as it is. An update of what was just updated
// changes nothing.
//
// Schemas refer to the last versions of the files that they import. So a new
// version of a file makes one of each schema that refers to it.
//
// Update mends what a merge leaves in esgen.lock. Anything else that [Read] had
// to say is returned again, and nothing is updated.
func (h *History) Update(current []schema.Schema, m *model.Model) (Updated, []diag.Finding) {
	u := h.newUpdate()
	for _, s := range current {
		u.current[track{s.Key, s.Type}] = s
	}
	for _, s := range current {
		u.add(track{s.Key, s.Type})
	}
	return u.finish(m)
}

// update is a history in the making.
type update struct {
	old        *History
	current    map[track]schema.Schema
	done       map[track]int // the last version of what was gone through
	aggregates map[string]Aggregate
	events     map[string]Event
	tracks     map[track][]Version
	added      []Version
	problems   []diag.Finding
	partial    bool // it is not for a lock, so schemas may be there without their events
}

func (h *History) newUpdate() *update {
	if h.tracks == nil { // the zero value
		h = &History{tracks: map[track][]Version{}, disk: disk{shown: func(path string) string { return path }}}
	}
	u := &update{
		old: h, current: map[track]schema.Schema{}, done: map[track]int{},
		aggregates: map[string]Aggregate{}, events: map[string]Event{}, tracks: map[track][]Version{},
	}
	maps.Copy(u.aggregates, h.aggregates)
	maps.Copy(u.events, h.events)
	maps.Copy(u.tracks, h.tracks)
	return u
}

// finish makes a history of what was added, with the lines of aggregates and
// events that the model has.
func (u *update) finish(m *model.Model) (Updated, []diag.Finding) {
	u.declare(m)
	u.checkKeys()
	next := &History{aggregates: u.aggregates, events: u.events, tracks: u.tracks, disk: disk{shown: u.old.disk.shown}}
	problems := u.blocking()
	if len(problems) == 0 && !u.partial {
		next.complete() // so that what is written can be read
		problems = next.findings()
	}
	if len(problems) > 0 {
		return Updated{}, diag.Sort(problems)
	}
	slices.SortStableFunc(u.added, func(a, b Version) int {
		return compareTracks(track{a.Schema.Key, a.Schema.Type}, track{b.Schema.Key, b.Schema.Type})
	})
	return Updated{History: next, Files: u.files(next), Added: u.added}, nil
}

// add makes a version of what is declared, if it differs from the last one,
// after those that it refers to. It returns the number of the last version, or
// 0 when there is none.
func (u *update) add(t track) int {
	s, declared := u.current[t]
	if number, ok := u.done[t]; ok || !declared {
		return cmp.Or(number, len(u.tracks[t]))
	}
	u.done[t] = 0 // a schema that refers to itself refers to what is not there
	s.References = slices.Clone(s.References)
	slices.SortFunc(s.References, func(a, b schema.Reference) int { return strings.Compare(a.Name, b.Name) })
	for i, ref := range s.References {
		number := u.add(track{ref.Name, s.Type})
		if number == 0 {
			u.problems = append(u.problems, noReference(s, ref))
		}
		s.References[i].Version = number
		s.References[i].Subject = cmp.Or(ref.Subject, ref.Name)
	}
	versions := u.tracks[t]
	if len(versions) == 0 || !same(versions[len(versions)-1].Schema, s) {
		v := next(versions, s)
		u.tracks[t] = append(slices.Clip(versions), v)
		u.added = append(u.added, v)
	}
	u.done[t] = len(u.tracks[t])
	return u.done[t]
}

// same reports whether a schema is what was accepted.
func same(accepted, s schema.Schema) bool {
	return accepted.Subject == s.Subject && accepted.Text == s.Text && slices.Equal(accepted.References, s.References)
}

// next returns the version behind others.
func next(versions []Version, s schema.Schema) Version {
	previous := ""
	if len(versions) > 0 {
		previous = versions[len(versions)-1].Hash
	}
	v := Version{Number: len(versions) + 1, Schema: s}
	v.Schema.Event, v.Schema.Index, v.Schema.Level, v.Schema.Types = nil, 0, "", nil
	v.Hash = v.line().hash(sha256.Sum256([]byte(s.Text)), previous)
	return v
}

// line returns the line of a version, without its hash.
func (v Version) line() schemaLine {
	return schemaLine{track{v.Schema.Key, v.Schema.Type}, v.Number, v.Schema.Subject, v.Schema.References}
}

// declare writes down what the model says of aggregates and events.
func (u *update) declare(m *model.Model) {
	if m == nil {
		return
	}
	for _, p := range m.Packages {
		for _, a := range p.Aggregates {
			name := string(a.FullName)
			accepted := Aggregate{Name: name, Topic: a.Topic.Name, Partitions: a.Topic.Partitions, Position: u.aggregates[name].Position}
			u.aggregates[name] = accepted
			for _, e := range a.Events {
				u.declareEvent(name, e)
			}
		}
	}
}

func (u *update) declareEvent(aggregate string, e *model.Event) {
	name := string(e.FullName)
	if len(u.tracks[track{name, schema.Protobuf}])+len(u.tracks[track{name, schema.JSON}]) == 0 {
		return // no schema could be made, which was said
	}
	aliases := slices.Compact(slices.Sorted(slices.Values(e.Aliases)))
	u.events[name] = Event{
		Name: name, Aggregate: aggregate, StoredName: e.StoredType,
		Aliases: aliases, Position: u.events[name].Position,
	}
}

// checkKeys finds schemas that cannot be files beside all others.
func (u *update) checkKeys() {
	positions := map[string]diag.Position{}
	for t, s := range u.current {
		positions[t.key] = s.Position
	}
	all := map[string]bool{}
	for t := range u.tracks {
		all[t.key] = true
	}
	keys := slices.Sorted(maps.Keys(all))
	for _, key := range keys {
		if !validKey(key) {
			u.problems = append(u.problems, badKey(key, positions[key], fmt.Sprintf("%s cannot be the name of a directory", short(key))))
		}
		_, isEvent := u.events[key]
		if s, ok := u.current[track{key, schema.Protobuf}]; ok && isEvent && s.Event == nil {
			u.problems = append(u.problems, badKey(key, s.Position, key+" is both an event and a file"))
		}
	}
	for _, c := range clashes(keys) {
		at := positions[c.key]
		if at.IsZero() {
			at = positions[c.other]
		}
		u.problems = append(u.problems, badKey(c.key, at, fmt.Sprintf("%s and %s %s", c.key, c.other, c.reason)))
	}
}

func badKey(key string, at diag.Position, message string) diag.Finding {
	return diag.Finding{
		Rule: ruleKey, Severity: diag.Error, Symbol: key, Message: message, Position: at,
		Help: "rename what was added last: its schemas are kept in files that have to exist on every system",
	}
}

func noReference(s schema.Schema, ref schema.Reference) diag.Finding {
	return diag.Finding{
		Rule: ruleIncomplete, Severity: diag.Error, Symbol: s.Key,
		Message:  fmt.Sprintf("the schema of %s refers to %s, of which there is none", s.Key, ref.Name),
		Position: s.Position,
	}
}

// blocking returns what has to be put right by hand first.
func (u *update) blocking() []diag.Finding {
	problems := u.problems
	written := map[string]string{}
	for _, v := range u.added {
		written[v.line().textPath()] = v.Schema.Text
	}
	harmless := true
	for at, t := range u.old.disk.strays {
		text, ok := written[at]
		harmless = harmless && ok && t.err == nil && t.content == text
	}
	for _, p := range u.old.problems {
		if leftOver := p.Rule == ruleStray && harmless; !p.mendable && !leftOver {
			problems = append(problems, p.Finding)
		}
	}
	return problems
}

// files returns what has to be written, with which next is as if it was read.
func (u *update) files(next *History) []write.File {
	if next.IsEmpty() && u.old.disk.lock == nil {
		return nil
	}
	var files []write.File
	next.disk.lock = next.lockText()
	if !bytes.Equal(next.disk.lock, u.old.disk.lock) {
		files = append(files, write.File{Path: LockName, Content: next.disk.lock})
	}
	var missing bool
	if next.disk.attributes, missing = attributes(u.old.disk.attributes); missing {
		files = append(files, write.File{Path: AttributesName, Content: next.disk.attributes})
	}
	for _, v := range u.added {
		files = append(files, write.File{Path: v.line().textPath(), Content: []byte(v.Schema.Text)})
	}
	slices.SortFunc(files, func(a, b write.File) int { return strings.Compare(a.Path, b.Path) })
	return files
}

// lockText returns esgen.lock.
func (h *History) lockText() []byte {
	var out bytes.Buffer
	fmt.Fprintln(&out, header)
	fmt.Fprintln(&out, version)
	for _, a := range h.Aggregates() {
		fmt.Fprintln(&out, aggregateLine(a))
	}
	for _, e := range h.Events() {
		fmt.Fprintln(&out, eventLine(e))
	}
	for _, t := range slices.SortedFunc(maps.Keys(h.tracks), compareTracks) {
		for _, v := range h.tracks[t] {
			fmt.Fprintln(&out, v.line().format(v.Hash))
		}
	}
	return out.Bytes()
}
