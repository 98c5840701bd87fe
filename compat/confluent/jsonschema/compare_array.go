package jsonschema

import "strconv"

func (c *comparison) arrays(t *trace, original, update *arrayNode) {
	t.join("items", c.pair(original.all, update.all))
	c.tuples(t, original, update)
	c.openness(t, openness{
		path:  "additionalItems",
		added: AdditionalItemsAdded, removed: AdditionalItemsRemoved,
		extended: AdditionalItemsExtended, narrowed: AdditionalItemsNarrowed,
	}, extra{original.closed, original.additional}, extra{update.closed, update.additional})
	c.openness(t, openness{
		path:  "unevaluatedItems",
		added: UnevaluatedItemsAdded, removed: UnevaluatedItemsRemoved,
		extended: UnevaluatedItemsExtended, narrowed: UnevaluatedItemsNarrowed,
	}, extra{original.unevaluatedClosed, original.unevaluated}, extra{update.unevaluatedClosed, update.unevaluated})
	c.counts(t, bounds{"maxItems", MaxItemsAdded, MaxItemsRemoved, MaxItemsIncreased, MaxItemsDecreased}, original.max, update.max)
	c.counts(t, bounds{"minItems", MinItemsAdded, MinItemsRemoved, MinItemsIncreased, MinItemsDecreased}, original.min, update.min)
	switch {
	case !original.unique && update.unique:
		t.add(c.policy, "uniqueItems", UniqueItemsAdded)
	case original.unique && !update.unique:
		t.add(c.policy, "uniqueItems", UniqueItemsRemoved)
	}
	c.counts(t, bounds{"maxContains", MaxContainsAdded, MaxContainsRemoved, MaxContainsIncreased, MaxContainsDecreased},
		original.maxContains, update.maxContains)
	c.counts(t, bounds{"minContains", MinContainsAdded, MinContainsRemoved, MinContainsIncreased, MinContainsDecreased},
		original.minContains, update.minContains)
}

func (c *comparison) tuples(t *trace, original, update *arrayNode) {
	for i := range max(len(original.items), len(update.items)) {
		path := "items/" + strconv.Itoa(i)
		switch {
		case i >= len(original.items):
			c.itemAdded(t, path, original, update.items[i])
		case i >= len(update.items):
			c.itemRemoved(t, path, original.items[i], update)
		default:
			t.join(path, c.pair(original.items[i], update.items[i]))
		}
	}
}

func (c *comparison) itemAdded(t *trace, path string, original *arrayNode, item *node) {
	partial := original.covering()
	switch {
	case original.open() && item.resolved().empty():
		t.add(c.policy, path, ItemWithEmptySchemaAddedToOpenContentModel)
	case original.open():
		t.add(c.policy, path, ItemAddedToOpenContentModel)
	case partial == nil:
		t.add(c.policy, path, ItemAddedToClosedContentModel)
	default:
		found := c.pair(partial, item)
		t.join(path, found)
		if found.bad {
			t.add(c.policy, path, ItemAddedNotCoveredByPartiallyOpenContentModel)
		} else {
			t.add(c.policy, path, ItemAddedIsCoveredByPartiallyOpenContentModel)
		}
	}
}

func (c *comparison) itemRemoved(t *trace, path string, item *node, update *arrayNode) {
	partial := update.covering()
	switch {
	case update.open():
		t.add(c.policy, path, ItemRemovedFromOpenContentModel)
	case partial != nil:
		found := c.pair(item, partial)
		t.join(path, found)
		if found.bad {
			t.add(c.policy, path, ItemRemovedNotCoveredByPartiallyOpenContentModel)
		} else {
			t.add(c.policy, path, ItemRemovedIsCoveredByPartiallyOpenContentModel)
		}
	case item.resolved().kind == kindFalse:
		t.add(c.policy, path, ItemWithFalseRemovedFromClosedContentModel)
	default:
		t.add(c.policy, path, ItemRemovedFromClosedContentModel)
	}
}

// open says whether anything is allowed after the tuple.
func (a *arrayNode) open() bool {
	return !a.closed && a.additional == nil && !a.unevaluatedClosed && a.unevaluated == nil
}

// covering returns the schema of what comes after the tuple, nil without one.
func (a *arrayNode) covering() *node {
	if a.additional != nil {
		return a.additional
	}
	return a.unevaluated
}

// extra is what is said about properties or items that are not declared.
type extra struct {
	closed bool
	schema *node
}

type openness struct {
	path                               string
	added, removed, extended, narrowed Change
}

func (c *comparison) openness(t *trace, o openness, original, update extra) {
	switch {
	case original.closed && !update.closed:
		t.add(c.policy, o.path, o.added)
	case !original.closed && update.closed:
		t.add(c.policy, o.path, o.removed)
	case original.schema == nil && update.schema == nil:
	case original.schema == nil:
		t.add(c.policy, o.path, o.narrowed)
	case update.schema == nil:
		t.add(c.policy, o.path, o.extended)
	default:
		t.join(o.path, c.pair(original.schema, update.schema))
	}
}
