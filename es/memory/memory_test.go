package memory_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func post(amount int64) *ledgerv1.Post {
	return &ledgerv1.Post{LedgerId: "l", Entry: &ledgerv1.Entry{Amount: amount}}
}

// opened returns an engine with one ledger, "l".
func opened(t *testing.T) (*memory.Engine, *ledgerv1.LedgerAggregate) {
	t.Helper()
	engine := memory.New()
	t.Cleanup(func() { _ = engine.Close() })
	ledgers := ledgerv1.NewLedgerAggregate(engine, ledgerv1.Behavior{})
	if _, err := ledgers.OpenLedger(t.Context(), &ledgerv1.OpenLedger{LedgerId: "l"}); err != nil {
		t.Fatal(err)
	}
	return engine, ledgers
}

// wantVersion checks how many events are stored of a ledger, in every way.
func wantVersion(t *testing.T, ledgers *ledgerv1.LedgerAggregate, id string, want uint64) {
	t.Helper()
	rev, err := ledgers.Load(t.Context(), id)
	if err != nil || rev.Version != want {
		t.Errorf("version %d, %v; want %d", rev.Version, err, want)
	}
	n := uint64(0)
	for _, err := range ledgers.History(t.Context(), id) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != want {
		t.Errorf("%d events, want %d", n, want)
	}
}

// The clock of the machine is the default.
func TestNew_clock(t *testing.T) {
	t.Parallel()
	before := time.Now().Add(-time.Microsecond)
	_, ledgers := opened(t)
	rev, err := ledgers.Load(t.Context(), "l")
	if err != nil || rev.Time.Before(before) || rev.Time.After(time.Now()) {
		t.Errorf("time %s, %v; want one since %s", rev.Time, err, before)
	}
}

// Errors name the aggregate once, and errors.Is finds what they wrap.
func TestErrors(t *testing.T) {
	t.Parallel()
	_, ledgers := opened(t)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, load := ledgers.Load(t.Context(), "x")
	_, exists := ledgers.OpenLedger(t.Context(), &ledgerv1.OpenLedger{LedgerId: "l"})
	_, long := ledgers.Post(t.Context(), post(1), es.CommandID(strings.Repeat("x", 65)))
	_, cancelled := ledgers.Post(ended, post(1))
	_, overdrawn := ledgers.Post(t.Context(), post(-1))
	_, conflict := ledgers.Post(t.Context(), post(-1), es.ExpectVersion(9))
	var history, feed error
	for _, history = range ledgers.History(t.Context(), "x") {
	}
	for _, feed = range ledgers.Feed(ended, es.Start()) {
	}
	for _, tc := range []struct {
		err, is error
		text    string
	}{
		{load, es.ErrNotFound, `ledger.v1.Ledger "x": aggregate not found`},
		{history, es.ErrNotFound, `ledger.v1.Ledger "x": aggregate not found`},
		{exists, es.ErrExists, `ledger.v1.Ledger "l": aggregate exists`},
		{long, es.ErrCommandIDTooLong, `ledger.v1.Ledger "l": command id is longer than 64 bytes`},
		{cancelled, context.Canceled, `ledger.v1.Ledger "l": context canceled`},
		{feed, context.Canceled, `feed of ledger.v1.Ledger: context canceled`},
		{overdrawn, ledgerv1.ErrOverdrawn, "ledger would be overdrawn"},
		{conflict, conflict, `ledger.v1.Ledger "l" is at version 1, not 9`},
	} {
		if !errors.Is(tc.err, tc.is) || tc.err.Error() != tc.text {
			t.Errorf("error %q, want %q", tc.err, tc.text)
		}
	}
}

// A read model that kept its cursor while the log was lost has to hear of it.
func TestFeed_cursorOfAnotherLog(t *testing.T) {
	t.Parallel()
	_, ledgers := opened(t)
	for _, text := range []string{"0:1.1", "0:7"} {
		var cursor es.Cursor
		if err := cursor.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		for _, opts := range [][]es.FeedOption{nil, {es.Follow()}} {
			var last error
			for _, last = range ledgers.Feed(t.Context(), cursor, opts...) {
			}
			if last == nil || !strings.Contains(last.Error(), fmt.Sprintf("cursor %q lies behind the 1 events", text)) {
				t.Errorf("%s: error %v", text, last)
			}
		}
	}
	var end es.Cursor
	end.Advance(es.Position{})
	for ev, err := range ledgers.Feed(t.Context(), end) {
		t.Errorf("behind the last event: %+v, %v", ev, err)
	}
}

