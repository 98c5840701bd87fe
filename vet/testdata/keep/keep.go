// Package keep holds behaviours that keep memory of what they are given, and
// some that look like it.
package keep

import (
	"bytes"
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	depotv1 "github.com/esgen-dev/esgen/vet/testdata/gen/depot/v1"
)

type direct struct{}

func (direct) ApplyPacked(_ es.Meta, s *depotv1.Box, e *depotv1.Packed) {
	s.Last = e.GetLast()                   // want `^ApplyPacked keeps memory of the event in the state: store a copy, for example of proto.CloneOf$`
	s.Things = e.GetThings()               // want `keeps memory of the event`
	s.Things = e.Things                    // want `keeps memory`
	s.ByName = e.GetByName()               // want `keeps memory`
	s.Tags = e.GetTags()                   // want `keeps memory`
	s.Counts = e.GetCounts()               // want `keeps memory`
	s.Seal = e.GetSeal()                   // want `keeps memory`
	s.Seal = e.GetSeal()[1:]               // want `keeps memory`
	s.Nick = e.Nick                        // want `keeps memory`
	s.Last = e.GetThings()[0]              // want `keeps memory`
	s.Last = e.GetByName()["a"].GetInner() // want `keeps memory`
}

type indirect struct{}

func (indirect) ApplyPacked(_ es.Meta, s *depotv1.Box, e *depotv1.Packed) {
	s.Things = append(s.Things, e.GetLast())      // want `keeps memory`
	s.Things = append(s.Things, e.GetThings()...) // want `keeps memory`
	for name, t := range e.GetByName() {
		s.ByName[name] = t // want `keeps memory`
	}
	for _, t := range e.GetThings() {
		s.Things[0] = t // want `keeps memory`
	}
	maps.Copy(s.ByName, e.GetByName())                                     // want `keeps memory`
	copy(s.Things, e.GetThings())                                          // want `keeps memory`
	s.Things = slices.Clone(e.GetThings())                                 // want `keeps memory`
	s.ByName = maps.Clone(e.GetByName())                                   // want `keeps memory`
	s.Things = slices.Collect(maps.Values(e.GetByName()))                  // want `keeps memory`
	s.Things = slices.Concat(s.GetThings(), e.GetThings())                 // want `keeps memory`
	s.Last = &depotv1.Thing{Inner: e.GetLast()}                            // want `keeps memory`
	s.Content = &depotv1.Box_Thing{Thing: e.GetThing()}                    // want `keeps memory`
	s.GetLast().Inner = e.GetLast()                                        // want `keeps memory`
	s.Last = slices.MaxFunc(e.GetThings(), func(a, b *depotv1.Thing) int { // want `keeps memory`
		return int(a.GetQuantity() - b.GetQuantity())
	})
}

type variables struct{}

func (variables) ApplyPacked(_ es.Meta, s *depotv1.Box, e *depotv1.Packed) {
	last := e.GetLast()
	if last == nil {
		last = &depotv1.Thing{}
	}
	s.Last = last // want `keeps memory`
	var things []*depotv1.Thing
	for _, t := range e.GetThings() {
		things = append(things, t)
	}
	s.Things = things // want `keeps memory`
	byName := map[string]*depotv1.Thing{}
	for name, t := range e.GetByName() {
		byName[name] = t
	}
	s.ByName = byName // want `keeps memory`
	switch c := e.Content.(type) {
	case *depotv1.Packed_Thing:
		s.Content = &depotv1.Box_Thing{Thing: c.Thing} // want `keeps memory`
	case *depotv1.Packed_Note:
		s.Content = &depotv1.Box_Note{Note: c.Note}
	}
	state := s
	func() { state.Last = e.GetLast() }() // want `keeps memory`
	box := depotv1.Thing{}
	box.Inner = e.GetLast()
	s.Last = &box // want `keeps memory`
}

type helpers struct{}

func (b helpers) ApplyPacked(_ es.Meta, s *depotv1.Box, e *depotv1.Packed) {
	set(s, e.GetLast())
	s.Last = pick(e.GetThings())   // want `keeps memory`
	s.Last, _ = two(e.GetThings()) // want `keeps memory`
	each(e.GetThings(), func(t *depotv1.Thing) {
		s.Last = t // want `^ApplyPacked keeps memory`
	})
	for t := range inner(e.GetThings()) {
		s.Last = t // want `^ApplyPacked keeps memory`
	}
	t := &depotv1.Thing{}
	wrap(t, e.GetLast())
	s.Last = t // want `keeps memory`
	b.method(s, e)
	var visit func(*depotv1.Thing)
	visit = func(t *depotv1.Thing) {
		s.Last = t // want `keeps memory`
		if t.GetInner() != nil {
			visit(t.GetInner())
		}
	}
	visit(e.GetLast())
	s.Last = identity(e.GetLast()) // want `keeps memory`
}

// Chains of calls that end in themselves.
func (b helpers) ApplyEmptied(_ es.Meta, s *depotv1.Box, _ *depotv1.Emptied) {
	f := steps(3)
	for f != nil {
		f = f(s)
	}
	again(s, 3)
}

type step func(*depotv1.Box) step

func steps(n int) step {
	if n == 0 {
		return nil
	}
	return func(*depotv1.Box) step { return steps(n - 1) }
}

