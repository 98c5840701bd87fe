package jsonschema

// markCycles marks the schemas that are reached from themselves: Tarjan's
// strongly connected components, without recursion, because a chain of
// references may be as long as the text. It returns the references that a
// comparison can meet.
func markCycles(root *node) (references []*node) {
	t := &tarjan{index: map[*node]int{}, low: map[*node]int{}, onStack: map[*node]bool{}}
	t.run(root)
	return t.references
}

type tarjan struct {
	index, low map[*node]int
	onStack    map[*node]bool
	stack      []*node
	frames     []frame
	references []*node
}

type frame struct {
	node     *node
	children []*node
	next     int
}

func (t *tarjan) enter(n *node) {
	t.index[n], t.low[n] = len(t.index), len(t.index)
	t.stack = append(t.stack, n)
	t.onStack[n] = true
	var children []*node
	if n.kind == kindReference {
		children = []*node{n.target}
		t.references = append(t.references, n)
	} else {
		n.walk(func(child *node) { children = append(children, child) })
	}
	t.frames = append(t.frames, frame{node: n, children: children})
}

func (t *tarjan) run(root *node) {
	t.enter(root)
	for len(t.frames) > 0 {
		top := &t.frames[len(t.frames)-1]
		if top.next < len(top.children) {
			child := top.children[top.next]
			top.next++
			switch _, seen := t.index[child]; {
			case !seen:
				t.enter(child)
			case t.onStack[child]:
				t.low[top.node] = min(t.low[top.node], t.index[child])
				child.cyclic = child.cyclic || child == top.node
			}
			continue
		}
		n := top.node
		t.frames = t.frames[:len(t.frames)-1]
		if len(t.frames) > 0 {
			parent := t.frames[len(t.frames)-1].node
			t.low[parent] = min(t.low[parent], t.low[n])
		}
		if t.low[n] == t.index[n] {
			t.component(n)
		}
	}
}

// component takes a component off the stack; more than one schema is a cycle.
func (t *tarjan) component(first *node) {
	single := t.stack[len(t.stack)-1] == first
	for {
		n := t.stack[len(t.stack)-1]
		t.stack = t.stack[:len(t.stack)-1]
		t.onStack[n] = false
		n.cyclic = n.cyclic || !single
		if n == first {
			return
		}
	}
}
