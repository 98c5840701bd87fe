package protobuf

const (
	// deepBudget is how many fields of imported messages are compared before
	// each pair of messages is compared only once.
	deepBudget = 100_000
	// deepLevels is how many messages of imports are compared inside each
	// other; what lies deeper is compared later.
	deepLevels = 500
)

// pair is two messages that a field of both sides refers to.
type pair struct{ original, update *typeInfo }

// deep is the state of comparing messages of imports.
type deep struct {
	compared int // fields so far
	levels   int // inside each other
	verdicts map[pair]bool
	later    []pair
}

// referenced compares the messages that two fields refer to, in a scope and
// under a path of their own, and reports whether they are compatible.
func (c *comparison) referenced(original, update *typeInfo) bool {
	p := pair{original, update}
	if c.deep.compared > deepBudget {
		if verdict, known := c.deep.verdicts[p]; known {
			return verdict
		}
		c.deep.remember(p, true) // until it is known
	}
	if c.deep.levels >= deepLevels {
		c.deep.later = append(c.deep.later, p)
		c.deep.compared = deepBudget + 1
		return true // for now: its differences come at the end
	}
	verdict := c.pair(p)
	if c.deep.compared > deepBudget {
		c.deep.remember(p, verdict)
	}
	return verdict
}

func (d *deep) remember(p pair, verdict bool) {
	if d.verdicts == nil {
		d.verdicts = map[pair]bool{}
	}
	d.verdicts[p] = verdict
}

// pair compares two messages as if each were alone in a file of its package.
func (c *comparison) pair(p pair) bool {
	before, oldScope, newScope, path := c.incompatible, c.old.scope, c.new.scope, c.path
	c.old.scope, c.new.scope, c.path = scope{node: p.original.home}, scope{node: p.update.home}, []byte("#/")
	c.deep.levels++
	c.deep.compared += 1 + len(p.original.message.fields) + len(p.update.message.fields)
	c.inside(p.original.message.name, func() { c.message(p.original.message, p.update.message) })
	c.deep.levels--
	c.old.scope, c.new.scope, c.path = oldScope, newScope, path
	return c.incompatible == before
}

// finish compares what was too deep.
func (c *comparison) finish() {
	for len(c.deep.later) > 0 {
		p := c.deep.later[len(c.deep.later)-1]
		c.deep.later = c.deep.later[:len(c.deep.later)-1]
		c.pair(p)
	}
}
