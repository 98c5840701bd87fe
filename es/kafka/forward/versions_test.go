package forward_test

import (
	"errors"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// another is the ledger of another version of the code, which emits some event
// under a name.
type another struct {
	es.Aggregate

	emits string
}

func (a another) TypeOf(proto.Message) string { return a.emits }

// answered executes a command at an owner whose code emits an event.
func answered(t *testing.T, emits string, event proto.Message) (es.Receipt, []proto.Message, error) {
	t.Helper()
	receipt := es.Receipt{
		AggregateID: "a", CommandID: "c", First: 7, Version: 8, Time: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC),
		Position: es.Position{Partition: 2, Offset: 70},
	}
	store := answers{receipt: receipt, events: []proto.Message{event, event}}
	url := serve(t, newHandler(t, local{another{ledger(), emits}, store}))
	return newClient(t).Execute(t.Context(), url, ledger(), post(1), es.CommandOptions{CommandID: "c", Actor: "ada"})
}

// TestOlderOwner emits what the caller's code upcasts.
func TestOlderOwner(t *testing.T) {
	t.Parallel()
	posted := &ledgerv1.Posted{Entry: &ledgerv1.Entry{Amount: 5}}
	for emits, tc := range map[string]struct {
		event proto.Message
		want  []proto.Message
	}{
		"ledger.v1.EntryMade": {&ledgerv1.EntryMade{Amount: "5"}, []proto.Message{posted, posted}},
		"ledger.v1.Booked":    {posted, []proto.Message{posted, posted}},
		"ledger.v1.Audited":   {&ledgerv1.Audited{}, nil},
	} {
		receipt, events, err := answered(t, emits, tc.event)
		if err != nil || receipt.First != 7 || receipt.Version != 8 || len(events) != len(tc.want) {
			t.Errorf("%s: %+v, %v, %v", emits, receipt, events, err)
		}
		for i := range events {
			if !proto.Equal(events[i], tc.want[i]) {
				t.Errorf("%s: event %d is %v, want %v", emits, i, events[i], tc.want[i])
			}
		}
	}
}

// TestNewerOwner emits what the caller's code does not know. The command was
// executed all the same, and the error says which event it is about.
func TestNewerOwner(t *testing.T) {
	t.Parallel()
	_, _, err := answered(t, "ledger.v1.Merged", wrapperspb.String("x"))
	wantUnknown(t, err)
	unknown, ok := errors.AsType[*es.UnknownEventError](err)
	if !ok || unknown.Type != "ledger.v1.Merged" || unknown.Meta.Version != 7 || unknown.Meta.Actor != "ada" ||
		unknown.Position != (es.Position{Partition: 2, Offset: 69}) {
		t.Errorf("error %+v, want an UnknownEventError of the first event", unknown)
	}
	_, _, err = answered(t, "ledger.v1.Posted", wrapperspb.String("\x0f"))
	wantUnknown(t, err)
	if _, ok := errors.AsType[*es.CorruptEventError](err); !ok {
		t.Errorf("error %v, want a CorruptEventError", err)
	}
}

// TestOtherState does not take a state from other code.
func TestOtherState(t *testing.T) {
	t.Parallel()
	h, _ := service(t)
	url := serve(t, h)
	c := newClient(t)
	for _, change := range []func(*es.Spec){
		func(s *es.Spec) { s.Fingerprint = "other" },
		func(s *es.Spec) { s.StateVersion++ },
	} {
		spec := *ledger().Spec()
		change(&spec)
		_, err := c.Load(t.Context(), url, respecified{ledger(), &spec}, "a", es.ReadOptions{})
		wantUndelivered(t, err)
	}
	rev, err := c.Load(t.Context(), url, ledger(), "a", es.ReadOptions{})
	if err != nil || rev.AggregateID != "a" || rev.Version != 1 || rev.Time.Location() != time.UTC ||
		rev.State.(*ledgerv1.Ledger).GetId() != "a" {
		t.Errorf("%+v, %v", rev, err)
	}
}

type respecified struct {
	es.Aggregate

	spec *es.Spec
}

func (r respecified) Spec() *es.Spec { return r.spec }

// TestUnencodable executes a command whose events, and loads a state, which
// cannot be encoded.
func TestUnencodable(t *testing.T) {
	t.Parallel()
	_, _, err := answered(t, "ledger.v1.LedgerOpened", &ledgerv1.LedgerOpened{Owner: "\xff"})
	wantUnknown(t, err)
	state := es.Revision[proto.Message]{AggregateID: "a", Version: 1, State: &ledgerv1.Ledger{Owner: "\xff"}}
	url := serve(t, newHandler(t, local{ledger(), answers{revision: state}}))
	wantUnanswered(t, load(t.Context(), newClient(t), url))
}
