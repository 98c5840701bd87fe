package es_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// record returns a stored event at version 4, position 1:30.
func record(tb testing.TB, e proto.Message) *es.Record {
	tb.Helper()
	data, err := proto.Marshal(e)
	if err != nil {
		tb.Fatal(err)
	}
	return &es.Record{
		Meta: es.Meta{AggregateID: "l", Version: 4, CommandID: "c"},
		Type: string(e.ProtoReflect().Descriptor().FullName()), Data: data,
		Position: es.Position{Partition: 1, Offset: 30},
	}
}

func posted(amount int64) *ledgerv1.Posted {
	return &ledgerv1.Posted{Entry: &ledgerv1.Entry{Amount: amount}}
}

func batchMade(amounts ...int64) *ledgerv1.BatchMade {
	b := &ledgerv1.BatchMade{}
	for _, n := range amounts {
		b.Entries = append(b.Entries, &ledgerv1.Entry{Amount: n})
	}
	return b
}

func ledger() es.Aggregate { return ledgerv1.LedgerType(ledgerv1.Behavior{}) }

func TestRecord_Decode(t *testing.T) {
	t.Parallel()
	alias := record(t, posted(5))
	alias.Type = "ledger.v1.Booked"
	for _, tc := range []struct {
		name  string
		r     *es.Record
		first proto.Message
		rest  []proto.Message
	}{
		{"today's", record(t, posted(5)), posted(5), nil},
		{"without payload", record(t, &ledgerv1.LedgerClosed{}), &ledgerv1.LedgerClosed{}, nil},
		{"alias", alias, posted(5), nil},
		{"chain", record(t, &ledgerv1.EntryMade{Amount: "5"}), nil, []proto.Message{posted(5)}},
		{"many", record(t, batchMade(1, 2)), nil, []proto.Message{posted(1), posted(2)}},
		{"none", record(t, batchMade()), nil, nil},
		{"retired", record(t, &ledgerv1.Audited{Auditor: "ada"}), nil, nil},
	} {
		first, rest, err := tc.r.Decode(ledger())
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
		if (first == nil) != (tc.first == nil) || first != nil && !proto.Equal(first, tc.first) {
			t.Errorf("%s: first %v, want %v", tc.name, first, tc.first)
		}
		if !slices.EqualFunc(rest, tc.rest, proto.Equal) {
			t.Errorf("%s: rest %v, want %v", tc.name, rest, tc.rest)
		}
	}
}

func TestRecord_Decode_unknown(t *testing.T) {
	t.Parallel()
	r := record(t, posted(5))
	r.Type = "ledger.v1.Merged"
	_, _, err := r.Decode(ledger())
	var unknown *es.UnknownEventError
	if !errors.As(err, &unknown) {
		t.Fatalf("error %v", err)
	}
	want := es.UnknownEventError{Aggregate: "ledger.v1.Ledger", Meta: r.Meta, Type: "ledger.v1.Merged", Position: r.Position}
	if *unknown != want {
		t.Errorf("error %+v, want %+v", *unknown, want)
	}
}

// upcasting is an aggregate whose Upcast methods return what they like.
type upcasting struct {
	es.Aggregate

	events []proto.Message
	err    error
}

func (u upcasting) Upcast(es.Meta, proto.Message) ([]proto.Message, error) { return u.events, u.err }

func TestRecord_Decode_corrupt(t *testing.T) {
	t.Parallel()
	garbage := record(t, posted(5))
	garbage.Data = []byte{0x0a, 0xff}
	cause := errors.New("no upcast")
	for _, tc := range []struct {
		name string
		r    *es.Record
		a    es.Aggregate
		want string
	}{
		{"bytes", garbage, ledger(), "proto:"},
		{"nil upcast", record(t, &ledgerv1.EntryMade{Amount: "x"}), ledger(), "the Upcast method returned nil: return an event"},
		{"failing upcast", record(t, batchMade(1)), upcasting{ledger(), nil, cause}, "no upcast"},
		{
			"nil element", record(t, batchMade(1)),
			upcasting{ledger(), []proto.Message{posted(1), nil}, nil},
			"returned nil as event 2 of 2: leave it out",
		},
		{
			"typed nil element", record(t, batchMade(1)),
			upcasting{ledger(), []proto.Message{(*ledgerv1.Posted)(nil), posted(1)}, nil},
			"returned nil as event 1 of 2",
		},
	} {
		first, rest, err := tc.r.Decode(tc.a)
		var corrupt *es.CorruptEventError
		if !errors.As(err, &corrupt) || !strings.Contains(err.Error(), tc.want) || first != nil || rest != nil {
			t.Errorf("%s: %v, %v, error %v; want a CorruptEventError with %q", tc.name, first, rest, err, tc.want)
			continue
		}
		if corrupt.Meta != tc.r.Meta || corrupt.Position != tc.r.Position || corrupt.Type != tc.r.Type || corrupt.Aggregate != "ledger.v1.Ledger" {
			t.Errorf("%s: the error is about %+v", tc.name, corrupt)
		}
		state := &ledgerv1.Ledger{Owner: "ada"}
		if again := tc.r.Replay(tc.a, state); again == nil || again.Error() != err.Error() {
			t.Errorf("%s: replay: %v, want %v", tc.name, again, err)
		}
		if !proto.Equal(state, &ledgerv1.Ledger{Owner: "ada"}) {
			t.Errorf("%s: replay changed the state to %v", tc.name, state)
		}
	}
}

