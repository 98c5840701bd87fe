package conformance

import (
	"context"
	"errors"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

type (
	event    = es.Event[ledgerv1.LedgerEvent]
	result   = es.Result[ledgerv1.LedgerEvent]
	revision = es.Revision[*ledgerv1.Ledger]
)

// env is one test: an engine, a binding, and the journal of what its commands
// returned. Methods that end the test on failure are for its goroutine alone.
type env struct {
	t        *testing.T
	ctx      context.Context //nolint:containedctx // that of the test
	engine   es.Engine
	store    es.Store
	writer   *writer
	journals map[string][]event
}

func newEnv(t *testing.T, engine es.Engine) *env {
	t.Helper()
	return &env{
		t: t, ctx: t.Context(), engine: engine,
		store:    engine.Bind(ledgerv1.LedgerType(ledgerv1.Behavior{})),
		writer:   newWriter(engine),
		journals: make(map[string][]event),
	}
}

// bound returns a view on the same test through another binding.
func (e *env) bound(a es.Aggregate) *env {
	other := *e
	other.store = e.engine.Bind(a)
	return &other
}

// another returns a view on the same test through another binding of the same
// code, as another process would have it.
func (e *env) another() *env { return e.bound(ledgerv1.LedgerType(ledgerv1.Behavior{})) }

func (e *env) execute(c ledgerv1.LedgerCommand, opts ...es.CommandOption) (result, error) {
	return es.Execute[ledgerv1.LedgerEvent](e.ctx, e.store, c, opts)
}

// do executes a command that has to succeed, and notes its events.
func (e *env) do(c ledgerv1.LedgerCommand, opts ...es.CommandOption) result {
	e.t.Helper()
	res, err := e.execute(c, opts...)
	if err != nil {
		e.t.Fatalf("%T: %v", c, err)
	}
	e.note(res.Receipt, es.NewCommandOptions(opts...), storedAs(res.Events...)...)
	return res
}

// create opens a ledger.
func (e *env) create(id string) {
	e.t.Helper()
	e.do(&ledgerv1.OpenLedger{LedgerId: id, Owner: "ada"})
}

// append stores events that today's commands do not emit.
func (e *env) append(id string, events ...stored) es.Receipt {
	e.t.Helper()
	r, err := e.writer.append(e.ctx, id, events)
	if err != nil {
		e.t.Fatalf("appending to %q: %v", id, err)
	}
	e.note(r, es.CommandOptions{}, events...)
	return r
}

// note adds to the journal what the events of a command are read as.
func (e *env) note(r es.Receipt, o es.CommandOptions, events ...stored) {
	e.t.Helper()
	journal := e.journals[r.AggregateID]
	version := r.First
	for i, st := range events {
		pos := r.Position // that of the last event
		pos.Offset -= int64(len(events) - 1 - i)
		ev := event{Type: st.as, Position: pos, Meta: es.Meta{
			AggregateID: r.AggregateID, Version: version, Time: r.Time,
			CommandID: r.CommandID, CorrelationID: o.CorrelationID, Actor: o.Actor,
		}}
		for part, today := range st.today {
			ev.Event, ev.Position.Part = today, int32(part)
			journal = append(journal, ev)
		}
		version++
	}
	if version != r.Version+1 {
		e.t.Fatalf("%d events have the versions %d to %d", len(events), r.First, r.Version)
	}
	e.journals[r.AggregateID] = journal
}

func (e *env) load(id string, opts ...es.LoadOption) (revision, error) {
	return es.Load[*ledgerv1.Ledger](e.ctx, e.store, id, append(opts, es.Fresh()))
}

func (e *env) history(id string, opts ...es.HistoryOption) ([]event, error) {
	var events []event
	for ev, err := range es.History[ledgerv1.LedgerEvent](e.ctx, e.store, id, opts) {
		if err != nil {
			return events, err
		}
		events = append(events, ev)
	}
	return events, nil
}

func (e *env) feed(from es.Cursor) ([]event, error) {
	var events []event
	for ev, err := range es.Feed[ledgerv1.LedgerEvent](e.ctx, e.store, from, nil) {
		if err != nil {
			return events, err
		}
		events = append(events, ev)
	}
	return events, nil
}

func (e *env) mustFeed(from es.Cursor) []event {
	e.t.Helper()
	events, err := e.feed(from)
	if err != nil {
		e.t.Fatalf("feed from %q: %v", from, err)
	}
	return events
}

// check compares what the engine says of an aggregate with the journal.
func (e *env) check(id string) {
	e.t.Helper()
	journal := e.journals[id]
	got, err := e.history(id)
	if err != nil {
		e.t.Fatalf("history of %q: %v", id, err)
	}
	sameEvents(e.t, got, journal)
	rev, err := e.load(id)
	if err != nil {
		e.t.Fatalf("load %q: %v", id, err)
	}
	e.sameState(rev, journal)
}

// sameState checks that a revision is the fold of the given events.
func (e *env) sameState(got revision, events []event) {
	e.t.Helper()
	want := fold(ledgerv1.Behavior{}, events)
	if !proto.Equal(got.State, want.State) {
		e.t.Errorf("state of %q at version %d:\n got: %v\nwant: %v", got.AggregateID, got.Version, got.State, want.State)
	}
	if got.AggregateID != want.AggregateID || got.Version < want.Version || !got.Time.Equal(want.Time) && got.Version == want.Version {
		e.t.Errorf("revision %q %d %s, want %q %d %s",
			got.AggregateID, got.Version, got.Time, want.AggregateID, want.Version, want.Time)
	}
}

// fold returns the state after the events, by nothing but the behaviour.
func fold(b ledgerv1.LedgerBehavior, events []event) revision {
	a, rev := ledgerv1.LedgerType(b), revision{State: &ledgerv1.Ledger{}}
	for _, ev := range events {
		a.Apply(ev.Meta, rev.State, ev.Event)
		rev.AggregateID, rev.Version, rev.Time = ev.AggregateID, ev.Version, ev.Time
	}
	return rev
}

// wantError checks that an error is the target, and is one that errors.Is finds.
func (e *env) wantError(err, target error) {
	e.t.Helper()
	if !errors.Is(err, target) {
		e.t.Errorf("error %v, want one that is %v", err, target)
	}
}

// wantVersion checks the version of an aggregate; 0 is that of none.
func (e *env) wantVersion(id string, want uint64) {
	e.t.Helper()
	rev, err := e.load(id)
	if want == 0 {
		e.wantError(err, es.ErrNotFound)
		return
	}
	if err != nil || rev.Version != want {
		e.t.Errorf("%q is at version %d (%v), want %d", id, rev.Version, err, want)
	}
}

// sameEvents compares events with their envelopes.
func sameEvents(t *testing.T, got, want []event) {
	t.Helper()
	for i := range min(len(got), len(want)) {
		g, w := got[i], want[i] //nolint:gosec // i is below both lengths
		if g.Type != w.Type || g.Position != w.Position || !sameMeta(g.Meta, w.Meta) || !proto.Equal(g.Event, w.Event) {
			t.Fatalf("event %d of %d:\n got: %s %+v at %s %v\nwant: %s %+v at %s %v", i+1, len(got),
				g.Type, g.Meta, g.Position, g.Event, w.Type, w.Meta, w.Position, w.Event)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%d events, want %d", len(got), len(want))
	}
}

// sameMeta compares envelopes: times as instants, which have to be in UTC.
func sameMeta(got, want es.Meta) bool {
	if !got.Time.Equal(want.Time) || got.Time.Location() != time.UTC {
		return false
	}
	got.Time = want.Time
	return got == want
}

func post(id string, amount int64) *ledgerv1.Post {
	return &ledgerv1.Post{LedgerId: id, Entry: &ledgerv1.Entry{Amount: amount}}
}

// batch returns a command with n events, for the ledger "a".
func batch(n int) *ledgerv1.PostBatch {
	c := &ledgerv1.PostBatch{LedgerId: "a"}
	for i := range n {
		c.Entries = append(c.Entries, &ledgerv1.Entry{Amount: int64(i)})
	}
	return c
}
