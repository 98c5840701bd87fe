// Package readonly holds behaviours that change the state while they decide,
// and some that look like it.
package readonly

import (
	"maps"
	"slices"
	"sort"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/esgen-dev/esgen/es"
	depotv1 "github.com/esgen-dev/esgen/vet/testdata/gen/depot/v1"
)

type changing struct{}

func (b changing) HandlePack(m es.Meta, s *depotv1.Box, c *depotv1.Pack) ([]depotv1.PackOutcome, error) {
	s.Total++                                    // want `^HandlePack changes the state: return an event, and change the state where it is applied$`
	s.Label = "x"                                // want `changes the state`
	s.GetLast().Quantity = 3                     // want `changes the state`
	s.GetThings()[0] = nil                       // want `changes the state`
	s.Things[0].Quantity--                       // want `changes the state`
	s.GetCounts()["a"] = 1                       // want `changes the state`
	delete(s.GetByName(), "a")                   // want `changes the state`
	clear(s.GetTags())                           // want `changes the state`
	copy(s.GetTags(), []string{"a"})             // want `changes the state`
	_ = append(s.GetTags(), "a")                 // want `changes the state`
	s.SetLabel("x")                              // want `changes the state`
	s.GetLast().ClearInner()                     // want `changes the state`
	s.Reset()                                    // want `changes the state`
	proto.Merge(s, &depotv1.Box{})               // want `changes the state`
	proto.Reset(s.GetLast())                     // want `changes the state`
	_ = proto.Unmarshal(nil, s)                  // want `changes the state`
	slices.Sort(s.GetTags())                     // want `changes the state`
	sort.Strings(s.Tags)                         // want `changes the state`
	slices.Reverse(s.GetThings())                // want `changes the state`
	maps.Copy(s.GetCounts(), map[string]int64{}) // want `changes the state`
	*s = depotv1.Box{}                           // want `changes the state`
	for _, t := range s.GetThings() {
		t.Quantity = 0 // want `changes the state`
	}
	last := s.GetLast()
	if last == nil {
		last = &depotv1.Thing{}
	}
	last.Quantity = 1 // want `changes the state`
	b.helper(s)
	things := slices.Clone(s.GetThings())
	things[0].Quantity = 1                                         // want `changes the state`
	each(s.GetThings(), func(t *depotv1.Thing) { t.Quantity = 1 }) // want `changes the state`
	_ = slices.IndexFunc(s.GetThings(), func(t *depotv1.Thing) bool {
		t.Quantity = 1 // want `^HandlePack changes the state`
		return false
	})
	for t := range maps.Values(s.GetByName()) {
		t.Quantity = 1 // want `changes the state`
	}
	named := map[string]struct{ t *depotv1.Thing }{"last": {s.GetLast()}}
	named["last"].t.Quantity = 1 // want `changes the state`
	s.PackedAt.Seconds = 1       // want `changes the state`
	return nil, nil
}

func (changing) helper(s *depotv1.Box) {
	s.Total = 1 // want `^HandlePack, through helper, changes the state`
}

func each(things []*depotv1.Thing, do func(*depotv1.Thing)) {
	for _, t := range things {
		do(t)
	}
}

type lending struct{}

func (lending) HandlePack(_ es.Meta, s *depotv1.Box, c *depotv1.Pack) ([]depotv1.PackOutcome, error) {
	if len(c.GetThings()) == 0 {
		return []depotv1.PackOutcome{&depotv1.Packed{
			Things: s.GetThings(), // want `^HandlePack returns an event that shares memory with the state: put a copy into it, for example of proto.CloneOf$`
			Last:   s.GetLast(),   // want `shares memory`
			Label:  s.GetLabel(),
		}}, nil
	}
	packed := &depotv1.Packed{}
	packed.Counts = s.GetCounts() // want `shares memory`
	for _, t := range s.GetThings() {
		packed.Things = append(packed.Things, t) // want `shares memory`
	}
	events := []depotv1.PackOutcome{packed}
	return append(events, outcome(s)), nil
}