// Closing ends the loops that are going on.
func TestClose_endsLoops(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"history", "feed"} {
		engine, ledgers := opened(t)
		for range 3 {
			if _, err := ledgers.Post(t.Context(), post(1)); err != nil {
				t.Fatal(err)
			}
		}
		loop := ledgers.History(t.Context(), "l")
		if name == "feed" {
			loop = ledgers.Feed(t.Context(), es.Start())
		}
		events := 0
		var last error
		for _, last = range loop {
			if events++; last == nil {
				_ = engine.Close()
			}
		}
		if events != 2 || !errors.Is(last, es.ErrClosed) {
			t.Errorf("%s: %d events and the error %v, want one and %v", name, events-1, last, es.ErrClosed)
		}
	}
}

// panicking is a ledger that can be made to panic.
type panicking struct {
	ledgerv1.Behavior

	handle, apply *bool
}

func (p panicking) HandlePost(m es.Meta, s *ledgerv1.Ledger, c *ledgerv1.Post) ([]ledgerv1.PostOutcome, error) {
	if *p.handle {
		s.Balance = -1
		panic("handle")
	}
	return p.Behavior.HandlePost(m, s, c)
}

func (p panicking) ApplyPosted(m es.Meta, s *ledgerv1.Ledger, e *ledgerv1.Posted) {
	p.Behavior.ApplyPosted(m, s, e)
	if *p.apply && e.GetEntry().GetAmount() == 2 {
		panic("apply")
	}
}

// A panic reaches the caller, leaves the aggregate as it was, and unlocked.
func TestPanics(t *testing.T) {
	t.Parallel()
	engine, plain := opened(t)
	var handle, apply bool
	ledgers := ledgerv1.NewLedgerAggregate(engine, panicking{handle: &handle, apply: &apply})
	if _, err := ledgers.Post(t.Context(), post(10)); err != nil {
		t.Fatal(err)
	}
	want, err := ledgers.Load(t.Context(), "l")
	if err != nil {
		t.Fatal(err)
	}
	batch := &ledgerv1.PostBatch{LedgerId: "l", Entries: []*ledgerv1.Entry{{Amount: 1}, {Amount: 2}, {Amount: 3}}}
	for name, call := range map[string]func() error{
		"handle": func() error { _, err := ledgers.Post(t.Context(), post(1)); return err },
		"apply":  func() error { _, err := ledgers.PostBatch(t.Context(), batch); return err },
	} {
		handle, apply = name == "handle", name == "apply"
		func() {
			defer func() {
				if got := recover(); got != name {
					t.Errorf("%s: recovered %v", name, got)
				}
			}()
			t.Errorf("%s: no panic but %v", name, call())
		}()
		handle, apply = false, false
		wantVersion(t, ledgers, "l", 2)
		wantVersion(t, plain, "l", 2)
		got, err := ledgers.Load(t.Context(), "l")
		if err != nil || got.State.GetBalance() != 10 || got.State.GetDigest() != want.State.GetDigest() {
			t.Errorf("%s: %v, %v; want %v", name, got.State, err, want.State)
		}
	}
	if _, err := ledgers.PostBatch(t.Context(), batch); err != nil {
		t.Error(err)
	}
	wantVersion(t, plain, "l", 5)
}

// slow is a ledger whose Post waits.
type slow struct {
	ledgerv1.Behavior

	entered, leave chan struct{}
}

func (s slow) HandlePost(m es.Meta, l *ledgerv1.Ledger, c *ledgerv1.Post) ([]ledgerv1.PostOutcome, error) {
	close(s.entered)
	<-s.leave
	return s.Behavior.HandlePost(m, l, c)
}

// A command that is being decided holds up its own aggregate alone.
func TestParallelAggregates(t *testing.T) {
	t.Parallel()
	engine, ledgers := opened(t)
	s := slow{entered: make(chan struct{}), leave: make(chan struct{})}
	done := make(chan error)
	go func() {
		_, err := ledgerv1.NewLedgerAggregate(engine, s).Post(t.Context(), post(1))
		done <- err
	}()
	<-s.entered
	if _, err := ledgers.OpenLedger(t.Context(), &ledgerv1.OpenLedger{LedgerId: "m"}); err != nil {
		t.Error(err)
	}
	wantVersion(t, ledgers, "m", 1)
	for ev, err := range ledgers.Feed(t.Context(), es.Start()) {
		if err != nil || ev.Version != 1 {
			t.Errorf("%+v, %v", ev, err)
		}
	}
	waiting, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ledgers.Load(waiting, "l"); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	close(s.leave)
	if err := <-done; err != nil {
		t.Error(err)
	}
	wantVersion(t, ledgers, "l", 2)
}
