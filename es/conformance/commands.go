package conformance

import (
	"errors"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// commands tests what becomes of one command.
func (s *suite) commands(t *testing.T) {
	s.test(t, "append their events", func(e *env) {
		e.create("a")
		e.do(post("a", 5), es.CommandID("c-1"), es.CorrelationID("r-1"), es.Actor("ada"))
		e.do(batch(25))
		e.do(&ledgerv1.Attach{LedgerId: "b", Data: []byte("x")})
		e.do(&ledgerv1.Attach{LedgerId: "b", Data: []byte("y")})
		e.do(&ledgerv1.CloseLedger{LedgerId: "b"})
		e.check("a")
		e.check("b")
	})
	s.test(t, "without events append nothing", func(e *env) {
		e.create("a")
		res := e.do(post("a", 0), es.CommandID("c-1"))
		if res.First != 2 || res.Version != 1 || res.Position != (es.Position{}) || res.Duplicate || res.CommandID != "c-1" {
			e.t.Errorf("receipt %+v, want the versions 2 to 1 and no position", res.Receipt)
		}
		e.check("a")
	})
	s.test(t, "respect their mode", testModes)
	s.test(t, "are refused by preconditions and by the domain", testRefusals)
	s.test(t, "are refused when malformed", testMalformed)
	s.test(t, "may only return events of the aggregate", testUndeclared)
	s.test(t, "get the envelope that is stored", testMeta)
	s.test(t, "leave nothing shared", testOwnership)
}

func testModes(e *env) {
	_, err := e.execute(post("a", 1))
	e.wantError(err, es.ErrNotFound)
	_, err = e.load("a")
	e.wantError(err, es.ErrNotFound)
	_, err = e.history("a")
	e.wantError(err, es.ErrNotFound)
	e.create("a")
	_, err = e.execute(&ledgerv1.OpenLedger{LedgerId: "a"})
	e.wantError(err, es.ErrExists)
	e.do(post("a", 1))
	e.do(&ledgerv1.Attach{LedgerId: "a"}) // an upsert: on one that exists,
	e.do(&ledgerv1.Attach{LedgerId: "b"}) // and on one that does not
	e.check("a")
	e.check("b")
}

func testRefusals(e *env) {
	e.create("a")
	_, err := e.execute(post("a", -1))
	e.wantError(err, ledgerv1.ErrOverdrawn)
	_, err = e.execute(&ledgerv1.PostBatch{LedgerId: "a", Entries: []*ledgerv1.Entry{{Amount: 1}, {Amount: -2}}})
	e.wantError(err, ledgerv1.ErrOverdrawn)
	e.check("a")

	e.do(&ledgerv1.CloseLedger{LedgerId: "a"})
	_, err = e.execute(post("a", 1))
	e.wantError(err, es.Precondition("LEDGER_CLOSED"))
	var failed *es.PreconditionError
	if !errors.As(err, &failed) || failed.Command != "ledger.v1.Post" || failed.AggregateID != "a" {
		e.t.Errorf("error %v, want a PreconditionError of ledger.v1.Post on a", err)
	}
	e.check("a")
}

func testMalformed(e *env) {
	_, err := e.execute(&ledgerv1.OpenLedger{})
	e.wantError(err, es.ErrEmptyID)
	_, err = e.execute((*ledgerv1.OpenLedger)(nil))
	e.wantError(err, es.ErrEmptyID)
	for _, c := range []proto.Message{nil, &emptypb.Empty{}, &ledgerv1.Posted{}} {
		_, _, err := e.store.Execute(e.ctx, c, es.CommandOptions{})
		if _, ok := errors.AsType[*es.InvalidCommandError](err); !ok {
			e.t.Errorf("%T: error %v, want an InvalidCommandError", c, err)
		}
	}
	if events := e.mustFeed(es.Start()); len(events) > 0 {
		e.t.Errorf("the log holds %d events, want none", len(events))
	}
}

// rogue is an aggregate whose handler returns what generated code would not
// compile.
type rogue struct {
	es.Aggregate

	events []proto.Message
}

func (r rogue) Handle(es.Meta, proto.Message, proto.Message) ([]proto.Message, error) {
	return r.events, nil
}

func testUndeclared(e *env) {
	e.create("a")
	good := &ledgerv1.Posted{Entry: &ledgerv1.Entry{Amount: 1}}
	for _, tc := range []struct {
		event proto.Message
		name  string
	}{
		{nil, "nil"},
		{(*ledgerv1.Posted)(nil), "nil"},
		{&emptypb.Empty{}, "google.protobuf.Empty"},
		{&ledgerv1.EntryMade{Amount: "1"}, "ledger.v1.EntryMade"}, // not emitted any more
	} {
		bad := e.bound(rogue{ledgerv1.LedgerType(ledgerv1.Behavior{}), []proto.Message{good, tc.event}})
		_, err := bad.execute(post("a", 1))
		var undeclared *es.UndeclaredEventError
		if !errors.As(err, &undeclared) || undeclared.Event != tc.name || undeclared.Command != "ledger.v1.Post" {
			e.t.Errorf("%T: error %v, want an UndeclaredEventError for %s", tc.event, err, tc.name)
		}
	}
	e.check("a")
	invalid := e.bound(rogue{
		ledgerv1.LedgerType(ledgerv1.Behavior{}),
		[]proto.Message{good, &ledgerv1.LedgerOpened{Owner: "not UTF-8: \xff"}},
	})
	if _, err := invalid.execute(post("a", 1)); err == nil {
		e.t.Error("an event that cannot be encoded was stored")
	}
	e.check("a")
}

// witness keeps the envelopes that a handler is given.
type witness struct {
	ledgerv1.Behavior

	mu   *sync.Mutex
	seen *[]es.Meta
}

func newWitness() witness { return witness{mu: &sync.Mutex{}, seen: &[]es.Meta{}} }

func (w witness) HandleAttach(m es.Meta, s *ledgerv1.Ledger, c *ledgerv1.Attach) ([]ledgerv1.AttachOutcome, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	*w.seen = append(*w.seen, m)
	return w.Behavior.HandleAttach(m, s, c)
}

func (w witness) last() es.Meta {
	w.mu.Lock()
	defer w.mu.Unlock()
	return (*w.seen)[len(*w.seen)-1]
}

func testMeta(e *env) {
	w := newWitness()
	seen := e.bound(ledgerv1.LedgerType(w))
	for _, opts := range [][]es.CommandOption{
		{},
		{es.CommandID("c-1"), es.CorrelationID("r-1"), es.Actor("ada")},
	} {
		res := seen.do(&ledgerv1.Attach{LedgerId: "a"}, opts...)
		o := es.NewCommandOptions(opts...)
		want := es.Meta{
			AggregateID: "a", Version: res.First - 1, Time: res.Time,
			CommandID: res.CommandID, CorrelationID: o.CorrelationID, Actor: o.Actor,
		}
		if got := w.last(); !sameMeta(got, want) {
			e.t.Errorf("the handler was given %+v, want %+v", got, want)
		}
		if res.Time.Truncate(time.Microsecond) != res.Time {
			e.t.Errorf("time %s is not in microseconds", res.Time)
		}
	}
	e.check("a")
}

// testOwnership changes everything that the engine gave away or was given.
func testOwnership(e *env) {
	e.create("a")
	c := &ledgerv1.Attach{LedgerId: "a", Data: []byte("mine")}
	res, err := e.execute(c)
	if err != nil {
		e.t.Fatal(err)
	}
	attached := &ledgerv1.Attached{Data: []byte("mine")}
	e.note(res.Receipt, es.CommandOptions{}, storedAs(attached)...)
	clear(c.GetData()) // the handler's event shares it
	proto.Reset(res.Events[0])
	rev, err := e.load("a")
	if err != nil {
		e.t.Fatal(err)
	}
	proto.Reset(rev.State)
	events, err := e.history("a")
	if err != nil {
		e.t.Fatal(err)
	}
	proto.Reset(events[1].Event)
	e.check("a")
	e.do(post("a", 1))
	e.check("a")
}
