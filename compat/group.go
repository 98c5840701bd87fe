package compat

import (
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/compat/replay"
)

// The rules of package replay that are about more than one field.
const (
	numberReused = "REPLAY_NUMBER_REUSED"
	nameMoved    = "REPLAY_FIELD_NAME_MOVED"
	oneofMerged  = "REPLAY_ONEOF_MERGED"
	fieldRemoved = "REPLAY_FIELD_REMOVED"
	fieldType    = "REPLAY_FIELD_TYPE"
)

// gather makes one of changes that have one cause: fields of a type that took
// the place of another type, members of a oneof, and what follows from a number
// that was given to another field.
func gather(changes []replay.Change, original, update protoreflect.MessageDescriptor) []Unsafe {
	all := make([]Unsafe, len(changes))
	for i, change := range changes {
		all[i] = Unsafe{Change: change}
	}
	if len(all) == 0 {
		return nil
	}
	all = replacedTypes(all, findReplacements(original, update))
	all = mergedOneofs(all, original, update)
	return movedNames(all)
}

// typePair is two messages of which one is read as the other.
type typePair struct {
	was, is protoreflect.MessageDescriptor
}

// has reports whether a change is about the two messages or a field of them.
func (p typePair) has(u Unsafe) bool {
	about := func(name protoreflect.FullName, m protoreflect.MessageDescriptor) bool {
		return name == m.FullName() || name.Parent() == m.FullName()
	}
	return about(u.Now, p.is) && (u.Old == "" || about(u.Symbol, p.was))
}

// replacement is a field that holds another type now, although the one that it
// had is still there.
type replacement struct {
	was, is protoreflect.FieldDescriptor
	beneath []typePair // that are compared only because of it
}

// findReplacements returns the replacements that two messages lead to.
func findReplacements(original, update protoreflect.MessageDescriptor) []replacement {
	var found []replacement
	seen := map[typePair]bool{}
	walk(typePair{original, update}, seen, func(f, g protoreflect.FieldDescriptor, next typePair) bool {
		replaced := localName(next.was) != localName(next.is) && stays(next.was, original, update)
		if replaced {
			found = append(found, replacement{was: f, is: g, beneath: []typePair{next}})
		}
		return !replaced
	})
	for i := range found {
		beneath := map[typePair]bool{}
		walk(found[i].beneath[0], beneath, func(_, _ protoreflect.FieldDescriptor, _ typePair) bool { return true })
		found[i].beneath = slices.DeleteFunc(pairs(beneath), func(p typePair) bool { return seen[p] })
	}
	return found
}

func pairs(set map[typePair]bool) []typePair {
	all := make([]typePair, 0, len(set))
	for p := range set {
		all = append(all, p)
	}
	return all
}

// manyPairs is how many pairs of messages are looked at, which only types that
// lead back to themselves by ways of different lengths exceed.
const manyPairs = 10_000

// walk goes through the pairs of messages that two messages lead to, by the
// numbers of their fields. Where enter says no, it goes no further.
func walk(from typePair, seen map[typePair]bool, enter func(f, g protoreflect.FieldDescriptor, next typePair) bool) {
	for stack := []typePair{from}; len(stack) > 0 && len(seen) < manyPairs; {
		p := stack[len(stack)-1]
		if stack = stack[:len(stack)-1]; seen[p] {
			continue
		}
		seen[p] = true
		for i := range p.was.Fields().Len() {
			f := p.was.Fields().Get(i)
			g := p.is.Fields().ByNumber(f.Number())
			if g == nil || messageOf(f) == nil || messageOf(g) == nil {
				continue
			}
			if next := (typePair{messageOf(f), messageOf(g)}); !seen[next] && enter(f, g, next) {
				stack = append(stack, next)
			}
		}
	}
}

// messageOf returns the message that a field holds, also as a map, or nil.
func messageOf(f protoreflect.FieldDescriptor) protoreflect.MessageDescriptor {
	if f.IsMap() {
		return f.MapValue().Message()
	}
	return f.Message()
}

// localName is the name of a message within its package.
func localName(m protoreflect.MessageDescriptor) string {
	return strings.TrimPrefix(string(m.FullName()), string(m.ParentFile().Package())+".")
}

// stays reports whether a type of the original is still declared. If not, it
// was renamed, and the new name says nothing about the fields that hold it.
func stays(was, original, update protoreflect.MessageDescriptor) bool {
	if was.ParentFile().Path() != original.ParentFile().Path() {
		return true // what others declare is nothing that was renamed here
	}
	d, whole := find(update.ParentFile(), strings.Split(localName(was), "."))
	return d != nil && whole
}

// replacedTypes turns the changes between a type and the one that took its
// place into one of the field that holds them.
func replacedTypes(all []Unsafe, found []replacement) []Unsafe {
	absorbed := map[int]bool{}
	for _, r := range found {
		var inside []Unsafe
		for i, u := range all {
			if slices.ContainsFunc(r.beneath, func(p typePair) bool { return p.has(u) }) {
				inside, absorbed[i] = append(inside, u), true
			}
		}
		if len(inside) == 0 {
			continue
		}
		at := slices.IndexFunc(all, func(u Unsafe) bool { return u.Symbol == r.was.FullName() })
		if at < 0 {
			at, all = len(all), append(all, Unsafe{Change: r.change(inside[0])})
		}
		for _, u := range inside {
			all[at].also = append(all[at].also, u.Rule, string(u.Symbol), u.Old, u.New)
		}
	}
	var left []Unsafe
	for i, u := range all {
		if !absorbed[i] {
			left = append(left, u)
		}
	}
	return left
}

func (r replacement) change(first Unsafe) replay.Change {
	return replay.Change{
		Rule:   fieldType,
		Symbol: r.was.FullName(), Now: r.is.FullName(),
		Message: fmt.Sprintf("field %q was %s and is %s, which cannot hold all of it: %s",
			r.was.Name(), messageOf(r.was).Name(), messageOf(r.is).Name(), first.Message),
		Old: replay.Describe(r.was), New: replay.Describe(r.is),
		OldAt: replay.Position(r.was), NewAt: replay.Position(r.is),
		Help: "keep the type, and add a field with a new number beside it",
	}
}

// movedNames takes out what follows from a name that moved to another number:
// the field that has the old number now is of another type.
func movedNames(all []Unsafe) []Unsafe {
	moved := map[protoreflect.FullName]int{}
	for i, u := range all {
		if u.Rule == nameMoved {
			moved[u.Symbol] = i
		}
	}
	follows := func(u Unsafe) bool {
		i, ok := moved[u.Symbol]
		return ok && u.Rule != nameMoved && u.Old == all[i].Old
	}
	for _, u := range all {
		if follows(u) {
			cause := &all[moved[u.Symbol]]
			cause.also = append(append(cause.also, u.Rule, u.New), u.also...)
			cause.Help = fmt.Sprintf("keep %s, and give the field that has its number now another one", u.Old)
			if u.Registry == "" {
				cause.Registry = ""
			}
		}
	}
	return slices.DeleteFunc(all, follows)
}
