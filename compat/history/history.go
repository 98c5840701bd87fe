// Package history keeps every version of every schema that was ever accepted,
// so that a gate can look at all of them without a network and without the
// history of the repository.
//
// # What is on disk
//
// The file esgen.lock stands beside esgen.yaml and is written by
// "esgen lock update". It is text, sorted, one line for each thing:
//
//	# esgen.lock: every accepted schema version. Written by "esgen lock update", not by hand.
//	format 1
//	aggregate bank.v1.Account topic=bank.v1.account partitions=12
//	event bank.v1.AccountOpened aggregate=bank.v1.Account type=AccountOpened
//	schema bank.v1.AccountOpened 1 PROTOBUF subject=bank.v1.account-bank.v1.AccountOpened sha256=5e3b...
//
// The text of a version is the file schemas/<key>/<number>.proto, or .json,
// byte for byte as it was accepted. The key is the full name of the event, or
// the import path of a file that others refer to. Versions are numbered from 1.
// They are numbers of this history, not those of any registry.
//
// In values, a byte that is not printable, a space and any of % , : @ is
// written as %XX. So are all but letters, digits and -._+ in the names of
// directories, and what Windows cannot have as a name.
//
// # What it protects
//
// The hash of a version covers its line, its text and the hash of the version
// before. [Read] finds a version that was edited, swapped, renumbered, or taken
// out from between others. Whoever rewrites the hashes of all versions behind
// as well, or takes away the last version with its line, or all of it, leaves
// nothing to be found but the change of esgen.lock, which a review sees, and so
// does a comparison with another revision.
//
// # Branches
//
// Two branches that both add a version of one event add the same file in
// schemas, which is a conflict in git. Everything else merges: lines are only
// ever added, and .gitattributes tells git to keep the lines of both sides.
// After such a conflict was resolved, esgen.lock still holds the lines of both
// branches; [History.Update] drops those that match no text.
//
// The package does not decide whether a change is safe, asks no registry, and
// never writes: Update returns the files to be written.
package history

import (
	"maps"
	"slices"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/schema"
)

// The names of what is on disk.
const (
	LockName       = "esgen.lock"
	SchemasDir     = "schemas"
	AttributesName = ".gitattributes"
)

// History is what was accepted so far; the zero value is nothing. It is not changed after it was read and
// safe for concurrent use. Slices that it returns are the caller's; the slices
// and pointers within their elements are not to be changed.
type History struct {
	aggregates map[string]Aggregate
	events     map[string]Event
	tracks     map[track][]Version

	disk     disk
	problems []problem
}

// track is what versions are numbered in.
type track struct {
	key  string
	kind schema.Type
}

// disk is what files were found where the history was read.
type disk struct {
	shown      func(string) string
	lock       []byte // nil when there is none
	attributes []byte
	strays     map[string]*text // files in schemas that no line is about
}

// Aggregate is what was accepted of an aggregate.
type Aggregate struct {
	Name       string // full name, e.g. "bank.v1.Account"
	Topic      string
	Partitions int
	Position   diag.Position // its line; zero when it is not in a lock
}

// Event is what was accepted of an event.
type Event struct {
	Name       string   // full name, e.g. "bank.v1.AccountOpened"
	Aggregate  string   // full name
	StoredName string   // the name in the log
	Aliases    []string // other names in the log
	Position   diag.Position
}

// Version is an accepted version of a schema.
type Version struct {
	Number int // from 1
	// Schema is what was accepted. The versions of its references are numbers
	// of this history; Event, Index, Level and Types are not kept and zero. Its
	// Position is the text file.
	Schema schema.Schema
	Hash   string        // of everything about the version and those before, in hex
	Line   diag.Position // of the version in esgen.lock; zero when it is not in a lock
}

// IsEmpty reports whether nothing was accepted yet.
func (h *History) IsEmpty() bool {
	return len(h.aggregates) == 0 && len(h.events) == 0 && len(h.tracks) == 0
}

// Keys returns the keys of all schemas, in order: full names of events, and
// import paths of files that others refer to.
func (h *History) Keys() []string {
	keys := map[string]bool{}
	for t := range h.tracks {
		keys[t.key] = true
	}
	return slices.Sorted(maps.Keys(keys))
}

// Versions returns the versions of a schema, the oldest first.
func (h *History) Versions(key string, kind schema.Type) []Version {
	return slices.Clone(h.tracks[track{key, kind}])
}

// Version returns one version of a schema.
func (h *History) Version(key string, kind schema.Type, number int) (Version, bool) {
	versions := h.tracks[track{key, kind}]
	if number < 1 || number > len(versions) {
		return Version{}, false
	}
	return versions[number-1], true
}

// Event returns what was accepted of an event.
func (h *History) Event(name string) (Event, bool) {
	e, ok := h.events[name]
	return e, ok
}

// Events returns all events, by name.
func (h *History) Events() []Event { return sortedValues(h.events) }

// Aggregate returns what was accepted of an aggregate.
func (h *History) Aggregate(name string) (Aggregate, bool) {
	a, ok := h.aggregates[name]
	return a, ok
}

// Aggregates returns all aggregates, by name.
func (h *History) Aggregates() []Aggregate { return sortedValues(h.aggregates) }

func sortedValues[T any](m map[string]T) []T {
	values := make([]T, 0, len(m))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		values = append(values, m[key])
	}
	return values
}
