package conformance

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// duplicates tests commands whose id has been seen before.
func (s *suite) duplicates(t *testing.T) {
	s.test(t, "return the first outcome", testDuplicates)
	s.test(t, "of commands that left nothing are decided", testNotDuplicates)
	s.test(t, "race", testRacingDuplicates)
	s.test(t, "count per aggregate", func(e *env) {
		e.do(&ledgerv1.OpenLedger{LedgerId: "a"}, es.CommandID("c"))
		if res := e.do(&ledgerv1.OpenLedger{LedgerId: "b"}, es.CommandID("c")); res.Duplicate {
			e.t.Error("the id was seen by another aggregate, and counts as a duplicate")
		}
	})
	s.test(t, "ids", testCommandIDs)
}

func testDuplicates(e *env) {
	commands := []struct {
		c    ledgerv1.LedgerCommand
		opts []es.CommandOption
	}{
		{&ledgerv1.OpenLedger{LedgerId: "a"}, []es.CommandOption{es.CommandID("open")}},
		{post("a", 5), []es.CommandOption{es.CommandID("post"), es.ExpectVersion(1)}},
		{batch(17), []es.CommandOption{es.CommandID("batch"), es.Actor("ada")}},
		{&ledgerv1.Attach{LedgerId: "a"}, []es.CommandOption{es.CommandID("attach")}},
		{&ledgerv1.CloseLedger{LedgerId: "a"}, []es.CommandOption{es.CommandID("close"), es.CorrelationID("r")}},
	}
	first := make([]es.Receipt, len(commands))
	for i, c := range commands {
		first[i] = e.do(c.c, c.opts...).Receipt
	}
	// By now the mode, the version or the precondition of each is against it.
	for _, view := range []*env{e, e.another()} {
		for i, c := range commands {
			res, err := view.execute(c.c, c.opts...)
			if err != nil {
				e.t.Fatalf("%T again: %v", c.c, err)
			}
			want := first[i]
			want.Duplicate = true
			if !sameReceipt(res.Receipt, want) || len(res.Events) > 0 {
				e.t.Errorf("%T again: %+v and %d events, want %+v and none", c.c, res.Receipt, len(res.Events), want)
			}
		}
	}
	e.check("a")
}

func sameReceipt(got, want es.Receipt) bool {
	if !got.Time.Equal(want.Time) {
		return false
	}
	got.Time = want.Time
	return got == want
}

func testNotDuplicates(e *env) {
	e.create("a")
	id := es.CommandID("c")
	for _, amount := range []int64{0, -1, 0} { // no event, a domain error, no event
		res, err := e.execute(post("a", amount), id)
		if amount < 0 {
			e.wantError(err, ledgerv1.ErrOverdrawn)
		} else if err != nil || res.Duplicate {
			e.t.Errorf("a command without events: %+v, %v", res.Receipt, err)
		}
	}
	_, err := e.execute(&ledgerv1.OpenLedger{LedgerId: "a"}, id)
	e.wantError(err, es.ErrExists)
	_, err = e.execute(post("a", 1), id, es.ExpectVersion(7))
	e.wantConflict(err, es.ConflictError{Aggregate: "ledger.v1.Ledger", AggregateID: "a", Expected: 7, Current: 1})
	if res := e.do(post("a", 5), id); res.Duplicate {
		e.t.Error("a command whose id led to nothing before is a duplicate")
	}
	e.check("a")
}

func testRacingDuplicates(e *env) {
	e.create("a")
	views := []*env{e, e.another()}
	var firsts atomic.Int64
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			res, err := views[i%2].execute(batch(3), es.CommandID("c"))
			if err != nil || res.First != 2 || res.Version != 4 {
				e.t.Errorf("receipt %+v, %v; want the versions 2 to 4", res.Receipt, err)
			}
			if !res.Duplicate {
				firsts.Add(1)
			}
		})
	}
	wg.Wait()
	if firsts.Load() != 1 {
		e.t.Errorf("%d of the commands were the first, want 1", firsts.Load())
	}
	e.wantVersion("a", 4)
}

func testCommandIDs(e *env) {
	e.create("a")
	_, err := e.execute(post("a", 1), es.CommandID(strings.Repeat("x", es.MaxCommandID+1)))
	e.wantError(err, es.ErrCommandIDTooLong)
	e.wantVersion("a", 1)
	longest := []string{strings.Repeat("x", es.MaxCommandID), strings.Repeat("é", es.MaxCommandID/2), "\x00", " "}
	for _, id := range longest {
		if res := e.do(post("a", 1), es.CommandID(id)); res.CommandID != id {
			e.t.Errorf("command id %q, want %q", res.CommandID, id)
		}
	}
	seen := make(map[string]bool)
	for range 20 {
		id := e.do(post("a", 1)).CommandID
		if id == "" || len(id) > es.MaxCommandID || seen[id] {
			e.t.Fatalf("the engine made the command id %q after %d others", id, len(seen))
		}
		seen[id] = true
		if res, err := e.execute(post("a", 1), es.CommandID(id)); err != nil || !res.Duplicate {
			e.t.Errorf("a command under the id that the engine made: %+v, %v; want a duplicate", res.Receipt, err)
		}
	}
	e.check("a")
}
