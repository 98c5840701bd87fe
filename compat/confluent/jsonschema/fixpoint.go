package jsonschema

// fixpoint compares schemas whose cycles the plain recursion would walk
// forever. Every pair is compared on its own, taking the pairs below it for
// compatible until one is found not to be; what rested on that is compared
// again. A verdict only ever changes once, from compatible to incompatible, so
// the work is bounded by the pairs and how they depend on each other.
type fixpoint struct {
	comparison *comparison
	traces     map[pair]*trace
	dependants map[pair][]pair
	depends    map[[2]pair]bool // what is in dependants already
	queue      []pair
	queued     map[pair]bool
	current    pair
	work       int
}

func newFixpoint(policy Policy) *fixpoint {
	f := &fixpoint{
		comparison: &comparison{policy: policy},
		traces:     map[pair]*trace{},
		dependants: map[pair][]pair{},
		depends:    map[[2]pair]bool{},
		queued:     map[pair]bool{},
	}
	f.comparison.fixpoint = f
	return f
}

// run compares two schemas that are resolved and there.
func (f *fixpoint) run(original, update *node) *trace {
	start := pair{original.resolved(), update.resolved()}
	f.lookup(start)
	for len(f.queue) > 0 && f.work < maxPairs {
		p := f.queue[0]
		f.queue = f.queue[1:]
		f.queued[p] = false
		f.evaluate(p)
	}
	if len(f.queue) > 0 { // too much to compare: nobody knows
		t := &trace{}
		t.add(f.comparison.policy, "", TypeChanged)
		return t
	}
	return f.traces[start]
}

func (f *fixpoint) lookup(p pair) *trace {
	f.work++
	t := f.traces[p]
	if t == nil {
		t = &trace{growing: true}
		f.traces[p] = t
		f.push(p)
	}
	if f.current.original != nil && !t.bad {
		if edge := [2]pair{p, f.current}; !f.depends[edge] {
			f.depends[edge] = true
			f.dependants[p] = append(f.dependants[p], f.current)
		}
	}
	return t
}

func (f *fixpoint) push(p pair) {
	if !f.queued[p] {
		f.queued[p] = true
		f.queue = append(f.queue, p)
	}
}

func (f *fixpoint) evaluate(p pair) {
	t := f.traces[p]
	before := t.bad
	f.current = p
	found := &trace{}
	f.comparison.compare(found, p.original, p.update)
	f.current = pair{}
	t.entries, t.bad = found.entries, before || found.bad
	if t.bad && !before {
		for _, dependant := range f.dependants[p] {
			f.push(dependant)
		}
		delete(f.dependants, p)
	}
}
