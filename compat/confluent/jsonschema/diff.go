package jsonschema

// Diff returns what keeps, or does not keep, a reader of the update from
// reading what was written with the original: the registry's BACKWARD check.
// The update may follow when every difference is compatible under the policy.
//
// The differences are those of the registry, at its paths and in its order,
// but for two things that its own order does not fix from one process to the
// next. The parts of a synthetic allOf are taken in the order enum, allOf,
// anyOf, oneOf, not, const, if, type; combined ones first, and branches as they
// are written. And where branches can be matched in several ways, equal ones
// are matched first, then each with the first that is left.
//
// Where the registry fails, this is the answer:
//   - an exclusiveMaximum that decreased without a maximum in the update (an
//     internal error there) is EXCLUSIVE_MAXIMUM_DECREASED;
//   - multipleOf is compared exactly (older servers: as an integer);
//   - cycles that would take it forever are compared by assuming that each
//     pair is compatible until it is found not to be;
//   - a list that would not end is cut, keeping an incompatible difference if
//     there is one, and a comparison of too many pairs is incompatible.
func Diff(policy Policy, original, update *Schema) []Difference {
	c := &comparison{policy: policy, memo: map[pair]*trace{}, onStack: map[pair]bool{}}
	t := c.pair(original.root, update.root)
	if c.exhausted {
		t = newFixpoint(policy).run(original.root, update.root)
	}
	return t.differences(policy)
}

// Limits of the work of a comparison, in pairs.
const (
	maxCyclic = 1 << 17 // compared again and again inside of cycles
	maxNested = 10_000  // inside each other
	maxPairs  = 4 << 20
	maxMemo   = 1 << 20
)

type pair struct{ original, update *node }

// comparison compares as the registry does: recursively, where a pair that is
// being compared already counts as compatible. What was found for a pair is
// kept when it cannot depend on the pairs around it, which is when neither side
// lies on a cycle.
type comparison struct {
	policy    Policy
	memo      map[pair]*trace
	onStack   map[pair]bool
	cyclic    int
	total     int
	exhausted bool
	fixpoint  *fixpoint // set while the other way is taken
}

// pair compares two schemas; nil is no schema.
func (c *comparison) pair(original, update *node) *trace {
	original, update = original.resolved(), update.resolved()
	t := &trace{}
	switch {
	case original == nil && update == nil:
		return t
	case original == nil:
		t.add(c.policy, "", SchemaAdded)
		return t
	case update == nil:
		t.add(c.policy, "", SchemaRemoved)
		return t
	}
	p := pair{original, update}
	if c.fixpoint != nil {
		return c.fixpoint.lookup(p)
	}
	if c.exhausted {
		return t
	}
	if original.leaf() && update.leaf() {
		c.compare(t, original, update)
		return t
	}
	if c.onStack[p] {
		return t
	}
	if found := c.memo[p]; found != nil {
		return found
	}
	cyclic := original.cyclic || update.cyclic
	if cyclic {
		c.cyclic++
	}
	if c.total++; c.cyclic > maxCyclic || len(c.onStack) > maxNested || c.total > maxPairs {
		c.exhausted = true
		return t
	}
	c.onStack[p] = true
	c.compare(t, original, update)
	delete(c.onStack, p)
	if !cyclic && len(c.memo) < maxMemo {
		c.memo[p] = t
	}
	return t
}

// leaf says whether a schema has no schemas below it.
func (n *node) leaf() bool {
	switch n.kind {
	case kindObject, kindArray, kindNot, kindCombined, kindReference:
		return false
	default:
		return true
	}
}

// compare is the comparison of two schemas that are there.
func (c *comparison) compare(t *trace, original, update *node) {
	switch {
	case update.kind == kindCombined && original.kind != kindCombined:
		if c.toBranch(t, original, update.combined) {
			return
		}
	case original.kind == kindCombined && update.kind != kindCombined:
		if c.fromBranch(t, original.combined, update) {
			return
		}
	}
	if original.kind != update.kind {
		bytes := original.connectBytes && update.connectBytes
		if original.kind != kindFalse && !update.empty() && !bytes {
			t.add(c.policy, "", TypeChanged)
		}
		return
	}
	c.annotations(t, original, update)
	switch original.kind {
	case kindString:
		c.strings(t, original.str, update.str)
	case kindNumber:
		c.numbers(t, original.number, update.number)
	case kindConst:
		if original.constKey != update.constKey {
			t.add(c.policy, "const", EnumArrayChanged)
		}
	case kindEnum:
		c.enums(t, original, update)
	case kindNot:
		if c.pair(update.not, original.not).bad {
			t.add(c.policy, "not", NotTypeExtended)
		} else {
			t.add(c.policy, "not", NotTypeNarrowed)
		}
	case kindCombined:
		c.combined(t, original.combined, update.combined)
	case kindObject:
		c.objects(t, original.object, update.object)
	case kindArray:
		c.arrays(t, original.array, update.array)
	case kindEmpty, kindTrue, kindFalse, kindBoolean, kindNull, kindConditional, kindReference: // nothing more is compared
	}
}

func (c *comparison) annotations(t *trace, original, update *node) {
	for _, a := range []struct {
		original, update *string
		change           Change
	}{
		{original.id, update.id, IDChanged},
		{original.title, update.title, TitleChanged},
		{original.description, update.description, DescriptionChanged},
	} {
		if !equal(a.original, a.update) {
			t.add(c.policy, "", a.change)
		}
	}
	if original.hasDefault != update.hasDefault || original.defaultKey != update.defaultKey {
		t.add(c.policy, "", DefaultChanged)
	}
}

func equal[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

func (c *comparison) enums(t *trace, original, update *node) {
	switch more, fewer := covers(update.enum, original.enum), covers(original.enum, update.enum); {
	case more && fewer:
	case more:
		t.add(c.policy, "enum", EnumArrayExtended)
	case fewer:
		t.add(c.policy, "enum", EnumArrayNarrowed)
	default:
		t.add(c.policy, "enum", EnumArrayChanged)
	}
}

// covers says whether all of the part are in the whole.
func covers[T comparable](whole, part map[T]struct{}) bool {
	for each := range part {
		if _, ok := whole[each]; !ok {
			return false
		}
	}
	return true
}
