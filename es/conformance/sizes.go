package conformance

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// sizes tests what is large, small or odd.
func (s *suite) sizes(t *testing.T) {
	s.test(t, "payloads", func(e *env) {
		for i, size := range []int{0, 1, 127, 128, 65_536, 1_000_000, 0} {
			data := bytes.Repeat([]byte{byte(i)}, size)
			e.do(&ledgerv1.Attach{LedgerId: "a", Data: data})
			e.another().check("a")
		}
		e.do(&ledgerv1.CloseLedger{LedgerId: "a"})
		e.check("a")
		sameEvents(e.t, e.mustFeed(es.Start()), e.journals["a"])
	})
	s.test(t, "ids", testIDs)
	s.test(t, "events on one aggregate", func(e *env) {
		n := s.scaled(10_000)
		e.create("a")
		for range n / 100 {
			e.do(batch(100))
		}
		e.check("a")
		e.another().check("a")
		half := len(e.journals["a"]) / 2
		rev, err := e.another().load("a", es.AtVersion(uint64(half)))
		if err != nil {
			e.t.Fatal(err)
		}
		e.sameState(rev, e.journals["a"][:half])
	})
	s.test(t, "aggregates", func(e *env) { testAggregates(e, s.scaled(100_000)) })
}

// scaled returns n, or less where that would take too long.
func (s *suite) scaled(n int) int {
	switch {
	case s.small:
		return n / 100
	case testing.Short() || raceEnabled:
		return n / 20
	}
	return n
}

func testIDs(e *env) {
	ids := []string{
		" ", "a", "A", "a ", "a/b", "a%2Fb", "../a", "a.b:c,d", "\x00", "a\x00", "a\x00b", "\n", "\"", "'; --", "{}",
		"é", "e\u0301", "\u65e5\u672c\u8a9e", "🚀", "\u202e", "\uffff", "\U0010ffff",
		"550e8400-e29b-41d4-a716-446655440000", strings.Repeat("x", 255), strings.Repeat("🚀", 2_000),
	}
	for i, id := range ids {
		e.do(&ledgerv1.OpenLedger{LedgerId: id, Owner: strconv.Itoa(i)})
	}
	for i, id := range ids {
		e.do(post(id, int64(i)+1), es.CommandID("c"))
	}
	seen := map[string]int{}
	for _, ev := range e.mustFeed(es.Start()) {
		seen[ev.AggregateID]++
	}
	for _, id := range ids {
		e.check(id)
		e.another().check(id)
		if seen[id] != 2 {
			e.t.Errorf("the feed has %d events of %q, want 2", seen[id], id)
		}
	}
}

func testAggregates(e *env, n int) {
	const clients = 8
	name := func(i int) string { return fmt.Sprintf("ledger-%06d", i) }
	var wg sync.WaitGroup
	for c := range clients {
		wg.Go(func() {
			for i := c; i < n; i += clients {
				if _, err := e.execute(&ledgerv1.Attach{LedgerId: name(i), Data: []byte(name(i))}); err != nil {
					e.t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	seen := make(map[string]uint64, n)
	for ev, err := range e.store.Feed(e.ctx, es.Start(), es.FeedOptions{}) {
		if err != nil {
			e.t.Fatal(err)
		}
		if seen[ev.AggregateID]++; seen[ev.AggregateID] != ev.Version {
			e.t.Fatalf("%q: event %d has version %d", ev.AggregateID, seen[ev.AggregateID], ev.Version)
		}
	}
	if len(seen) != n {
		e.t.Errorf("events of %d aggregates, want %d", len(seen), n)
	}
	fresh := e.another()
	for i := 0; i < n; i += max(1, n/500) {
		rev, err := fresh.load(name(i))
		if err != nil || rev.Version != 2 || rev.State.GetId() != name(i) || string(rev.State.GetAttachment()) != name(i) {
			e.t.Errorf("%q: %+v, %v", name(i), rev, err)
		}
	}
}
