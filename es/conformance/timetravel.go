package conformance

import (
	"sync"
	"testing"
	"time"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// timeTravel tests reading an aggregate as it was.
func (s *suite) timeTravel(t *testing.T) {
	s.test(t, "by version", testTravelByVersion)
	clock := &testClock{}
	s.testWith(t, "by time", Options{Clock: clock.now}, func(e *env) { testTravelByTime(e, clock) })
	backwards := &testClock{}
	s.testWith(t, "with a clock that goes backwards", Options{Clock: backwards.now}, func(e *env) {
		testBackwards(e, backwards)
	})
}

// testClock is a clock that is set by hand.
type testClock struct {
	mu sync.Mutex
	at time.Time
}

func (c *testClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *testClock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

func midnight() time.Time { return time.Date(2024, time.February, 29, 0, 0, 0, 0, time.UTC) }

func testTravelByVersion(e *env) {
	e.create("a")
	e.do(batch(23))
	journal := e.journals["a"]
	for _, view := range []*env{e, e.another()} {
		for v := range journal {
			at := uint64(v) + 1
			rev, err := view.load("a", es.AtVersion(at))
			if err != nil {
				e.t.Fatal(err)
			}
			view.sameState(rev, journal[:v+1])
			if rev.Version != at {
				e.t.Errorf("version %d at version %d", rev.Version, at)
			}
			events, err := view.history("a", es.AtVersion(at), es.FromVersion(5))
			if err != nil {
				e.t.Fatal(err)
			}
			sameEvents(e.t, events, journal[min(4, v+1):v+1])
		}
	}
	_, err := e.load("a", es.AtVersion(25))
	e.wantError(err, es.ErrNotFound)
	for from, want := range map[uint64]int{0: 24, 1: 24, 24: 1, 25: 0, 1 << 63: 0} {
		events, err := e.history("a", es.FromVersion(from), es.AtVersion(30))
		if err != nil || len(events) != want {
			e.t.Errorf("history from version %d: %d events, %v; want %d", from, len(events), err, want)
		}
	}
}

func testTravelByTime(e *env, clock *testClock) {
	for hour, c := range []ledgerv1.LedgerCommand{
		&ledgerv1.OpenLedger{LedgerId: "a"}, post("a", 1), batch(14), post("a", 2), batch(9),
	} {
		clock.set(midnight().Add(time.Duration(hour/2) * time.Hour)) // two commands in each hour
		e.do(c)
	}
	journal := e.journals["a"]
	for _, view := range []*env{e, e.another()} {
		for minutes := -30; minutes <= 180; minutes += 30 {
			at := midnight().Add(time.Duration(minutes) * time.Minute)
			for _, at := range []time.Time{at.Add(-time.Microsecond), at, at.In(time.FixedZone("", 3600)), at.Add(time.Nanosecond)} {
				checkAtTime(view, at, journal)
			}
		}
	}
	// The earlier of two bounds counts.
	for _, want := range []int{1, 2, 5} {
		rev, err := e.load("a", es.AtVersion(5), es.AtTime(journal[want-1].Time))
		if err != nil {
			e.t.Fatal(err)
		}
		e.sameState(rev, journal[:min(5, upTo(journal, journal[want-1].Time))])
	}
}

// checkAtTime compares the aggregate at a time with the journal up to it.
func checkAtTime(e *env, at time.Time, journal []event) {
	e.t.Helper()
	past := journal[:upTo(journal, at)]
	events, err := e.history("a", es.AtTime(at))
	if err != nil {
		e.t.Fatal(err)
	}
	sameEvents(e.t, events, past)
	rev, err := e.load("a", es.AtTime(at))
	if len(past) == 0 {
		e.wantError(err, es.ErrNotFound)
		return
	}
	if err != nil {
		e.t.Fatal(err)
	}
	e.sameState(rev, past)
	if rev.Version != uint64(len(past)) {
		e.t.Errorf("version %d at %s, want %d", rev.Version, at, len(past))
	}
}

// upTo returns how many events are not after a time.
func upTo(events []event, at time.Time) int {
	n := 0
	for n < len(events) && !events[n].Time.After(at) {
		n++
	}
	return n
}

func testBackwards(e *env, clock *testClock) {
	const fine = 123456789 * time.Nanosecond // more than what is stored
	stored := midnight().Add(fine.Truncate(time.Microsecond))
	w := newWitness()
	view := e.bound(ledgerv1.LedgerType(w))
	for _, tc := range []struct {
		clock, want time.Duration // after midnight
		other       bool
	}{
		{0, 0, false},
		{-time.Hour, 0, false},
		{-time.Hour, -time.Hour, true}, // another aggregate knows nothing of that
		{time.Hour, time.Hour, false},
		{time.Minute, time.Hour, false},
		{time.Hour - time.Microsecond, time.Hour, false},
		{time.Hour + time.Microsecond, time.Hour + time.Microsecond, false},
	} {
		clock.set(midnight().Add(fine + tc.clock).In(time.FixedZone("", -7200)))
		id := "a"
		if tc.other {
			id = "b"
		}
		res := view.do(&ledgerv1.Attach{LedgerId: id})
		if want := stored.Add(tc.want); !res.Time.Equal(want) || !w.last().Time.Equal(want) {
			e.t.Errorf("clock at %s: the time is %s, and %s for the handler, want %s",
				clock.now(), res.Time, w.last().Time, want)
		}
	}
	e.check("a")
	e.check("b")
	for _, ev := range e.journals["a"] {
		checkAtTime(e, ev.Time, e.journals["a"])
	}
}
