package protobuf

import "strconv"

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

// index holds fields by number. Of two with one number the later one counts.
type index struct {
	byTag map[int32]member
	tags  []int32 // in the order of the text
}

func newIndex(size int) index {
	return index{byTag: make(map[int32]member, size), tags: make([]int32, 0, size)}
}

func (x *index) add(fields []field, oneof string) {
	for i := range fields {
		x.byTag[fields[i].tag] = member{field: &fields[i], oneof: oneof}
		x.tags = append(x.tags, fields[i].tag)
	}
}

// ordinary returns the fields of a message that are in no oneof.
func ordinary(m *message) index {
	x := newIndex(len(m.fields))
	x.add(m.fields, "")
	return x
}

// members returns all fields of a message.
func members(m *message) index {
	x := ordinary(m)
	for i := range m.oneofs {
		x.add(m.oneofs[i].fields, m.oneofs[i].name)
	}
	return x
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
