package protobuf

import "slices"

// Diff returns what a reader of update finds different from what a writer of
// original wrote: in the registry's order, with the registry's paths. A
// profile that is not [V1] is [V2].
//
// The registry compares a message of an import again at each place that uses
// it. Diff does too, up to a limit that only graphs of types without end
// reach; from there on it compares each pair of messages once. Compatible or
// not, the answer stays the same.
func Diff(profile Profile, original, update *Schema) []Difference {
	c := &comparison{
		profile: profile,
		old:     side{schema: original, scope: original.home},
		new:     side{schema: update, scope: update.home},
		path:    []byte("#/"),
	}
	if original.root.pkg != update.root.pkg {
		c.add(PackageChanged)
	}
	c.messages(original.root.messages, update.root.messages)
	c.enums(original.root.enums, update.root.enums)
	c.finish()
	return c.differences
}

// side is one of the two schemas, and where in it the comparison is.
type side struct {
	schema *Schema
	scope  scope
}

// comparison walks through two schemas.
type comparison struct {
	profile      Profile
	old, new     side
	path         []byte
	stack        []*message // originals whose fields are being compared
	differences  []Difference
	incompatible int // how many differences are
	deep         deep
}

func (c *comparison) add(change Change) {
	if !change.Compatible() {
		c.incompatible++
	}
	c.differences = append(c.differences, Difference{Type: change, Path: string(c.path)})
}

// at runs compare with another step in the path.
func (c *comparison) at(step string, compare func()) {
	before := c.path
	if len(before) > len("#/") {
		c.path = append(c.path, '/')
	}
	c.path = append(c.path, step...)
	compare()
	c.path = before
}

// inside runs compare in the scope of a message that both sides have.
func (c *comparison) inside(name string, compare func()) {
	oldScope, newScope := c.old.scope, c.new.scope
	c.old.scope, c.new.scope = oldScope.enter(name), newScope.enter(name)
	c.at(name, compare)
	c.old.scope, c.new.scope = oldScope, newScope
}

// messages compares the messages of a scope.
func (c *comparison) messages(original, update []*message) {
	oldIndex, newIndex := indexMessages(original), indexMessages(update)
	for _, name := range messageOrder(original, update) {
		before, had := oldIndex[name]
		after, has := newIndex[name]
		switch {
		case !has && !original[before].isMapEntry():
			c.at(name, func() { c.add(MessageRemoved) })
		case !had && !update[after].isMapEntry():
			c.at(name, func() { c.add(MessageAdded) })
		case had && has:
			c.inside(name, func() {
				if before != after {
					c.add(MessageMoved)
				}
				c.message(original[before], update[after])
			})
		}
	}
}

// message compares two messages. Fields of a message that is being compared
// already are not compared again; nested types are.
func (c *comparison) message(original, update *message) {
	if !slices.Contains(c.stack, original) {
		c.stack = append(c.stack, original)
		if c.profile == V1 {
			c.membersV1(original, update)
		} else {
			c.membersV2(original, update)
		}
		c.stack = c.stack[:len(c.stack)-1]
	}
	c.messages(original.messages, update.messages)
	c.enums(original.enums, update.enums)
}

// enums compares the enums of a scope.
func (c *comparison) enums(original, update []*enum) {
	oldIndex, newIndex := indexEnums(original), indexEnums(update)
	for _, name := range nameOrder(enumNames(original), enumNames(update)) {
		c.at(name, func() {
			before, had := oldIndex[name]
			after, has := newIndex[name]
			switch {
			case !has:
				c.add(EnumRemoved)
			case !had:
				c.add(EnumAdded)
			default:
				c.constants(before, after)
			}
		})
	}
}

// constants compares two enums by number. Of two names for a number the later
// one counts.
func (c *comparison) constants(original, update *enum) {
	oldNames, oldTags := indexConstants(original)
	newNames, newTags := indexConstants(update)
	for _, tag := range tagOrder(oldTags, newTags) {
		before, had := oldNames[tag]
		after, has := newNames[tag]
		switch {
		case !has:
			c.atTag(tag, func() { c.add(EnumConstRemoved) })
		case !had:
			c.atTag(tag, func() { c.add(EnumConstAdded) })
		case before != after:
			c.atTag(tag, func() { c.add(EnumConstChanged) })
		}
	}
}
