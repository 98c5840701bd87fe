package compat

import (
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/compat/replay"
)

// merger is a oneof of today whose members could be set together before.
type merger struct {
	into     protoreflect.OneofDescriptor
	together []protoreflect.FieldDescriptor // members that were one choice, as they were
	apart    []protoreflect.FieldDescriptor // and those that came to them
}

// mergedOneofs makes one change of all those about the members of one oneof.
func mergedOneofs(all []Unsafe, original, update protoreflect.MessageDescriptor) []Unsafe {
	if !slices.ContainsFunc(all, func(u Unsafe) bool { return u.Rule == oneofMerged }) {
		return all
	}
	before, after := messagesOf(original, nil), messagesOf(update, nil)
	type key struct{ was, is protoreflect.FullName }
	seen := map[key]bool{}
	var left []Unsafe
	for _, u := range all {
		was, is := before[u.Symbol.Parent()], after[u.Now.Parent()]
		if u.Rule != oneofMerged || was == nil || is == nil {
			left = append(left, u)
			continue
		}
		into := is.Fields().ByName(u.Now.Name()).ContainingOneof()
		k := key{was.FullName(), into.FullName()}
		if seen[k] {
			continue
		}
		if m := newMerger(into, was); len(m.apart) > 0 {
			seen[k], u = true, m.unsafe()
		}
		left = append(left, u)
	}
	return left
}

// newMerger finds where the members of a oneof come from. Those stay together
// that were a oneof before, if there are any: rather the one of the same name.
func newMerger(into protoreflect.OneofDescriptor, was protoreflect.MessageDescriptor) merger {
	var members []protoreflect.FieldDescriptor
	for i := range into.Fields().Len() {
		if f := was.Fields().ByNumber(into.Fields().Get(i).Number()); f != nil {
			members = append(members, f)
		}
	}
	home := origin(members[0])
	var chosen protoreflect.OneofDescriptor
	for _, f := range members {
		if o := realOneof(f); o != nil && (chosen == nil || o.Name() == into.Name()) {
			chosen, home = o, o.FullName()
		}
	}
	m := merger{into: into}
	for _, f := range members {
		if origin(f) == home {
			m.together = append(m.together, f)
		} else {
			m.apart = append(m.apart, f)
		}
	}
	return m
}

// realOneof returns the oneof that a field is written in, or nil.
func realOneof(f protoreflect.FieldDescriptor) protoreflect.OneofDescriptor {
	if o := f.ContainingOneof(); o != nil && !o.IsSynthetic() {
		return o
	}
	return nil
}

// origin names what a field was a choice of: its oneof, or itself.
func origin(f protoreflect.FieldDescriptor) protoreflect.FullName {
	if o := realOneof(f); o != nil {
		return o.FullName()
	}
	return f.FullName()
}

// unsafe words the change. It is about the first of the fields that have to go
// back to where they were.
func (m merger) unsafe() Unsafe {
	first := m.apart[0]
	now := m.into.Fields().ByNumber(first.Number())
	message := fmt.Sprintf("fields %s and %s could both be set", quoted(m.together), quoted(m.apart))
	if len(m.together)+len(m.apart) > 2 {
		message = fmt.Sprintf("%s could be set beside %s", quoted(m.apart), quoted(m.together))
	}
	u := Unsafe{
		oneof: m.into.FullName(),
		Change: replay.Change{
			Rule:   oneofMerged,
			Symbol: first.FullName(), Now: now.FullName(),
			Message: fmt.Sprintf("%s, and oneof %q keeps only one of them", message, m.into.Name()),
			Old:     replay.Describe(first), New: replay.Describe(now),
			OldAt: replay.Position(first), NewAt: replay.Position(now),
			Help: "leave " + m.home(),
		},
	}
	for _, f := range m.apart[1:] {
		u.also = append(u.also, replay.Describe(f))
	}
	return u
}

// home says where the fields belong that came to a oneof.
func (m merger) home() string {
	var places []string
	from := map[string][]protoreflect.FieldDescriptor{}
	for _, f := range m.apart {
		place := fmt.Sprintf("outside of oneof %q", m.into.Name())
		if o := realOneof(f); o != nil {
			place = fmt.Sprintf("in oneof %q", o.Name())
		}
		if from[place] == nil {
			places = append(places, place)
		}
		from[place] = append(from[place], f)
	}
	for i, place := range places {
		places[i] = quoted(from[place]) + " " + place
	}
	return strings.Join(places, ", and ")
}

// quoted lists the names of fields.
func quoted(fields []protoreflect.FieldDescriptor) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = fmt.Sprintf("%q", f.Name())
	}
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