func again(s *depotv1.Box, n int) *depotv1.Box {
	if n == 0 {
		return s
	}
	return again(again(s, n-1), n-1)
}

func (helpers) method(s *depotv1.Box, e *depotv1.Packed) { s.Tags = e.GetTags() } // want `^ApplyPacked, through method, keeps memory`

func set(s *depotv1.Box, t *depotv1.Thing) {
	s.Last = t // want `^ApplyPacked, through set, keeps memory of the event in the state`
}

func pick(things []*depotv1.Thing) *depotv1.Thing { return things[0] }

func two(things []*depotv1.Thing) (*depotv1.Thing, int) { return things[0], 1 }

func wrap(t, in *depotv1.Thing) { t.Inner = in }

func identity[T any](v T) T { return v }

func each(things []*depotv1.Thing, do func(*depotv1.Thing)) {
	for _, t := range things {
		do(t)
	}
}

func inner(things []*depotv1.Thing) func(func(*depotv1.Thing) bool) {
	return func(yield func(*depotv1.Thing) bool) {
		for _, t := range things {
			if !yield(t.GetInner()) {
				return
			}
		}
	}
}

type setters struct{}

func (setters) ApplyPacked(_ es.Meta, s *depotv1.Box, e *depotv1.Packed) {
	s.SetLast(e.GetLast())            // want `keeps memory`
	s.SetTags(e.GetTags())            // want `keeps memory`
	s.GetLast().SetInner(e.GetLast()) // want `keeps memory`
	t := &depotv1.Thing{}
	t.SetInner(e.GetLast())
	s.SetThing(t)                                                // want `keeps memory`
	s.SetLast(depotv1.Thing_builder{Inner: e.GetLast()}.Build()) // want `keeps memory`
	s.SetLast(depotv1.Thing_builder{Inner: proto.CloneOf(e.GetLast())}.Build())
	s.SetLabel(e.GetLabel())
	s.SetTags(slices.Clone(e.GetTags()))
}

var latest *depotv1.Packed

type outliving struct {
	seen map[string]*depotv1.Thing
	box  *depotv1.Box
}

func (b *outliving) ApplyPacked(_ es.Meta, s *depotv1.Box, e *depotv1.Packed) {
	latest = e                   // want `^ApplyPacked keeps memory of its arguments in what outlives the call: keep it in the state, as a copy$`
	b.seen["last"] = e.GetLast() // want `outlives the call`
	b.box = s                    // want `outlives the call`
	b.seen["copy"] = proto.CloneOf(e.GetLast())
}

func (b outliving) HandlePack(_ es.Meta, s *depotv1.Box, _ *depotv1.Pack) ([]depotv1.PackOutcome, error) {
	b.box = s                    // a copy of the receiver
	b.seen["last"] = s.GetLast() // want `HandlePack keeps memory of its arguments in what outlives the call`
	return nil, nil
}

func (b outliving) UpcastFilled(_ es.Meta, e *depotv1.Filled) *depotv1.Packed {
	b.seen["first"] = e.GetThings()[0]            // want `UpcastFilled keeps memory of its arguments`
	return &depotv1.Packed{Things: e.GetThings()} // the old event is not used again
}

type copying struct{}

// Copies, and values without references.
func (copying) ApplyPacked(_ es.Meta, s *depotv1.Box, e *depotv1.Packed) {
	s.Label = e.GetLabel()
	s.Weight = e.GetWeight()
	s.Total = int64(len(e.GetThings()))
	s.Last = proto.CloneOf(e.GetLast())
	s.Last, _ = proto.Clone(e.GetLast()).(*depotv1.Thing)
	s.Tags = slices.Clone(e.GetTags())
	s.Tags = append(s.Tags, e.GetTags()...)
	s.Tags = append([]string(nil), e.GetTags()...)
	s.Tags = slices.Sorted(maps.Keys(e.GetCounts()))
	s.Label = slices.Max(e.GetTags())
	s.Counts = maps.Clone(e.GetCounts())
	maps.Copy(s.Counts, e.GetCounts())
	copy(s.Tags, e.GetTags())
	for name, n := range e.GetCounts() {
		s.Counts[name] = n
	}
	s.Seal = bytes.Clone(e.GetSeal())
	s.Seal = append([]byte(nil), e.GetSeal()...)
	s.Seal = []byte(string(e.GetSeal()))
	s.Nick = proto.String(e.GetNick())
	proto.Merge(s.GetLast(), e.GetLast())
	s.Last = &depotv1.Thing{Name: e.GetLast().GetName(), Quantity: e.GetLast().GetQuantity()}
	for _, t := range e.GetThings() {
		put(s, t)
		s.Things = append(s.Things, proto.CloneOf(t))
	}
	s.Things = slices.DeleteFunc(s.Things, func(t *depotv1.Thing) bool { return t.GetName() == e.GetLabel() })
	s.Last = s.GetThings()[0]
	last := e.GetLast()
	last = proto.CloneOf(last)
	s.Last = last
	pair := struct{ ours, theirs *depotv1.Thing }{ours: &depotv1.Thing{}, theirs: e.GetLast()}
	s.Last = pair.ours
}

func put(s *depotv1.Box, t *depotv1.Thing) { s.ByName[t.GetName()] = proto.CloneOf(t) }