func outcome(s *depotv1.Box) depotv1.PackOutcome {
	return &depotv1.Packed{Seal: s.GetSeal()} // want `HandlePack, through outcome, returns an event that shares memory`
}

type building struct{}

func (building) HandlePack(_ es.Meta, s *depotv1.Box, _ *depotv1.Pack) ([]depotv1.PackOutcome, error) {
	packed := depotv1.Packed_builder{
		Things: s.GetThings(), // want `shares memory`
		Label:  s.GetLabel(),
	}.Build()
	packed.SetTags(s.GetTags()) // want `shares memory`
	packed.SetNick(s.GetNick())
	return []depotv1.PackOutcome{packed}, nil
}

type captured struct{}

func (captured) HandlePack(_ es.Meta, s *depotv1.Box, _ *depotv1.Pack) ([]depotv1.PackOutcome, error) {
	var events []depotv1.PackOutcome
	add := func(e depotv1.PackOutcome) { events = append(events, e) }
	add(&depotv1.Packed{Tags: s.GetTags()}) // want `shares memory`
	add(&depotv1.Refused{Reason: s.GetLabel()})
	return events, nil
}

func (captured) HandleEmpty(_ es.Meta, s *depotv1.Box, _ *depotv1.Empty) ([]depotv1.EmptyOutcome, error) {
	packed := &depotv1.Packed{}
	fill := func() {
		packed.Things = s.GetThings() // held by what is not returned
		packed.Label = "filled"       // of the new event
	}
	fill()
	packed = proto.CloneOf(packed)
	return []depotv1.EmptyOutcome{&depotv1.Emptied{}}, nil
}

type branching struct{}

func (branching) HandlePack(_ es.Meta, s *depotv1.Box, c *depotv1.Pack) ([]depotv1.PackOutcome, error) {
	first, second := &depotv1.Packed{}, &depotv1.Packed{}
	either := first
	if len(c.GetThings()) > 1 {
		either = second
	}
	either.Tags = s.GetTags() // want `shares memory`
	return []depotv1.PackOutcome{first, second}, nil
}

type deciding struct{}

// It reads, changes copies, and lends what is the command's.
func (deciding) HandlePack(m es.Meta, s *depotv1.Box, c *depotv1.Pack) ([]depotv1.PackOutcome, error) {
	next := proto.CloneOf(s)
	next.Total++
	next.Things = append(next.Things, c.GetThings()...)
	delete(next.GetCounts(), "a")
	deciding{}.ApplyEmptied(m, next, &depotv1.Emptied{})
	tags := slices.Clone(s.GetTags())
	slices.Sort(tags)
	tags = append(tags, "a")
	more := append(slices.Clip(s.GetTags()), "a")
	more[0] = "b"
	more = append(s.GetTags()[:1:1], more...)
	sum := int64(0)
	for _, t := range s.GetThings() {
		sum += t.GetQuantity()
	}
	byQuantity := slices.SortedFunc(maps.Values(s.GetByName()), func(a, b *depotv1.Thing) int {
		return int(a.GetQuantity() - b.GetQuantity())
	})
	_ = slices.IndexFunc(s.GetThings(), func(t *depotv1.Thing) bool { return t.GetName() == "a" })
	packed := &depotv1.Packed{
		Things: c.GetThings(),
		Last:   proto.CloneOf(s.GetLast()),
		Tags:   tags,
		Counts: maps.Clone(s.GetCounts()),
		Label:  byQuantity[0].GetName(),
		Seal:   append([]byte(nil), s.GetSeal()...),
	}
	packed.Last.Quantity = sum
	packed.Tags[0] = s.GetLabel()
	if timestamppb.New(s.GetPackedAt().AsTime()) == nil {
		return nil, &refusal{box: s}
	}
	return []depotv1.PackOutcome{packed, &depotv1.Refused{Reason: s.GetTags()[0]}}, nil
}

// Applying may change the state.
func (deciding) ApplyEmptied(_ es.Meta, s *depotv1.Box, _ *depotv1.Emptied) { s.Reset() }

type refusal struct{ box *depotv1.Box }

func (r *refusal) Error() string { return r.box.GetLabel() }
