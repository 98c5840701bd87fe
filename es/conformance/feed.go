package conformance

import (
	"iter"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// feed tests the log of all aggregates.
func (s *suite) feed(t *testing.T) {
	s.test(t, "of nothing", func(e *env) {
		if events := e.mustFeed(es.Start()); len(events) > 0 {
			e.t.Errorf("%d events, want none", len(events))
		}
	})
	s.test(t, "yields every event once, in order", testFeed)
	s.test(t, "resumes from every cursor", testResume)
	s.test(t, "yields what concurrent commands stored", testFeedOfMany)
	s.test(t, "stops when its reader does", testFeedStops)
	s.test(t, "of a reader", testReader)
}

func testFeedStops(e *env) {
	writeLog(e)
	for stop := 1; stop <= 3; stop++ {
		seen := 0
		for _, err := range e.store.Feed(e.ctx, es.Start(), es.FeedOptions{}) {
			if err != nil {
				e.t.Fatal(err)
			}
			if seen++; seen == stop {
				break
			}
		}
	}
}

func testReader(e *env) {
	writeLog(e)
	reader := ledgerv1.NewLedgerReader(e.engine, ledgerv1.Behavior{})
	samePartitions(e.t, e.collect(reader.Feed(e.ctx, es.Start())), e.mustFeed(es.Start()))
	want, err := e.history("1", es.FromVersion(2))
	if err != nil {
		e.t.Fatal(err)
	}
	sameEvents(e.t, e.collect(reader.History(e.ctx, "1", es.FromVersion(2))), want)
}

// collect returns what a sequence yields, which is not to be an error.
func (e *env) collect(seq iter.Seq2[event, error]) []event {
	e.t.Helper()
	var events []event
	for ev, err := range seq {
		if err != nil {
			e.t.Fatal(err)
		}
		events = append(events, ev)
	}
	return events
}

// writeLog stores events of seven aggregates, old and new ones mixed.
func writeLog(e *env) {
	for round := range 3 {
		for i := range 7 {
			id := strconv.Itoa(i)
			switch (i + round) % 4 {
			case 0:
				e.do(&ledgerv1.Attach{LedgerId: id})
			case 1:
				e.append(id, oldBatch(1, 2, 3))
			case 2:
				e.append(id, oldEvent(&ledgerv1.Audited{}), oldBatch(), oldEvent(&ledgerv1.EntryMadeV2{Amount: 4}, posted(4)))
			case 3:
				e.append(id, oldBatch(5), oldBatch(6, 7))
			}
		}
	}
}

func testFeed(e *env) {
	writeLog(e)
	for _, view := range []*env{e, e.another()} {
		events := view.mustFeed(es.Start())
		checkOrder(e.t, events)
		byID := map[string][]event{}
		for _, ev := range events {
			byID[ev.AggregateID] = append(byID[ev.AggregateID], ev)
		}
		if len(byID) != len(e.journals) {
			e.t.Errorf("events of %d aggregates, want %d", len(byID), len(e.journals))
		}
		for id, journal := range e.journals {
			sameEvents(e.t, byID[id], journal)
		}
	}
}

// checkOrder checks that the positions of each partition ascend.
func checkOrder(t *testing.T, events []event) {
	t.Helper()
	var seen es.Cursor
	for _, ev := range events {
		if seen.Includes(ev.Position) {
			t.Fatalf("event at %s comes after one at or behind it", ev.Position)
		}
		seen.Advance(ev.Position)
	}
}

func testResume(e *env) {
	writeLog(e)
	full := e.mustFeed(es.Start())
	var cursor es.Cursor
	for n := range len(full) + 1 {
		if n > 0 {
			cursor.Advance(full[n-1].Position)
		}
		text, err := cursor.MarshalText()
		if err != nil {
			e.t.Fatal(err)
		}
		var stored es.Cursor
		if err := stored.UnmarshalText(text); err != nil {
			e.t.Fatal(err)
		}
		samePartitions(e.t, e.mustFeed(stored), full[n:])
	}
	e.append("1", oldBatch(8, 9)) // what comes later is behind the cursor too
	samePartitions(e.t, e.mustFeed(cursor), e.journals["1"][len(e.journals["1"])-2:])
}

// samePartitions compares events partition by partition: between these, a feed
// has no order.
func samePartitions(t *testing.T, got, want []event) {
	t.Helper()
	split := func(events []event) map[int32][]event {
		parts := map[int32][]event{}
		for _, ev := range events {
			parts[ev.Position.Partition] = append(parts[ev.Position.Partition], ev)
		}
		return parts
	}
	g, w := split(got), split(want)
	for p := range g {
		sameEvents(t, g[p], w[p])
	}
	if len(got) != len(want) {
		t.Fatalf("%d events, want %d", len(got), len(want))
	}
}

func testFeedOfMany(e *env) {
	const clients, commands = 8, 25
	views := []*env{e, e.another()}
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() {
			for n := range commands {
				id := strconv.Itoa((i + n) % 5)
				if _, err := views[i%2].execute(&ledgerv1.Attach{LedgerId: id}); err != nil {
					e.t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	events := e.mustFeed(es.Start())
	checkOrder(e.t, events)
	if want := clients*commands + 5; len(events) != want { // each Attach, and the five openings
		e.t.Errorf("%d events, want %d", len(events), want)
	}
	for i := range 5 {
		id := strconv.Itoa(i)
		history, err := e.history(id)
		if err != nil {
			e.t.Fatal(err)
		}
		of := slices.DeleteFunc(slices.Clone(events), func(ev event) bool { return ev.AggregateID != id })
		sameEvents(e.t, of, history)
	}
}
