package protobuf

import (
	"slices"
	"strconv"
)

// member is a field of a message or of one of its oneofs.
type member struct {
	*field
	oneof string // "" for an ordinary field
}

// path adds the name of the member's oneof to the path, and its number.
func (c *comparison) atMember(m member, compare func()) {
	if m.oneof == "" {
		c.atTag(m.tag, compare)
		return
	}
	c.at(m.oneof, func() { c.atTag(m.tag, compare) })
}

func (c *comparison) atTag(tag int32, compare func()) {
	c.at(strconv.Itoa(int(tag)), compare)
}

// index finds fields by number. Of two with one number the later one counts.
type index struct {
	members []member
	tags    []int32       // of the members
	byTag   map[int32]int // nil for few members
}

// fewMembers is how many are found without a map.
const fewMembers = 16

func newIndex(members []member) index {
	x := index{members: members, tags: make([]int32, len(members))}
	if len(members) > fewMembers {
		x.byTag = make(map[int32]int, len(members))
	}
	for i, m := range members {
		x.tags[i] = m.tag
		if x.byTag != nil {
			x.byTag[m.tag] = i
		}
	}
	return x
}

// find returns the member of a number.
func (x index) find(tag int32) (m member, found bool) {
	if x.byTag != nil {
		i, found := x.byTag[tag]
		if !found {
			return member{}, false
		}
		return x.members[i], true
	}
	for i, other := range slices.Backward(x.tags) {
		if other == tag {
			return x.members[i], true
		}
	}
	return member{}, false
}

// membersOf appends fields to members.
func membersOf(all []member, fields []field, oneof string) []member {
	for i := range fields {
		all = append(all, member{field: &fields[i], oneof: oneof})
	}
	return all
}

// ordinary returns the fields of a message that are in no oneof.
func ordinary(m *message) index {
	return newIndex(membersOf(make([]member, 0, len(m.fields)), m.fields, ""))
}

// inOneofs returns the fields of a message that are in one.
func inOneofs(m *message) index {
	var all []member
	for i := range m.oneofs {
		all = membersOf(all, m.oneofs[i].fields, m.oneofs[i].name)
	}
	return newIndex(all)
}

// members returns all fields of a message.
func members(m *message) index {
	all := membersOf(make([]member, 0, len(m.fields)+4*len(m.oneofs)), m.fields, "")
	for i := range m.oneofs {
		all = membersOf(all, m.oneofs[i].fields, m.oneofs[i].name)
	}
	return newIndex(all)
}

// oneofsByName returns the oneofs of a message; of two with one name the later
// one counts.
func oneofsByName(m *message) map[string]*oneof {
	if len(m.oneofs) == 0 {
		return nil
	}
	all := make(map[string]*oneof, len(m.oneofs))
	for i := range m.oneofs {
		all[m.oneofs[i].name] = &m.oneofs[i]
	}
	return all
}

func oneofNames(m *message) []string {
	names := make([]string, len(m.oneofs))
	for i := range m.oneofs {
		names[i] = m.oneofs[i].name
	}
	return names
}

// removed reports an ordinary field that is gone.
func (c *comparison) removed(f *field) {
	if f.label == required {
		c.add(RequiredFieldRemoved)
	} else {
		c.add(FieldRemoved)
	}
}

// added reports an ordinary field that is new.
func (c *comparison) added(f *field) {
	if f.label == required {
		c.add(RequiredFieldAdded)
	} else {
		c.add(FieldAdded)
	}
}

// The indexes of a scope. Of two with one name the later one counts.

func indexMessages(all []*message) map[string]int {
	byName := make(map[string]int, len(all))
	for i, m := range all {
		byName[m.name] = i
	}
	return byName
}

func indexEnums(all []*enum) map[string]*enum {
	byName := make(map[string]*enum, len(all))
	for _, e := range all {
		byName[e.name] = e
	}
	return byName
}

func enumNames(all []*enum) []string {
	names := make([]string, len(all))
	for i, e := range all {
		names[i] = e.name
	}
	return names
}

func indexConstants(e *enum) (names map[int32]string, tags []int32) {
	names = make(map[int32]string, len(e.constants))
	tags = make([]int32, len(e.constants))
	for i := range e.constants {
		names[e.constants[i].tag] = e.constants[i].name
		tags[i] = e.constants[i].tag
	}
	return names, tags
}
