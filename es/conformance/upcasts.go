package conformance

import (
	"errors"
	"testing"

	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

func posted(amount int64) *ledgerv1.Posted {
	return &ledgerv1.Posted{Entry: &ledgerv1.Entry{Amount: amount}}
}

// upcasts tests how events are read that are no longer emitted.
func (s *suite) upcasts(t *testing.T) {
	for name, events := range map[string][]stored{
		"one to one":         {oldEvent(&ledgerv1.EntryMadeV2{Amount: 5}, posted(5))},
		"a chain":            {oldEvent(&ledgerv1.EntryMade{Amount: "5"}, posted(5))},
		"an alias":           {{Message: posted(5), as: "ledger.v1.Booked", today: []ledgerv1.LedgerEvent{posted(5)}}},
		"one to many":        {oldBatch(1, 2, 2)},
		"one to none":        {oldEvent(&ledgerv1.EntryMadeV2{Amount: 5}, posted(5)), oldBatch()},
		"retired":            {oldEvent(&ledgerv1.Audited{Auditor: "ada"}), oldEvent(&ledgerv1.EntryMadeV2{Amount: 5}, posted(5))},
		"all in one command": {oldBatch(1), oldEvent(&ledgerv1.Audited{}), oldEvent(&ledgerv1.EntryMade{Amount: "4"}, posted(4)), oldBatch()},
	} {
		s.test(t, name, func(e *env) { testUpcast(e, events) })
	}
	s.test(t, "nothing but retired events", func(e *env) {
		e.append("a", oldEvent(&ledgerv1.Audited{}))
		e.wantVersion("a", 1)
		if events, err := e.history("a"); err != nil || len(events) > 0 {
			e.t.Errorf("history: %d events, %v; want none", len(events), err)
		}
		_, err := e.execute(&ledgerv1.OpenLedger{LedgerId: "a"})
		e.wantError(err, es.ErrExists)
	})
}

// testUpcast reads old events, which add up to 5, in every way.
func testUpcast(e *env, events []stored) {
	e.create("a")
	e.append("a", events...)
	for _, view := range []*env{e, e.another()} {
		view.check("a")
		sameEvents(e.t, view.mustFeed(es.Start()), e.journals["a"])
		_, err := view.execute(post("a", -6))
		e.wantError(err, ledgerv1.ErrOverdrawn)
	}
	e.do(post("a", -5))
	for range 12 { // across a snapshot
		e.do(post("a", 1))
	}
	e.append("a", events...)
	e.another().check("a")
}

// unreadable tests that an event which cannot be read is an error wherever it
// would be read, and nowhere else.
func (s *suite) unreadable(t *testing.T) {
	s.test(t, "unknown to the code", func(e *env) {
		testUnreadable(e, unknownEvent(), func(err error) (es.Meta, string, es.Position, bool) {
			var unknown *es.UnknownEventError
			if !errors.As(err, &unknown) {
				return es.Meta{}, "", es.Position{}, false
			}
			return unknown.Meta, unknown.Type, unknown.Position, true
		})
	})
	for name, event := range map[string]stored{
		"upcast to nil":    oldEvent(&ledgerv1.EntryMade{Amount: "many"}),
		"of corrupt bytes": {Message: wrapperspb.String("\x0f"), as: "ledger.v1.Posted"},
	} {
		s.test(t, name, func(e *env) {
			testUnreadable(e, event, func(err error) (es.Meta, string, es.Position, bool) {
				var corrupt *es.CorruptEventError
				if !errors.As(err, &corrupt) {
					return es.Meta{}, "", es.Position{}, false
				}
				return corrupt.Meta, corrupt.Type, corrupt.Position, true
			})
		})
	}
}

type detailsOf func(err error) (es.Meta, string, es.Position, bool)

func testUnreadable(e *env, event stored, details detailsOf) {
	e.create("b")
	e.create("a")
	e.do(post("a", 1))
	journal := e.journals["a"]
	r := e.append("a", event) // is not the last one
	want := es.Meta{AggregateID: "a", Version: 3, Time: r.Time, CommandID: r.CommandID}
	check := func(what string, err error) {
		e.t.Helper()
		m, typ, pos, ok := details(err)
		if !ok || typ != event.as || !sameMeta(m, want) || pos != r.Position {
			e.t.Errorf("%s: error %v\nwant one on %s, %+v at %s", what, err, event.as, want, r.Position)
		}
	}
	e.append("a", oldBatch(1))
	for _, view := range []*env{e, e.another()} {
		_, err := view.load("a")
		check("load", err)
		_, err = view.load("a", es.AtVersion(3))
		check("load at its version", err)
		_, err = view.execute(post("a", 1))
		check("execute", err)
		events, err := view.history("a")
		check("history", err)
		sameEvents(e.t, events, journal)
		_, err = view.feed(es.Start())
		check("feed", err)

		// What lies before it, and beside it, can be read.
		rev, err := view.load("a", es.AtVersion(2))
		if err != nil {
			e.t.Fatal(err)
		}
		view.sameState(rev, journal)
		view.check("b")
	}
	e.do(post("b", 1))
}
