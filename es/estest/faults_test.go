package estest_test

import (
	"errors"
	"strconv"
	"testing"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/estest"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// faulty is a behaviour with one fault: a hook that is set replaces the method.
type faulty struct {
	ledgerv1.Behavior

	handlePost    func(s *ledgerv1.Ledger, c *ledgerv1.Post) ([]ledgerv1.PostOutcome, error)
	applyPosted   func(s *ledgerv1.Ledger, e *ledgerv1.Posted)
	applyAttached func(s *ledgerv1.Ledger, e *ledgerv1.Attached)
	upcast        func(e *ledgerv1.EntryMadeV2) *ledgerv1.Posted
}

func (b faulty) HandlePost(m es.Meta, s *ledgerv1.Ledger, c *ledgerv1.Post) ([]ledgerv1.PostOutcome, error) {
	if b.handlePost != nil {
		return b.handlePost(s, c)
	}
	return b.Behavior.HandlePost(m, s, c)
}

func (b faulty) ApplyPosted(m es.Meta, s *ledgerv1.Ledger, e *ledgerv1.Posted) {
	if b.applyPosted != nil {
		b.applyPosted(s, e)
		return
	}
	b.Behavior.ApplyPosted(m, s, e)
}

func (b faulty) ApplyAttached(m es.Meta, s *ledgerv1.Ledger, e *ledgerv1.Attached) {
	if b.applyAttached != nil {
		b.applyAttached(s, e)
		return
	}
	b.Behavior.ApplyAttached(m, s, e)
}

func (b faulty) UpcastEntryMadeV2(m es.Meta, e *ledgerv1.EntryMadeV2) *ledgerv1.Posted {
	if b.upcast != nil {
		return b.upcast(e)
	}
	return b.Behavior.UpcastEntryMadeV2(m, e)
}

func TestFaults_apply(t *testing.T) {
	t.Parallel()
	calls := 0
	for _, tc := range []struct {
		name  string
		fault faulty
		want  string
	}{
		{"keeps a message", faulty{applyPosted: func(s *ledgerv1.Ledger, e *ledgerv1.Posted) {
			s.Last = e.GetEntry()
		}}, "ApplyPosted keeps a reference to the event; copy what the state needs"},
		{"keeps bytes", faulty{applyAttached: func(s *ledgerv1.Ledger, e *ledgerv1.Attached) {
			s.Attachment = e.GetData()
		}}, "ApplyAttached keeps a reference to the event"},
		{"keeps the end of bytes", faulty{applyAttached: func(s *ledgerv1.Ledger, e *ledgerv1.Attached) {
			s.Attachment = e.GetData()[2:]
		}}, "ApplyAttached keeps a reference to the event"},
		{"is not deterministic", faulty{applyPosted: func(s *ledgerv1.Ledger, _ *ledgerv1.Posted) {
			calls++
			s.Balance = int64(calls)
		}}, "ApplyPosted is not deterministic (-first +second):\n  ledger.v1.Ledger {"},
		{"makes a state without a snapshot", faulty{applyPosted: func(s *ledgerv1.Ledger, _ *ledgerv1.Posted) {
			s.Owner = "\xff"
		}}, "ApplyPosted leaves a state that cannot be encoded"},
		{"upcast is not deterministic", faulty{upcast: func(*ledgerv1.EntryMadeV2) *ledgerv1.Posted {
			calls++
			return posted(int64(calls))
		}}, "UpcastEntryMadeV2 is not deterministic (-first +second):"},
	} {
		wantFailure(t, tc.want, func(tb testing.TB) {
			tb.Helper()
			k := estest.New(tb, ledgerv1.LedgerType(tc.fault))
			k.Given(open(), posted(1), &ledgerv1.Attached{Data: []byte("data")}, &ledgerv1.EntryMadeV2{Amount: 1})
			k.When(post(0))
			k.ThenNothing()
		})
	}
}

func TestFaults_handle(t *testing.T) {
	t.Parallel()
	calls := 0
	for _, tc := range []struct {
		name  string
		fault func(s *ledgerv1.Ledger, c *ledgerv1.Post) ([]ledgerv1.PostOutcome, error)
		want  string
	}{
		{"changes the state", func(s *ledgerv1.Ledger, _ *ledgerv1.Post) ([]ledgerv1.PostOutcome, error) {
			s.Balance += 100
			return nil, nil
		}, "HandlePost changes the state; it may only decide"},
		{"changes the state and refuses", func(s *ledgerv1.Ledger, _ *ledgerv1.Post) ([]ledgerv1.PostOutcome, error) {
			s.ByTag["x"]++
			return nil, errors.New("refused")
		}, "HandlePost changes the state"},
		{"changes the command", func(_ *ledgerv1.Ledger, c *ledgerv1.Post) ([]ledgerv1.PostOutcome, error) {
			c.Entry = nil
			return nil, nil
		}, "HandlePost changes the command"},
		{"decides otherwise", func(*ledgerv1.Ledger, *ledgerv1.Post) ([]ledgerv1.PostOutcome, error) {
			calls++
			return []ledgerv1.PostOutcome{posted(int64(calls))}, nil
		}, "HandlePost is not deterministic (-first +second decision"},
		{"refuses otherwise", func(*ledgerv1.Ledger, *ledgerv1.Post) ([]ledgerv1.PostOutcome, error) {
			calls++
			return nil, errors.New("call " + strconv.Itoa(calls))
		}, `HandlePost is not deterministic: it returned "call `},
		{"refuses once", func(*ledgerv1.Ledger, *ledgerv1.Post) ([]ledgerv1.PostOutcome, error) {
			if calls++; calls%2 == 0 {
				return nil, errors.New("odd")
			}
			return nil, nil
		}, "HandlePost is not deterministic: it returned"},
		{"shares memory", func(s *ledgerv1.Ledger, _ *ledgerv1.Post) ([]ledgerv1.PostOutcome, error) {
			return []ledgerv1.PostOutcome{&ledgerv1.Posted{Entry: s.GetLast()}}, nil
		}, "HandlePost returns an event that shares memory with the state"},
	} {
		wantFailure(t, tc.want, func(tb testing.TB) {
			tb.Helper()
			k := estest.New(tb, ledgerv1.LedgerType(faulty{handlePost: tc.fault}))
			k.Given(open(), posted(1))
			k.When(post(1))
			k.ThenNothing()
		})
	}
}
