package jsonschema

// matching pairs branches of the original with branches of the update that may
// follow them, as many as possible. Equal branches are paired first, then each
// branch of the original with the first that is left; paths of exchanges
// (Hopcroft and Karp, without the phases) find what that missed. Whether two
// branches fit is only asked when somebody wants to know.
type matching struct {
	c        *comparison
	was, is  []*node
	fits     [][]int32 // for each branch of was, those of is that may follow it; nil until asked
	partner  []int     // of was
	occupant []int     // of is
	visited  []int     // of is: the search it was last visited in
	dead     []bool    // of is: no path leads on from it
}

func newMatching(c *comparison, was, is []*node) *matching {
	m := &matching{
		c: c, was: was, is: is, fits: make([][]int32, len(was)),
		partner: filled(len(was)), occupant: filled(len(is)), visited: filled(len(is)), dead: make([]bool, len(is)),
	}
	return m
}

func filled(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = -1
	}
	return s
}

// match returns for each branch of the original its partner, -1 without one.
func (m *matching) match() []int {
	equals := make(map[string]int, len(m.is))
	for j, b := range m.is {
		if b.identity != "" {
			equals[b.identity] = j
		}
	}
	for i, b := range m.was {
		if j, ok := equals[b.identity]; ok && m.occupant[j] < 0 && !m.found(i, j).bad {
			m.pair(i, j)
		}
	}
	for i := range m.was {
		if m.partner[i] >= 0 {
			continue
		}
		for _, j := range m.follow(i) {
			if m.occupant[j] < 0 {
				m.pair(i, int(j))
				break
			}
		}
	}
	for i := range m.was {
		if m.partner[i] < 0 {
			m.exchange(i)
		}
	}
	return m.partner
}

func (m *matching) pair(i, j int) { m.partner[i], m.occupant[j] = j, i }

func (m *matching) found(i, j int) *trace { return m.c.pair(m.was[i], m.is[j]) }

func (m *matching) follow(i int) []int32 {
	if m.fits[i] == nil {
		m.fits[i] = []int32{}
		for j := range m.is {
			if m.possible(i, j) && !m.found(i, j).bad {
				m.fits[i] = append(m.fits[i], int32(j))
			}
		}
	}
	return m.fits[i]
}

// possible sorts out what is most frequent in long lists of values.
func (m *matching) possible(i, j int) bool {
	was, is := m.was[i].resolved(), m.is[j].resolved()
	return was.kind != kindConst || is.kind != kindConst || was.constKey == is.constKey
}

// exchange looks for a path of branches that can move over to make room for
// branch i, breadth first.
func (m *matching) exchange(start int) {
	from := map[int]int{} // a branch of the update, to the one of the original that wants it
	queue := []int{start}
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		for _, next := range m.follow(i) {
			j := int(next)
			if m.dead[j] || m.visited[j] == start {
				continue
			}
			m.visited[j] = start
			from[j] = i
			if m.occupant[j] >= 0 {
				queue = append(queue, m.occupant[j])
				continue
			}
			for j >= 0 {
				i, before := from[j], m.partner[from[j]]
				m.pair(i, j)
				j = before
			}
			return
		}
	}
	for j := range from {
		m.dead[j] = true
	}
}
