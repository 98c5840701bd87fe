package estest_test

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/estest"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

func kit(tb testing.TB) *estest.Kit {
	tb.Helper()
	return estest.New(tb, ledgerv1.LedgerType(ledgerv1.Behavior{}))
}

func entry(amount int64) *ledgerv1.Entry { return &ledgerv1.Entry{Amount: amount} }

func open() *ledgerv1.LedgerOpened         { return &ledgerv1.LedgerOpened{Owner: "ada"} }
func posted(amount int64) *ledgerv1.Posted { return &ledgerv1.Posted{Entry: entry(amount)} }
func post(amount int64) *ledgerv1.Post {
	return &ledgerv1.Post{LedgerId: "l", Entry: entry(amount)}
}

func TestThen(t *testing.T) {
	t.Parallel()
	k := kit(t)
	k.When(&ledgerv1.OpenLedger{LedgerId: "l", Owner: "ada"})
	k.Then(open())
	k.When(post(5))
	k.Then(posted(5))
	k.When(post(0))
	k.ThenNothing()
	k.When(post(-6))
	k.ThenError(ledgerv1.ErrOverdrawn)
	k.Given(&ledgerv1.LedgerClosed{})
	k.When(post(1))
	k.ThenError(es.Precondition("LEDGER_CLOSED"))
}

func TestThenError_asAnEngine(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		given []proto.Message
		when  proto.Message
		opt   es.CommandOption
		want  error
	}{
		"not found": {when: post(1), want: es.ErrNotFound},
		"exists":    {given: []proto.Message{open()}, when: &ledgerv1.OpenLedger{LedgerId: "l"}, want: es.ErrExists},
		"empty id":  {when: &ledgerv1.OpenLedger{}, want: es.ErrEmptyID},
		"long command id": {
			when: &ledgerv1.Attach{LedgerId: "l"},
			opt:  es.CommandID(strings.Repeat("x", es.MaxCommandID+1)), want: es.ErrCommandIDTooLong,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := kit(t)
			k.Given(tc.given...)
			if tc.opt != nil {
				k.When(tc.when, tc.opt)
			} else {
				k.When(tc.when)
			}
			k.ThenError(tc.want)
		})
	}
}

// sentinel finds a type in a chain of errors, for ThenError.
type sentinel[T error] struct{}

func (sentinel[T]) Error() string { return "an error of the type" }

func TestThenError_types(t *testing.T) {
	t.Parallel()
	k := kit(t)
	k.Given(open())
	k.When(post(1), es.ExpectVersion(1))
	k.Then(posted(1))
	failures := record(func(tb testing.TB) {
		tb.Helper()
		k := kit(tb)
		k.Given(open())
		k.When(post(1), es.ExpectVersion(0))
		k.ThenError(sentinel[*es.ConflictError]{})
	})
	if len(failures) != 1 || !strings.Contains(failures[0], `ledger.v1.Ledger "l" is at version 1, not 0`) {
		t.Errorf("failures: %q", failures)
	}
	wantFailure(t, "google.protobuf.Empty on \"\" is invalid: not a command of ledger.v1.Ledger", func(tb testing.TB) {
		tb.Helper()
		k := kit(tb)
		k.When(&emptypb.Empty{})
		k.ThenError(es.ErrNotFound)
	})
}

func TestGiven_oldEvents(t *testing.T) {
	t.Parallel()
	k := kit(t)
	k.Given(open(), &ledgerv1.EntryMade{Amount: "5"}, &ledgerv1.Audited{},
		&ledgerv1.BatchMade{Entries: []*ledgerv1.Entry{entry(1), entry(2)}})
	k.When(post(-8))
	k.Then(posted(-8))
}

// metas keeps the envelopes that a behaviour is given.
type metas struct {
	ledgerv1.Behavior

	handled, applied *[]es.Meta
}

func (b metas) HandleAttach(m es.Meta, s *ledgerv1.Ledger, c *ledgerv1.Attach) ([]ledgerv1.AttachOutcome, error) {
	*b.handled = append(*b.handled, m)
	return b.Behavior.HandleAttach(m, s, c)
}

func (b metas) ApplyLedgerOpened(m es.Meta, s *ledgerv1.Ledger, e *ledgerv1.LedgerOpened) {
	*b.applied = append(*b.applied, m)
	b.Behavior.ApplyLedgerOpened(m, s, e)
}

func TestMeta(t *testing.T) {
	t.Parallel()
	noon := estest.Epoch().Add(12 * time.Hour)
	var handled, applied []es.Meta
	k := estest.New(t, ledgerv1.LedgerType(metas{handled: &handled, applied: &applied}))
	k.GivenAt(noon, open())
	k.Given(posted(1)) // not before noon
	attach := &ledgerv1.Attach{LedgerId: "l", Data: []byte("x")}
	k.When(attach) // not before noon
	k.Then(&ledgerv1.Attached{Data: []byte("x")})
	k.WhenAt(noon.Add(time.Hour), attach, es.CommandID("c"), es.CorrelationID("r"), es.Actor("ada"))
	k.Then(&ledgerv1.Attached{Data: []byte("x")})

	want := es.Meta{AggregateID: "l", Version: 1, Time: noon, CommandID: "given-1"}
	for _, got := range applied {
		if got != want {
			t.Errorf("applied %+v, want %+v", got, want)
		}
	}
	want = es.Meta{AggregateID: "l", Version: 2, Time: noon, CommandID: "command-1"}
	if handled[0] != want {
		t.Errorf("handled %+v, want %+v", handled[0], want)
	}
	want = es.Meta{
		AggregateID: "l", Version: 3, Time: noon.Add(time.Hour),
		CommandID: "c", CorrelationID: "r", Actor: "ada",
	}
	if last := handled[len(handled)-1]; last != want {
		t.Errorf("handled %+v, want %+v", last, want)
	}
}

func TestThenState(t *testing.T) {
	t.Parallel()
	opened := func(id string) *ledgerv1.Ledger {
		want := &ledgerv1.Ledger{}
		ledgerv1.Behavior{}.ApplyLedgerOpened(
			es.Meta{AggregateID: id, Version: 1, Time: estest.Epoch(), CommandID: "given-1"}, want, open())
		return want
	}
	k := kit(t)
	k.ThenState(&ledgerv1.Ledger{})
	k.Given(open())
	k.ThenState(opened(estest.DefaultID))

	k = kit(t)
	k.Given(open())
	k.When(post(0))
	k.ThenState(opened("l"))
	k.When(post(-1))
	k.ThenError(ledgerv1.ErrOverdrawn)
	k.ThenState(opened("l"))
}