func TestRecord_Replay(t *testing.T) {
	t.Parallel()
	for _, r := range []*es.Record{record(t, posted(6)), record(t, batchMade(1, 2, 3)), record(t, &ledgerv1.EntryMadeV2{Amount: 6})} {
		state := &ledgerv1.Ledger{}
		if err := r.Replay(ledger(), state); err != nil || state.GetBalance() != 6 {
			t.Errorf("%s: balance %d, %v; want 6", r.Type, state.GetBalance(), err)
		}
	}
}

// deaf is an aggregate that applies nothing.
type deaf struct{ es.Aggregate }

func (deaf) Apply(es.Meta, proto.Message, proto.Message) bool { return false }

func TestRecord_Replay_notApplied(t *testing.T) {
	t.Parallel()
	for _, e := range []proto.Message{posted(1), batchMade(1)} {
		err := record(t, e).Replay(deaf{ledger()}, &ledgerv1.Ledger{})
		var corrupt *es.CorruptEventError
		if !errors.As(err, &corrupt) || !strings.Contains(err.Error(), "ledger.v1.Posted is not an event that the aggregate applies") {
			t.Errorf("%T: error %v", e, err)
		}
	}
}

func TestRecord_Yield(t *testing.T) {
	t.Parallel()
	today, many := record(t, posted(1)), record(t, batchMade(1, 2, 3))
	for _, tc := range []struct {
		name  string
		r     *es.Record
		from  int32
		stop  int // the event that the reader stops at
		parts []int32
		goOn  bool
	}{
		{"today's", today, 0, 9, []int32{0}, true},
		{"today's, read before", today, 1, 9, nil, true},
		{"today's, stopped", today, 0, 1, []int32{0}, false},
		{"parts", many, 0, 9, []int32{0, 1, 2}, true},
		{"parts from the second on", many, 1, 9, []int32{1, 2}, true},
		{"parts, all read before", many, 3, 9, nil, true},
		{"parts, stopped", many, 1, 1, []int32{1}, false},
		{"retired", record(t, &ledgerv1.Audited{}), 0, 9, nil, true},
	} {
		var parts []int32
		goOn := tc.r.Yield(ledger(), tc.from, func(ev es.Event[proto.Message], err error) bool {
			want := tc.r.Position
			want.Part = ev.Position.Part
			if err != nil || ev.Meta != tc.r.Meta || ev.Type != tc.r.Type || ev.Position != want {
				t.Errorf("%s: %+v, %v", tc.name, ev, err)
			}
			if amount := ev.Event.(*ledgerv1.Posted).GetEntry().GetAmount(); amount != int64(want.Part)+1 {
				t.Errorf("%s: part %d has the amount %d", tc.name, want.Part, amount)
			}
			parts = append(parts, ev.Position.Part)
			return len(parts) < tc.stop
		})
		if goOn != tc.goOn || !slices.Equal(parts, tc.parts) {
			t.Errorf("%s: parts %v and %v, want %v and %v", tc.name, parts, goOn, tc.parts, tc.goOn)
		}
	}
}

func TestRecord_Yield_error(t *testing.T) {
	t.Parallel()
	r := record(t, posted(1))
	r.Type = "ledger.v1.Merged"
	calls := 0
	goOn := r.Yield(ledger(), 0, func(ev es.Event[proto.Message], err error) bool {
		calls++
		var unknown *es.UnknownEventError
		if !errors.As(err, &unknown) || ev.Event != nil || ev.Type != r.Type || ev.Position != r.Position {
			t.Errorf("%+v, %v", ev, err)
		}
		return true
	})
	if goOn || calls != 1 {
		t.Errorf("%d calls, goes on: %v; want one and false", calls, goOn)
	}
}
