package protobuf

// membersV2 compares fields and oneofs by the rules of 2026: what a number
// means is compared wherever it stands, and oneofs are judged by where their
// members come from.
func (c *comparison) membersV2(original, update *message) {
	before, after := members(original), members(update)
	oldOneofs, newOneofs := oneofsByName(original), oneofsByName(update)
	gone := map[string]bool{} // oneofs that are deleted with all their members
	for _, name := range nameOrder(oneofNames(original), oneofNames(update)) {
		old, now := oldOneofs[name], newOneofs[name]
		c.at(name, func() {
			switch {
			case now == nil:
				gone[name] = !survives(old, after)
				c.add(OneofRemoved)
			case old == nil:
				c.origins(now, before)
				c.add(OneofAdded)
			default:
				c.origins(now, before)
			}
		})
	}
	for _, tag := range tagOrder(before.tags, after.tags) {
		was, had := before.find(tag)
		is, has := after.find(tag)
		switch {
		case !has && was.oneof != "" && gone[was.oneof]:
		case !has:
			c.atMember(was, func() { c.memberRemoved(was) })
		case !had:
			c.atMember(is, func() { c.memberAdded(is) })
		default:
			c.atMember(is, func() {
				if was.oneof != "" && is.oneof == "" {
					c.add(OneofFieldMovedToTopLevel)
				}
				c.field(was.field, is.field)
			})
		}
	}
}

func (c *comparison) memberRemoved(m member) {
	if m.oneof != "" {
		c.add(OneofFieldRemoved)
	} else {
		c.removed(m.field)
	}
}

func (c *comparison) memberAdded(m member) {
	if m.oneof != "" {
		c.add(OneofFieldAdded)
	} else {
		c.added(m.field)
	}
}

// survives reports whether a number of a oneof is still in use.
func survives(o *oneof, in index) bool {
	for i := range o.fields {
		if _, has := in.find(o.fields[i].tag); has {
			return true
		}
	}
	return false
}

// origins looks at where the members of a oneof were: together in a oneof, or
// each on its own. From more than one place, values that could be set together
// now replace each other.
func (c *comparison) origins(now *oneof, before index) {
	oneofs := map[string]struct{}{}
	fields := map[int32]struct{}{}
	for i := range now.fields {
		switch was, had := before.find(now.fields[i].tag); {
		case !had:
		case was.oneof == "":
			fields[was.tag] = struct{}{}
		default:
			oneofs[was.oneof] = struct{}{}
		}
	}
	switch {
	case len(fields) > 1:
		c.add(MultipleFieldsMovedToOneof)
	case len(fields)+len(oneofs) > 1:
		c.add(FieldMovedToExistingOneof)
	}
}

// membersV1 compares by the rules before 2026: oneofs are matched by name, and
// what moves between them, or from or to an ordinary field, is not compared.
func (c *comparison) membersV1(original, update *message) {
	before, after := ordinary(original), ordinary(update)
	oldOneofs, newOneofs := oneofsByName(original), oneofsByName(update)
	inside := inOneofs(original)
	moved := map[int32]bool{}
	for _, name := range nameOrder(oneofNames(original), oneofNames(update)) {
		old, now := oldOneofs[name], newOneofs[name]
		c.at(name, func() {
			if now == nil {
				c.add(OneofRemoved)
				return
			}
			c.movedV1(now, before, inside, moved)
			if old == nil {
				c.add(OneofAdded)
			} else {
				c.oneofV1(old, now)
			}
		})
	}
	tags := make([]int32, 0, len(before.tags))
	for _, tag := range before.tags {
		if !moved[tag] {
			tags = append(tags, tag)
		}
	}
	for _, tag := range tagOrder(tags, after.tags) {
		c.pairV1(tag, before, after, moved)
	}
}

// movedV1 takes the members of a oneof that were ordinary fields out of those.
func (c *comparison) movedV1(now *oneof, before, inside index, moved map[int32]bool) {
	fields, others := 0, 0
	for i := range now.fields {
		tag := now.fields[i].tag
		if _, had := before.find(tag); had && !moved[tag] {
			moved[tag] = true
			fields++
		} else if _, had := inside.find(tag); had {
			others++
		}
	}
	switch {
	case fields > 1:
		c.add(MultipleFieldsMovedToOneof)
	case fields == 1 && others > 0:
		c.add(FieldMovedToExistingOneof)
	}
}

// oneofV1 compares two oneofs with the same name.
func (c *comparison) oneofV1(old, now *oneof) {
	before, after := newIndex(membersOf(nil, old.fields, "")), newIndex(membersOf(nil, now.fields, ""))
	for _, tag := range tagOrder(before.tags, after.tags) {
		was, had := before.find(tag)
		is, has := after.find(tag)
		c.atTag(tag, func() {
			switch {
			case !has:
				c.add(OneofFieldRemoved)
			case !had:
				c.add(OneofFieldAdded)
			default:
				c.field(was.field, is.field)
			}
		})
	}
}

// pairV1 compares the ordinary fields of one number.
func (c *comparison) pairV1(tag int32, before, after index, moved map[int32]bool) {
	was, had := before.find(tag)
	had = had && !moved[tag]
	is, has := after.find(tag)
	c.atTag(tag, func() {
		switch {
		case !has:
			c.removed(was.field)
		case !had:
			c.added(is.field)
		default:
			c.field(was.field, is.field)
		}
	})
}
