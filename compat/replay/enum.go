package replay

import (
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// values are those of an enum, by number and by name.
type values struct {
	list    protoreflect.EnumValueDescriptors
	numbers map[protoreflect.EnumNumber]protoreflect.EnumValueDescriptor // nil if there are few
	names   map[protoreflect.Name]protoreflect.EnumValueDescriptor
}

func valuesOf(e protoreflect.EnumDescriptor) values {
	v := values{list: e.Values()}
	if v.list.Len() <= few {
		return v
	}
	v.numbers = make(map[protoreflect.EnumNumber]protoreflect.EnumValueDescriptor, v.list.Len())
	v.names = make(map[protoreflect.Name]protoreflect.EnumValueDescriptor, v.list.Len())
	for i := range v.list.Len() {
		value := v.list.Get(i)
		v.names[value.Name()] = value
		if _, alias := v.numbers[value.Number()]; !alias {
			v.numbers[value.Number()] = value
		}
	}
	return v
}

// number returns the first value with a number, or nil.
func (v values) number(n protoreflect.EnumNumber) protoreflect.EnumValueDescriptor {
	if v.numbers != nil {
		return v.numbers[n]
	}
	for i := range v.list.Len() {
		if value := v.list.Get(i); value.Number() == n {
			return value
		}
	}
	return nil
}

func (v values) name(name protoreflect.Name) protoreflect.EnumValueDescriptor {
	if v.names != nil {
		return v.names[name]
	}
	for i := range v.list.Len() {
		if value := v.list.Get(i); value.Name() == name {
			return value
		}
	}
	return nil
}

// enums compares two enums once, whatever their names.
func (c *comparer) enums(original, update protoreflect.EnumDescriptor) {
	if original == update {
		return
	}
	pair := enumPair{original, update}
	if _, seen := c.seenEnums[pair]; seen {
		return
	}
	if c.seenEnums == nil {
		c.seenEnums = map[enumPair]struct{}{}
	}
	c.seenEnums[pair] = struct{}{}

	if !original.IsClosed() && update.IsClosed() {
		c.report(Change{
			Rule:     ruleEnumClosed,
			Message:  fmt.Sprintf("enum %q is closed now, so stored numbers without a name are not read any more", original.Name()),
			Help:     "leave the enum in a proto3 file",
			Registry: registryIgnores("the values of enums"),
		}, original, update, nil)
	}
	from, to := valuesOf(original), valuesOf(update)
	for i := range from.list.Len() {
		c.enumValue(from.list.Get(i), from, to, update)
	}
	for i := range to.list.Len() {
		if w := to.list.Get(i); from.number(w.Number()) == nil {
			c.addedValue(original, w)
		}
	}
}

// enumValue reports a value whose number has lost its name, or whose name
// stands for another number.
func (c *comparer) enumValue(v protoreflect.EnumValueDescriptor, from, to values, update protoreflect.EnumDescriptor) {
	w, namesake := to.number(v.Number()), to.name(v.Name())
	first := from.number(v.Number()).Index() == v.Index() // not an alias
	registry := registryIgnores("the values of enums")
	switch {
	case w == nil && namesake != nil:
		c.report(Change{
			Rule: ruleEnumRenumbered,
			Message: fmt.Sprintf("enum value %q moved from number %d to %d, so a stored %d has no name",
				v.Name(), v.Number(), namesake.Number(), v.Number()),
			Help:     fmt.Sprintf("give it back number %d", v.Number()),
			Registry: registry,
		}, v, namesake, nil)
	case w == nil && first:
		c.report(Change{
			Rule:     ruleEnumRemoved,
			Message:  fmt.Sprintf("enum value %q is gone, so a stored %d has no name", v.Name(), v.Number()),
			Help:     "keep the value and mark it [deprecated = true]",
			Registry: registry,
		}, v, nil, update)
	case w == nil:
	case namesake != nil && namesake.Number() != v.Number():
		c.report(Change{
			Rule: ruleEnumNameMoved,
			Message: fmt.Sprintf("enum value %q is number %d now, and what was stored as it is read as %q",
				v.Name(), namesake.Number(), w.Name()),
			Help:     fmt.Sprintf("call number %d %q again, or something that the original does not use", v.Number(), v.Name()),
			Registry: registry,
		}, v, namesake, nil)
	case c.json && first && namesake == nil:
		c.report(Change{
			Rule:     ruleEnumRenamed,
			Message:  fmt.Sprintf("enum value %q is called %q now, and stored JSON holds the name", v.Name(), w.Name()),
			Help:     "keep the old name first, and add the new one as an alias: option allow_alias = true",
			Registry: registry,
		}, v, w, nil)
	}
}

// addedValue reports a value that the original does not have, if it stands for
// something older.
func (c *comparer) addedValue(original protoreflect.EnumDescriptor, w protoreflect.EnumValueDescriptor) {
	if original.ReservedRanges().Has(w.Number()) {
		c.report(Change{
			Rule:     ruleReservedNumber,
			Message:  fmt.Sprintf("enum value %q takes number %d, which was reserved because something older was stored as it", w.Name(), w.Number()),
			Help:     "take a number that was never used, and leave the reserved one reserved",
			Registry: registryIgnores("reserved"),
		}, nil, w, original)
	}
	if c.json && original.ReservedNames().Has(w.Name()) {
		c.report(Change{
			Rule:     ruleReservedName,
			Message:  fmt.Sprintf("enum value %q takes a name that was reserved because something older was stored as it", w.Name()),
			Help:     "choose another name, and leave the reserved one reserved",
			Registry: registryIgnores("reserved"),
		}, nil, w, original)
	}
}
