package flow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// memory is a set of places that live before the call.
type memory uint8

const (
	source memory = 1 << iota
	target
	outside
)

// refs is what can be reached from an object that is made on the way.
type refs struct {
	direct memory // what its own references point into
	deep   memory // what can be reached by way of other such objects
}

func (r refs) all() memory        { return r.direct | r.deep }
func (r refs) or(o refs) refs     { return refs{direct: r.direct | o.direct, deep: r.deep | o.deep} }
func (r refs) covers(o refs) bool { return r.or(o) == r }

// below is what can be reached from what the references lead to.
func (r refs) below() refs { return refs{direct: r.deep, deep: r.deep} }

// content is what an object holds that is made on the way.
type content struct {
	refs
	whole  refs         // of refs, what is not known to be in a field
	fields map[int]refs // of refs, what is in the fields of a struct
	sites  []Site       // where something of the source got in
}

// add reports whether it was news.
func (c *content) add(r refs, sites []Site) bool {
	news := !c.covers(r)
	c.refs = c.or(r)
	for _, s := range sites {
		if !slices.Contains(c.sites, s) {
			c.sites = append(c.sites, s)
			news = true
		}
	}
	return news
}

// follower is the state of one query.
type follower struct {
	query   Query
	points  map[ssa.Value]memory   // what a value points into
	holds   map[ssa.Value]*content // what the object holds that a value points to
	bound   map[*ssa.FreeVar]ssa.Value
	passed  map[*ssa.Parameter][]ssa.Value // functions among the arguments
	filled  map[*ssa.Parameter]*content    // what a function stores through a parameter
	reached []*ssa.Function
	leaks   []Leak
	changed bool
}

func newFollower(q Query) *follower {
	f := &follower{
		query:  q,
		points: map[ssa.Value]memory{}, holds: map[ssa.Value]*content{}, bound: map[*ssa.FreeVar]ssa.Value{},
		passed: map[*ssa.Parameter][]ssa.Value{}, filled: map[*ssa.Parameter]*content{},
	}
	f.point(q.Source, source)
	if q.Target != nil {
		f.point(q.Target, target)
	}
	if q.Outside != nil {
		f.point(q.Outside, outside)
	}
	f.reach(q.Func)
	return f
}

func (f *follower) reach(fn *ssa.Function) {
	if !slices.Contains(f.reached, fn) {
		f.reached = append(f.reached, fn)
		f.changed = true
	}
}

// pointsInto returns what a value points into.
func (f *follower) pointsInto(v ssa.Value) memory {
	if _, ok := v.(*ssa.Global); ok {
		return outside
	}
	return f.points[v]
}

func (f *follower) held(v ssa.Value) *content {
	if f.holds[v] == nil {
		f.holds[v] = &content{fields: map[int]refs{}}
	}
	return f.holds[v]
}

// inside returns what the elements of what v points to refer to.
func (f *follower) inside(v ssa.Value) refs {
	return f.held(v).or(refs{direct: f.pointsInto(v)})
}

// refers returns what an object that v is stored in refers to.
func (f *follower) refers(v ssa.Value) refs {
	if _, ok := v.Type().Underlying().(*types.Struct); ok {
		return f.inside(v) // its fields become those of the object
	}
	return refs{direct: f.pointsInto(v), deep: f.held(v).all()}
}

func (f *follower) point(v ssa.Value, m memory) {
	if m&^f.points[v] != 0 && carries(v.Type()) {
		f.points[v] |= m
		f.changed = true
	}
}

// same makes v point to what x points to.
func (f *follower) same(v, x ssa.Value) {
	f.point(v, f.pointsInto(x))
	f.hold(v, f.held(x).refs, f.held(x).sites)
}

// read makes v a value that was found in what x points to.
func (f *follower) read(v, x ssa.Value) {
	if _, ok := v.Type().Underlying().(*types.Struct); ok {
		f.point(v, f.pointsInto(x))
		f.copyFields(v, x)
		return
	}
	f.point(v, f.inside(x).direct)
	f.hold(v, f.held(x).below(), f.held(x).sites)
}

// copyFields makes the fields of v what those of x are.
func (f *follower) copyFields(v, x ssa.Value) {
	from := f.held(x)
	f.hold(v, from.whole, from.sites)
	for n, r := range from.fields {
		f.field(v, n, r, from.sites)
	}
}

// hold notes what the object holds that v points to. It reports whether that
// was news.
func (f *follower) hold(v ssa.Value, r refs, sites []Site) bool {
	if r == (refs{}) || !carries(v.Type()) {
		return false
	}
	c := f.held(v)
	news := c.add(r, sites) || !c.whole.covers(r)
	c.whole = c.whole.or(r)
	f.changed = f.changed || news
	return news
}

// field is hold for one field of a struct.
func (f *follower) field(v ssa.Value, n int, r refs, sites []Site) bool {
	if r == (refs{}) {
		return false
	}
	c := f.held(v)
	news := c.add(r, sites) || !c.fields[n].covers(r)
	c.fields[n] = c.fields[n].or(r)
	f.changed = f.changed || news
	return news
}

// sites returns where something of the source gets into an object, when v is
// stored there.
func (f *follower) sites(v ssa.Value, at ssa.Instruction) []Site {
	sites := f.held(v).sites
	if f.pointsInto(v)&source != 0 {
		sites = append(slices.Clip(sites), Site{Pos: at.Pos(), Func: at.Parent()})
	}
	return sites
}
