package replay

import (
	"fmt"
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// manyPairs is how many pairs of messages are compared at most. Schemas that
// people write lead to about as many as they have messages; only cycles of
// different lengths on both sides lead to the product of the two.
const manyPairs = 200_000

// reach compares two messages, and all pairs that they lead to, each once. It
// keeps its own stack, because a chain of pairs can be longer than that of
// calls may be.
func (c *comparer) reach(original, update protoreflect.MessageDescriptor) {
	seen := map[messagePair]struct{}{}
	stack := []messagePair{{original: original, update: update}}
	for len(stack) > 0 {
		pair := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		key := messagePair{original: pair.original, update: pair.update}
		if _, done := seen[key]; done || pair.original == pair.update {
			continue
		}
		if len(seen) == manyPairs {
			c.report(Change{
				Rule:    ruleFieldType,
				Message: fmt.Sprintf("the types of message %q lead to more than %d pairs, too many to compare", original.Name(), manyPairs),
				Help:    "give types that lead back to themselves the same length of way in both schemas",
			}, original, update, nil)
			return
		}
		seen[key] = struct{}{}
		c.reached = c.reached[:0]
		c.replaced = pair.replaced || localName(pair.original) != localName(pair.update)
		c.messages(pair.original, pair.update)
		for _, next := range slices.Backward(c.reached) {
			stack = append(stack, next)
		}
	}
}

// messages compares two messages, whatever their names. What their fields hold
// is left to reach.
func (c *comparer) messages(original, update protoreflect.MessageDescriptor) {
	from, to := c.originalExts.members(original, c.originalRoot), c.updateExts.members(update, c.updateRoot)
	cases := oneofs{}
	for i := range from.len() {
		f := from.at(i)
		g := to.number(f.Number())
		c.name(f, g, to)
		if g == nil {
			continue
		}
		c.field(f, g)
		c.oneof(&cases, f, g)
		if c.json {
			c.jsonName(f, g, from, to)
		}
	}
	for i := range to.len() {
		if g := to.at(i); from.number(g.Number()) == nil {
			c.added(original, g)
		}
	}
	c.ranges(original, update)
}

// name reports a field whose number is gone, or whose name now stands for
// another one.
func (c *comparer) name(f, g protoreflect.FieldDescriptor, to members) {
	namesake := to.name(f)
	switch {
	case g == nil && namesake == nil:
		c.report(Change{
			Rule:     ruleFieldRemoved,
			Message:  goneFrom(f, to.message) + ", so stored values of it are not read any more",
			Help:     "keep the field and mark it [deprecated = true]",
			Registry: registryOfRemoval(f, to),
		}, f, nil, to.message)
	case g == nil:
		c.report(Change{
			Rule: ruleFieldRenumbered,
			Message: fmt.Sprintf("field %q moved from number %d to %d, so stored values of it are not read any more",
				f.Name(), f.Number(), namesake.Number()),
			Help:     fmt.Sprintf("give it back number %d", f.Number()),
			Registry: registryOfRemoval(f, to),
		}, f, namesake, nil)
	case namesake != nil && namesake.Number() != f.Number():
		c.report(Change{
			Rule: ruleFieldNameMoved,
			Message: fmt.Sprintf("field %q is number %d now, and what was stored as it is read as %q",
				f.Name(), namesake.Number(), g.Name()),
			Help:     fmt.Sprintf("call number %d %q again, or something that the original does not use", f.Number(), f.Name()),
			Registry: "it goes by numbers, and takes two swapped names for two renamed fields",
		}, f, namesake, nil)
	case namesake == nil && otherType(f, g):
		c.report(Change{
			Rule: ruleNumberReused,
			Message: fmt.Sprintf("number %d was %s %s and is %s %s, which looks like another field",
				f.Number(), typeOf(f), f.Name(), typeOf(g), g.Name()),
			Help:     "change the name or the type, not both; a field that means something else takes a new number",
			Registry: "it takes a field with the same number for the same field, whatever its name",
		}, f, g, nil)
	}
}

// goneFrom says that a message lacks a field. Where another type took the place
// of the original one, it names both.
func goneFrom(f protoreflect.FieldDescriptor, update protoreflect.MessageDescriptor) string {
	if was := f.ContainingMessage().Name(); was != update.Name() {
		return fmt.Sprintf("field %q of %q is not in %q, which took its place", f.Name(), was, update.Name())
	}
	return fmt.Sprintf("field %q is gone", f.Name())
}

// otherType reports whether two fields differ in what their declarations call
// the type. A type that moved to another package keeps its name.
func otherType(f, g protoreflect.FieldDescriptor) bool {
	switch {
	case f.IsMap() || g.IsMap():
		return f.IsMap() && g.IsMap() && otherType(f.MapValue(), g.MapValue())
	case f.Kind() != g.Kind():
		return true
	case f.Message() != nil && g.Message() != nil:
		return f.Message().Name() != g.Message().Name()
	case f.Enum() != nil && g.Enum() != nil:
		return f.Enum().Name() != g.Enum().Name()
	}
	return false
}

// added reports a field that the original does not have, if it cannot be left
// out or if its number or name stands for something older.
func (c *comparer) added(original protoreflect.MessageDescriptor, g protoreflect.FieldDescriptor) {
	if g.Cardinality() == protoreflect.Required {
		c.report(Change{
			Rule:    ruleRequiredAdded,
			Message: fmt.Sprintf("field %q is new and required, so no stored value can be read", g.Name()),
			Help:    "make it optional",
		}, nil, g, original)
	}
	if original.ReservedRanges().Has(g.Number()) {
		c.report(Change{
			Rule:     ruleReservedNumber,
			Message:  fmt.Sprintf("field %q takes number %d, which was reserved because something older was stored under it", g.Name(), g.Number()),
			Help:     "take a number that was never used, and leave the reserved one reserved",
			Registry: registryIgnores("reserved"),
		}, nil, g, original)
	}
	if !g.IsExtension() && original.ExtensionRanges().Has(g.Number()) {
		c.report(Change{
			Rule:     ruleExtensionRange,
			Message:  fmt.Sprintf("field %q takes number %d, under which extensions may be stored", g.Name(), g.Number()),
			Help:     "take a number outside the extension ranges of the original",
			Registry: registryIgnores("extensions"),
		}, nil, g, original)
	}
	if c.json && original.ReservedNames().Has(g.Name()) {
		c.report(Change{
			Rule:     ruleReservedName,
			Message:  fmt.Sprintf("field %q takes a name that was reserved because something older was stored under it", g.Name()),
			Help:     "choose another name, and leave the reserved one reserved",
			Registry: registryIgnores("reserved"),
		}, nil, g, original)
	}
}

// ranges reports extensions that cannot be read any more, known or not.
func (c *comparer) ranges(original, update protoreflect.MessageDescriptor) {
	if original.ExtensionRanges().Len() == 0 && update.ExtensionRanges().Len() == 0 {
		return
	}
	if isMessageSet(original) != isMessageSet(update) {
		c.report(Change{
			Rule:     ruleExtensionRange,
			Message:  fmt.Sprintf("message %q changed its wire format to or from that of message sets", original.Name()),
			Help:     "leave message_set_wire_format as it was",
			Registry: registryIgnores("options"),
		}, original, update, nil)
	}
	for i := range original.ExtensionRanges().Len() {
		r := original.ExtensionRanges().Get(i)
		if covers(update.ExtensionRanges(), r) {
			continue
		}
		c.report(Change{
			Rule: ruleExtensionRange,
			Message: fmt.Sprintf("message %q no longer allows the extensions %d to %d, so stored ones are not read any more",
				original.Name(), r[0], r[1]-1),
			Help:     "keep the extension range",
			Registry: registryIgnores("extensions"),
		}, original, update, nil)
	}
}

// covers reports whether ranges hold all numbers of r, its end not included.
func covers(ranges protoreflect.FieldRanges, r [2]protoreflect.FieldNumber) bool {
	for start := r[0]; start < r[1]; {
		next := start
		for i := range ranges.Len() {
			if s := ranges.Get(i); s[0] <= start && start < s[1] {
				next = max(next, s[1])
			}
		}
		if next == start {
			return false
		}
		start = next
	}
	return true
}
