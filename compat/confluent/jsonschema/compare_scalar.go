package jsonschema

// bounds are the four changes of a bound.
type bounds struct {
	path                                 string
	added, removed, increased, decreased Change
}

func (c *comparison) counts(t *trace, b bounds, original, update *int) {
	switch {
	case original == nil && update == nil:
	case original == nil:
		t.add(c.policy, b.path, b.added)
	case update == nil:
		t.add(c.policy, b.path, b.removed)
	case *original < *update:
		t.add(c.policy, b.path, b.increased)
	case *original > *update:
		t.add(c.policy, b.path, b.decreased)
	}
}

func (c *comparison) strings(t *trace, original, update *stringNode) {
	c.counts(t, bounds{"maxLength", MaxLengthAdded, MaxLengthRemoved, MaxLengthIncreased, MaxLengthDecreased},
		original.maxLength, update.maxLength)
	c.counts(t, bounds{"minLength", MinLengthAdded, MinLengthRemoved, MinLengthIncreased, MinLengthDecreased},
		original.minLength, update.minLength)
	switch {
	case equal(original.pattern, update.pattern):
	case original.pattern == nil:
		t.add(c.policy, "pattern", PatternAdded)
	case update.pattern == nil:
		t.add(c.policy, "pattern", PatternRemoved)
	default:
		t.add(c.policy, "pattern", PatternChanged)
	}
}

func (c *comparison) numbers(t *trace, original, update *numberNode) {
	c.limits(t, bounds{"maximum", MaximumAdded, MaximumRemoved, MaximumIncreased, MaximumDecreased},
		original.maximum, update.maximum, update.maximum)
	c.limits(t, bounds{"minimum", MinimumAdded, MinimumRemoved, MinimumIncreased, MinimumDecreased},
		original.minimum, update.minimum, update.minimum)
	// The registry looks at the maximum of the update to see whether its
	// exclusiveMaximum decreased.
	against := update.maximum
	if against == nil {
		against = update.exclusiveMaximum
	}
	c.limits(t, bounds{
		"exclusiveMaximum", ExclusiveMaximumAdded, ExclusiveMaximumRemoved, ExclusiveMaximumIncreased, ExclusiveMaximumDecreased,
	}, original.exclusiveMaximum, update.exclusiveMaximum, against)
	c.limits(t, bounds{
		"exclusiveMinimum", ExclusiveMinimumAdded, ExclusiveMinimumRemoved, ExclusiveMinimumIncreased, ExclusiveMinimumDecreased,
	}, original.exclusiveMinimum, update.exclusiveMinimum, update.exclusiveMinimum)
	c.multiples(t, original.multipleOf, update.multipleOf)
	switch {
	case original.integer && !update.integer:
		t.add(c.policy, "", TypeExtended)
	case !original.integer && update.integer:
		t.add(c.policy, "", TypeNarrowed)
	}
}

func (c *comparison) limits(t *trace, b bounds, original, update, against *number) {
	switch {
	case original == nil && update == nil:
	case original == nil:
		t.add(c.policy, b.path, b.added)
	case update == nil:
		t.add(c.policy, b.path, b.removed)
	case original.key == update.key:
	case original.float < update.float:
		t.add(c.policy, b.path, b.increased)
	case original.float > against.float:
		t.add(c.policy, b.path, b.decreased)
	}
}

func (c *comparison) multiples(t *trace, original, update *number) {
	switch {
	case original == nil && update == nil:
		return
	case original == nil:
		t.add(c.policy, "multipleOf", MultipleOfAdded)
		return
	case update == nil:
		t.add(c.policy, "multipleOf", MultipleOfRemoved)
		return
	case original.key == update.key:
		return
	}
	coarser, ok := original.divides(update)
	finer, _ := update.divides(original)
	switch {
	case ok && coarser && finer && original.float == update.float: // 2 and 2.0
	case ok && coarser:
		t.add(c.policy, "multipleOf", MultipleOfExpanded)
	case ok && finer:
		t.add(c.policy, "multipleOf", MultipleOfReduced)
	default:
		t.add(c.policy, "multipleOf", MultipleOfChanged)
	}
}
