package determinism

import (
	"errors"
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/esgen-dev/esgen/es"
	depotv1 "github.com/esgen-dev/esgen/vet/testdata/gen/depot/v1"
)

var errEmpty = errors.New("nothing in it")

type ordered struct{}

// What the order of a map decides.
func (ordered) ApplyPacked(_ es.Meta, s *depotv1.Box, e *depotv1.Packed) {
	for name := range e.GetCounts() {
		s.Label = name // want `^ApplyPacked ranges over a map in random order and keeps the last value of s.Label: range over slices.Sorted\(maps.Keys\(m\)\)$`
	}
	for name := range e.GetCounts() {
		s.Tags = append(s.Tags, name) // want `appends to s.Tags`
	}
	for _, n := range e.GetCounts() {
		s.Weight += float64(n) // want `adds up what depends on the order`
	}
	for name := range e.GetCounts() {
		s.Label += name // want `adds up what depends on the order`
	}
	for _, t := range e.GetByName() {
		put(s, t) // want `calls put`
	}
	for _, t := range e.GetByName() {
		s.ByName[t.GetName()] = &depotv1.Thing{Quantity: t.GetQuantity()} // want `keeps the last value of s.ByName\[t.GetName\(\)\]`
	}
	best := int64(0)
	for name, n := range e.GetCounts() {
		if n > best {
			best = n
			s.Label = name // want `keeps the last value of s.Label`
		}
	}
	for _, n := range e.GetCounts() {
		s.Total += n
		if s.Total > 10 {
			break // want `stops after some of the entries`
		}
	}
	var last string
	for last = range e.GetCounts() { // want `keeps the last key`
	}
	s.Label = last
	for name := range maps.Keys(e.GetCounts()) {
		s.Label = name // want `keeps the last value`
	}
	s.Tags = slices.Collect(maps.Keys(e.GetCounts())) // want `collects the entries of a map in random order: sort them`
	var names []string
	sort.Strings(names) // too early
	other, sum := "other", int64(0)
	for name := range e.GetCounts() {
		names = append(names, name) // want `appends to names`
	}
	for name, n := range e.GetCounts() {
		s.Counts[name] = n
		s.Counts[other] = n // want `keeps the last value of s.Counts\[other\]`
	}
	for _, n := range e.GetCounts() {
		sum += n
		s.Tags = append(s.Tags, string(rune(sum))) // want `appends to s.Tags`
	}
	var b strings.Builder
	for name := range e.GetCounts() {
		b.WriteString(name) // want `calls b.WriteString`
	}
	for range e.GetCounts() {
		for name := range e.GetByName() {
			s.Label = name // want `keeps the last value`
			break
		}
	}
}

func (ordered) HandlePack(_ es.Meta, s *depotv1.Box, _ *depotv1.Pack) ([]depotv1.PackOutcome, error) {
	for name := range s.GetCounts() {
		return []depotv1.PackOutcome{&depotv1.Refused{Reason: name}}, nil // want `returns something of the first entry`
	}
	for _, t := range s.GetByName() {
		if err := check(t); err != nil {
			return nil, err // want `returns something of the first entry`
		}
	}
	for _, t := range s.GetByName() {
		if t.GetQuantity() == 0 {
			return nil, errEmpty
		}
		if t.GetQuantity() < 0 {
			return nil, errors.New("negative") // want `returns what the first entry leads to`
		}
	}
	return nil, nil
}

func check(t *depotv1.Thing) error {
	if t.GetName() == "" {
		return errEmpty
	}
	return nil
}

func put(s *depotv1.Box, t *depotv1.Thing) { s.Counts[t.GetName()] = t.GetQuantity() }

type unordered struct{}

// What no order decides.
func (unordered) ApplyPacked(_ es.Meta, s *depotv1.Box, e *depotv1.Packed) {
	count, found, product := 0, false, int64(1)
	least, most, either := int64(100), int64(0), false
	for name, n := range e.GetCounts() {
		count++
		s.Total += n
		s.Total = s.Total - n
		product *= n
		found = true
		least = min(least, n)
		if n > most {
			most = n
		}
		if !found || n < least {
			least, found = n, true
		}
		either = either || n > 3
		s.Counts[name] = n
		s.Counts[name] += n
		delete(s.Counts, name)
		twice := n * 2
		twice += 1.0
		_ = twice
	}
	for _, t := range e.GetByName() {
		t := &depotv1.Thing{Name: t.GetName()}
		t.Reset()
		t.Quantity = 3
		s.Counts[t.GetName()] += t.GetQuantity()
		for _, n := range []int64{1, 2} {
			if n == 2 {
				break
			}
			s.Total += n
		}
	}
	seen := map[string]bool{}
	for _, t := range e.GetByName() {
		seen[t.GetName()] = true
		if t.GetQuantity() > 3 {
			found = true
			break
		}
	}
	var names []string
	for name := range e.GetCounts() {
		names = append(names, name)
	}
	sort.Strings(names)
	keys := slices.Collect(maps.Keys(e.GetCounts()))
	slices.Sort(keys)
	for _, name := range slices.Sorted(maps.Keys(e.GetCounts())) {
		s.Label = name
	}
	for i := range e.GetTags() {
		s.Label = e.GetTags()[i]
	}
	maps.Copy(s.Counts, e.GetCounts())
	maps.DeleteFunc(s.Counts, func(_ string, n int64) bool { return n == 0 })
}

func (unordered) HandlePack(_ es.Meta, s *depotv1.Box, _ *depotv1.Pack) ([]depotv1.PackOutcome, error) {
	for _, t := range s.GetByName() {
		if t.GetQuantity() == 0 {
			return nil, errEmpty
		}
	}
	for range s.GetCounts() {
		return []depotv1.PackOutcome{&depotv1.Refused{Reason: "not empty"}}, nil
	}
	return nil, nil
}
