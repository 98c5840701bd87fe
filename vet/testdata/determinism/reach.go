package determinism

import (
	"time"

	"github.com/esgen-dev/esgen/es"
	depotv1 "github.com/esgen-dev/esgen/vet/testdata/gen/depot/v1"
)

// The clock is reached through functions, methods, generics and variables of
// the package.
type reaching struct{ helper }

func (r reaching) ApplyEmptied(_ es.Meta, s *depotv1.Box, _ *depotv1.Emptied) {
	s.Total = stamp() + r.method() + generic(s.GetTotal()) + of[int]{}.method2() + read().Unix() + started.Unix() // want `asks a clock`
	func() { s.Total = inner() }()
	each(s.GetThings(), visitor)
}

func stamp() int64 { return deeper() }

func deeper() int64 { return time.Now().Unix() } // want `^ApplyEmptied, through deeper, reads the clock`

type helper struct{}

func (helper) method() int64 { return time.Now().Unix() } // want `through method,`

func generic[T any](T) int64 { return time.Now().Unix() } // want `through generic,`

type of[T any] struct{ _ T }

func (of[T]) method2() int64 { return time.Now().Unix() } // want `through method2,`

func inner() int64 { return time.Now().Unix() } // want `through inner,`

func visitor(t *depotv1.Thing) { t.Quantity = time.Now().Unix() } // want `through visitor,`

func each(things []*depotv1.Thing, do func(*depotv1.Thing)) {
	for _, t := range things {
		do(t)
	}
}

var (
	read    = time.Now   // want `through read,`
	started = time.Now() // want `through started,`
)

// What no method reaches may do what it likes.
func unreached() int64 { return time.Now().Unix() }

// Methods are recognized by name and signature: these are none of a behaviour.
type lookalike struct{}

func (lookalike) ApplyPacked(*depotv1.Box, *depotv1.Packed) int64 { return time.Now().Unix() }

func (lookalike) ApplyLater(_ es.Meta, s *depotv1.Box, _ *depotv1.Emptied) {
	s.Total = time.Now().Unix()
}

func (lookalike) ApplyEmptied(_ es.Meta, s depotv1.Box, _ *depotv1.Emptied) {
	s.Total = time.Now().Unix()
}

func ApplyPacked(_ es.Meta, s *depotv1.Box, _ *depotv1.Packed) { s.Total = time.Now().Unix() }

// A clock may be handed in; it is a clock all the same.
type injected struct {
	now   func() time.Time
	clock interface{ Now() time.Time }
	price func(string) int64
}

func (b injected) HandlePack(m es.Meta, _ *depotv1.Box, c *depotv1.Pack) ([]depotv1.PackOutcome, error) {
	_ = b.now()               // want `HandlePack asks a clock: the time is in es.Meta`
	_ = b.clock.Now()         // want `asks a clock`
	_ = b.price(c.GetBoxId()) // what is behind it cannot be seen
	_ = m.Time.UTC().AddDate(0, 0, 1)
	return nil, nil
}

// What outlives the call is not to be changed.
type counting struct {
	seen  map[string]int
	count int
	last  *depotv1.Thing
}

var (
	total int
	index = map[string]int{}
)

func (b *counting) ApplyPacked(_ es.Meta, _ *depotv1.Box, e *depotv1.Packed) {
	b.count++                // want `ApplyPacked changes its receiver, which outlives the call: keep it in the state`
	b.seen[e.GetLabel()] = 1 // want `changes its receiver`
	b.note()
	total += 1              // want `changes the variable total, which outlives the call`
	index[e.GetLabel()] = 1 // want `changes the variable index`
	delete(index, "")       // want `changes the variable index`
	clear(b.seen)           // want `changes its receiver`
}

func (b *counting) note() { b.count = 1 } // want `ApplyPacked, through note, changes its receiver`

func (b counting) ApplyEmptied(_ es.Meta, s *depotv1.Box, _ *depotv1.Emptied) {
	b.count++     // a copy
	b.seen["a"]++ // want `changes its receiver`
	sums := tally{}
	sums.add(s.GetTotal()) // not the behaviour
	local := map[string]int{}
	local["a"] = 1
	s.Total = sums.n + int64(index["a"])
}

type tally struct{ n int64 }

func (t *tally) add(n int64) { t.n += n }
