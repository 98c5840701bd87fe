package history

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/esgen-dev/esgen/diag"
)

// Read reads esgen.lock and the texts in schemas, which lie in the root of a
// file system, and checks each against the other. No esgen.lock and no texts
// are an empty History.
//
// With shown, findings and positions name files as a user would type them; nil
// leaves the paths as they are. When findings are of severity error, the
// History is good for [History.Update] alone, which mends what a merge leaves
// behind. The error is about what could not be read at all. Files are read from
// several goroutines.
func Read(fsys fs.FS, shown func(string) string) (*History, []diag.Finding, error) {
	if shown == nil {
		shown = func(path string) string { return path }
	}
	h := &History{tracks: map[track][]Version{}, disk: disk{shown: shown, strays: map[string]*text{}}}
	content, err := readFile(fsys, LockName)
	if err != nil {
		h.problems = append(h.problems, unreadable(shown(LockName), err))
		return h, h.findings(), nil
	}
	texts, err := listTexts(fsys)
	if err != nil {
		return nil, nil, err
	}
	if h.disk.attributes, err = readFile(fsys, AttributesName); err != nil {
		h.disk.attributes = nil // somebody else's file; it is written anew only when it is not there
		h.problems = append(h.problems, unreadable(shown(AttributesName), err))
	}
	h.disk.lock = content
	lock := &lock{}
	if content != nil {
		lock = parseLock(shown(LockName), content)
	}
	h.problems = append(h.problems, lock.problems...)
	h.aggregates, h.events = lock.aggregates, lock.events
	if !h.mendable() {
		return h, h.findings(), nil // what follows would be about the same cause
	}
	lock.attach(texts)
	readTexts(fsys, slices.Collect(maps.Values(texts)))
	for _, t := range slices.SortedFunc(maps.Keys(lock.entries), compareTracks) {
		h.resolve(t, lock.entries[t])
	}
	h.complete()
	h.stray(texts)
	return h, h.findings(), nil
}

func compareTracks(a, b track) int {
	if c := strings.Compare(a.key, b.key); c != 0 {
		return c
	}
	return strings.Compare(string(b.kind), string(a.kind)) // PROTOBUF before JSON
}

// attach gives each line its text.
func (l *lock) attach(texts map[string]*text) {
	for _, numbers := range l.entries {
		for _, entries := range numbers {
			if t := texts[entries[0].textPath()]; t != nil {
				t.used = true
				for _, e := range entries {
					e.text = t
				}
			}
		}
	}
}

// mendable reports whether Update makes all that was found go away.
func (h *History) mendable() bool {
	return !slices.ContainsFunc(h.problems, func(p problem) bool { return !p.mendable })
}

func (h *History) findings() []diag.Finding {
	findings := make([]diag.Finding, len(h.problems))
	for i, p := range h.problems {
		findings[i] = p.Finding
	}
	return diag.Sort(findings)
}

// maxStrays is how many files that belong to no version are named one by one.
const maxStrays = 20

// stray finds texts that no line is about. Those that Update is about to write,
// byte for byte, are in nobody's way.
func (h *History) stray(texts map[string]*text) {
	unused := slices.DeleteFunc(slices.Sorted(maps.Keys(texts)), func(at string) bool { return texts[at].used })
	for _, at := range unused {
		h.disk.strays[at] = texts[at]
	}
	switch {
	case len(unused) == 0:
	case h.disk.lock == nil:
		h.problems = append(h.problems, problem{Finding: diag.Finding{
			Rule: ruleStray, Severity: diag.Error,
			Message:  "there are accepted schemas, but no " + LockName,
			Position: diag.Position{Path: h.disk.shown(SchemasDir)},
			Help:     "restore it: git checkout -- " + h.disk.shown(LockName),
		}})
	default:
		for _, at := range unused[:min(len(unused), maxStrays)] {
			h.problems = append(h.problems, problem{Finding: h.strayFinding(at)})
		}
	}
	if more := len(unused) - maxStrays; more > 0 && h.disk.lock != nil {
		h.problems = append(h.problems, problem{Finding: diag.Finding{
			Rule: ruleStray, Severity: diag.Error,
			Message:  fmt.Sprintf("no line of %s is about %d more files", LockName, more),
			Position: diag.Position{Path: h.disk.shown(SchemasDir)},
		}})
	}
}

func (h *History) strayFinding(at string) diag.Finding {
	return diag.Finding{
		Rule: ruleStray, Severity: diag.Error,
		Message:  "no line of " + LockName + " is about this file",
		Position: diag.Position{Path: h.disk.shown(at)},
		Help: "if a version was taken out of " + LockName + ", restore it: git checkout -- " + h.disk.shown(LockName) +
			"\nelse remove the file",
	}
}

// unreadable is about a file that cannot be read. File systems that know what
// to do say so by a method of their errors.
func unreadable(shown string, err error) problem {
	help := "make it a regular file that you may read, as esgen lock update wrote it"
	if knowing := (interface {
		error
		Help() string
	})(nil); errors.As(err, &knowing) {
		help = knowing.Help()
	}
	if cause := (*fs.PathError)(nil); errors.As(err, &cause) {
		err = cause.Err
	}
	return problem{Finding: diag.Finding{
		Rule: ruleUnreadable, Severity: diag.Error,
		Message:  "cannot read the file: " + err.Error(),
		Position: diag.Position{Path: shown},
		Help:     help,
	}}
}
