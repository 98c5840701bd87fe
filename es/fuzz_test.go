package es_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// FuzzRecord reads a stored event of any name, bytes and envelope, in every way
// there is, before and behind another event.
func FuzzRecord(f *testing.F) {
	for _, m := range []proto.Message{
		&ledgerv1.LedgerOpened{Owner: "ada"}, posted(5), &ledgerv1.Attached{Data: []byte("x")}, &ledgerv1.LedgerClosed{},
		&ledgerv1.EntryMade{Amount: "5"}, &ledgerv1.EntryMade{Amount: "x"}, &ledgerv1.EntryMadeV2{Amount: 5},
		batchMade(), batchMade(1, 2, 3), &ledgerv1.Audited{Auditor: "ada"},
	} {
		r := record(f, m)
		f.Add(r.Type, r.Data, "l", "c", uint64(1), int64(0), int32(0), int64(7), int32(0))
	}
	f.Add("ledger.v1.Booked", []byte{0x0a, 0xff}, "", "", uint64(1<<63), int64(-1<<62), int32(-1), int64(-1), int32(1))
	f.Add("", []byte(nil), "\xff", "\x00", uint64(0), int64(1<<40), int32(1<<30), int64(1<<62), int32(-1))
	f.Add("ledger.v1.Ledger", []byte("\x08\x01"), "l", "", uint64(2), int64(1), int32(3), int64(4), int32(5))
	f.Fuzz(func(t *testing.T, name string, data []byte, id, command string, version uint64, seconds int64, partition int32, offset int64, from int32) {
		r := es.Record{
			Meta: es.Meta{
				AggregateID: id, CommandID: command, CorrelationID: command, Actor: id,
				Version: version, Time: time.Unix(seconds, seconds).UTC(),
			},
			Type: name, Data: data, Position: es.Position{Partition: partition, Offset: offset},
		}
		kept := slices.Clone(data)
		events, err := decode(t, r)
		checkReplay(t, r, &ledgerv1.Ledger{}, events, err)
		checkReplay(t, r, &ledgerv1.Ledger{Owner: "ada", Balance: 3, ByTag: map[string]int64{"": 3}}, events, err)
		checkYield(t, r, from, events, err)
		if !slices.Equal(data, kept) {
			t.Error("the stored bytes were changed")
		}
	})
}

// decode returns what a record decodes to, having checked that it is the same
// each time, and that an error is one of the two that are documented.
func decode(t *testing.T, r es.Record) ([]proto.Message, error) {
	t.Helper()
	first, rest, err := r.Decode(ledger())
	if first != nil && (rest != nil || err != nil) || err != nil && rest != nil {
		t.Fatalf("decoded %v and %v with error %v", first, rest, err)
	}
	events := rest
	if first != nil {
		events = []proto.Message{first}
	}
	again, restAgain, errAgain := r.Decode(ledger())
	if again != nil {
		restAgain = []proto.Message{again}
	}
	if !slices.EqualFunc(events, restAgain, proto.Equal) || (err == nil) != (errAgain == nil) {
		t.Errorf("decoded %v, %v and then %v, %v", events, err, restAgain, errAgain)
	}
	for _, e := range events {
		if a, ok := e.(ledgerv1.LedgerEvent); !ok || !a.ProtoReflect().IsValid() {
			t.Errorf("decoded %T, which is not an event of today", e)
		}
	}
	if err != nil {
		checkError(t, r, err)
	}
	return events, err
}

// checkError holds an error to being one of the two that are documented, and
// about this record.
func checkError(t *testing.T, r es.Record, err error) {
	t.Helper()
	known, _ := ledger().New(r.Type)
	var unknown *es.UnknownEventError
	var corrupt *es.CorruptEventError
	switch {
	case errors.As(err, &unknown):
		want := es.UnknownEventError{Aggregate: "ledger.v1.Ledger", Meta: r.Meta, Type: r.Type, Position: r.Position}
		if known != nil || *unknown != want {
			t.Errorf("error %+v, want %+v", *unknown, want)
		}
	case errors.As(err, &corrupt):
		want := es.CorruptEventError{Aggregate: "ledger.v1.Ledger", Meta: r.Meta, Type: r.Type, Position: r.Position, Err: corrupt.Err}
		if known == nil || corrupt.Err == nil || *corrupt != want {
			t.Errorf("error %+v, want %+v", *corrupt, want)
		}
	default:
		t.Errorf("error %T: %v", err, err)
	}
	if err.Error() == "" {
		t.Error("the error has no text")
	}
}

// checkReplay holds Replay to what Decode returned: the same events applied, or
// the same error and a state as it was.
func checkReplay(t *testing.T, r es.Record, state *ledgerv1.Ledger, events []proto.Message, failed error) {
	t.Helper()
	want := proto.CloneOf(state)
	for _, e := range events {
		if !ledger().Apply(r.Meta, want, e) {
			t.Fatalf("%T is not applied", e)
		}
	}
	err := r.Replay(ledger(), state)
	if (err == nil) != (failed == nil) || err != nil && err.Error() != failed.Error() {
		t.Errorf("replay: error %v, want %v", err, failed)
	}
	if !proto.Equal(state, want) {
		t.Errorf("replay led to %v, want %v", state, want)
	}
}

// checkYield holds Yield to what Decode returned: the same events from a part
// on, or the same error once.
func checkYield(t *testing.T, r es.Record, from int32, events []proto.Message, failed error) {
	t.Helper()
	start := min(max(int(from), 0), len(events))
	if failed != nil {
		start, events = 0, []proto.Message{nil}
	}
	next := start
	goOn := r.Yield(ledger(), from, func(ev es.Event[proto.Message], err error) bool {
		if next >= len(events) {
			t.Fatalf("event %v, error %v after the last", ev, err)
		}
		want := r.Position
		want.Part = int32(next)
		if ev.Position != want || ev.Meta != r.Meta || ev.Type != r.Type || !proto.Equal(ev.Event, events[next]) {
			t.Errorf("got %+v, want %v at %v", ev, events[next], want)
		}
		if (err == nil) != (failed == nil) || err != nil && err.Error() != failed.Error() {
			t.Errorf("error %v, want %v", err, failed)
		}
		next++
		return true
	})
	if goOn != (failed == nil) || next != len(events) {
		t.Errorf("%d of %d events, goes on: %v", next, len(events), goOn)
	}
}
