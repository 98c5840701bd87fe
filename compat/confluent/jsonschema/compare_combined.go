package jsonschema

import "strconv"

// toBranch compares a plain schema with a combined one. It says whether that
// settled it; if not, the types differ.
func (c *comparison) toBranch(t *trace, original *node, update *combinedNode) bool {
	if len(update.branches) == 1 {
		if found := c.pair(original, update.branches[0]); !found.bad {
			t.join("", found)
			return true
		}
		return false
	}
	if update.criterion == allOf {
		return false
	}
	for _, branch := range update.branches {
		if found := c.pair(original, branch); !found.bad {
			t.join("", found)
			t.add(c.policy, "", SumTypeExtended)
			return true
		}
	}
	return false
}

// fromBranch compares a combined schema with a plain one.
func (c *comparison) fromBranch(t *trace, original *combinedNode, update *node) bool {
	if len(original.branches) == 1 {
		if found := c.pair(original.branches[0], update); !found.bad {
			t.join("", found)
			return true
		}
		return false
	}
	if original.criterion != allOf {
		return false
	}
	for _, branch := range original.branches {
		if found := c.pair(branch, update); !found.bad {
			t.join("", found)
			t.add(c.policy, "", ProductTypeNarrowed)
			return true
		}
	}
	return false
}

func (c *comparison) combined(t *trace, original, update *combinedNode) {
	if original.criterion != update.criterion {
		one, single := len(original.branches) == 1, len(update.branches) == 1
		extended := update.criterion == anyOf || one && single || one && update.criterion == oneOf || single && original.criterion == allOf
		if !extended {
			t.add(c.policy, "", CombinedTypeChanged)
			return
		}
		t.add(c.policy, "", CombinedTypeExtended)
	}
	was, is := distinct(original.branches), distinct(update.branches)
	switch {
	case len(was) < len(is) && update.criterion == allOf:
		t.add(c.policy, "", ProductTypeExtended)
	case len(was) < len(is):
		t.add(c.policy, "", SumTypeExtended)
	case len(was) > len(is) && original.criterion == allOf:
		t.add(c.policy, "", ProductTypeNarrowed)
	case len(was) > len(is):
		t.add(c.policy, "", SumTypeNarrowed)
	}
	m := newMatching(c, was, is)
	matched := 0
	for i, j := range m.match() {
		if j >= 0 {
			t.join(original.criterion.String()+"/"+strconv.Itoa(i), m.found(i, j))
			matched++
		}
	}
	if matched < min(len(was), len(is)) {
		t.add(c.policy, "", CombinedTypeSubschemasChanged)
	}
}

// distinct leaves out branches that are equal to one before.
func distinct(branches []*node) []*node {
	seen := make(map[string]struct{}, len(branches))
	var left []*node
	for _, b := range branches {
		if _, ok := seen[b.identity]; !ok {
			seen[b.identity] = struct{}{}
			left = append(left, b)
		}
	}
	return left
}
