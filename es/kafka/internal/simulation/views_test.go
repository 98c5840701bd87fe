package simulation

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// TestSlowView reads a feed that takes longer for each event than anything in
// the engine may last.
func TestSlowView(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		p := c.start(t)
		for i := range 10 {
			p.must(t, attachBytes(), fmt.Sprint(i))
		}
		next := uint64(1)
		for ev, err := range p.engine.Reader(ledgerType()).Feed(t.Context(), es.Start(), es.FeedOptions{}) {
			if err != nil || ev.Version != next {
				t.Fatalf("version %d, %v, want version %d", ev.Version, err, next)
			}
			next++
			time.Sleep(10 * time.Second)
			if next == 5 {
				p.must(t, attachBytes(), "meanwhile")
			}
		}
		if next != 12 {
			t.Errorf("the feed ended before version %d, want all 11 that there were when it began", next)
		}
	})
}

// TestViewCrash lets a view crash after it stored a row, and before it stored
// its cursor. It gets the same event once more, and knows it by its position.
func TestViewCrash(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		p := c.start(t)
		for i := range 5 {
			p.must(t, attachBytes(), fmt.Sprint(i))
		}
		var rows []es.Position
		var stored es.Cursor
		for ev, err := range p.engine.Reader(ledgerType()).Feed(t.Context(), stored, es.FeedOptions{}) {
			if err != nil {
				t.Fatal(err)
			}
			if rows = append(rows, ev.Position); len(rows) == 3 {
				break // between the row and its cursor
			}
			stored.Advance(ev.Position)
		}
		again := p.engine.Reader(ledgerType()).Feed(t.Context(), stored, es.FeedOptions{})
		for ev, err := range again {
			if err != nil {
				t.Fatal(err)
			}
			if rows = append(rows, ev.Position); len(rows) == 4 && rows[3] != rows[2] {
				t.Errorf("after the crash the view sees %s, want %s once more", rows[3], rows[2])
			}
		}
		if len(rows) != 7 {
			t.Errorf("%d rows, want one for each of 6 events and one twice", len(rows))
		}
	})
}

// repaired is the ledger with an Upcast method that can read everything.
type repaired struct{ ledgerv1.Behavior }

// UpcastEntryMade implements [ledgerv1.LedgerUpcasts].
func (repaired) UpcastEntryMade(es.Meta, *ledgerv1.EntryMade) *ledgerv1.EntryMadeV2 {
	return &ledgerv1.EntryMadeV2{Amount: 7}
}

// TestPoisonEvent stores an event that the code cannot read. The feed stops
// there with an error that says where, never skips it, and goes on from the
// same cursor when the code is repaired. Other aggregates are not concerned.
func TestPoisonEvent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		p := c.start(t)
		p.must(t, openLedger(), "open")
		p.stop()
		poison := foreignEvent(2)
		var err error
		if poison.Data, err = proto.Marshal(&ledgerv1.EntryMade{Amount: "many"}); err != nil {
			t.Fatal(err)
		}
		poison.Type = "ledger.v1.EntryMade"
		poison.Sequence.Prev = c.committed(t)[0].Position.Offset
		c.write(t, poison)

		after := c.start(t)
		after.must(t, &ledgerv1.Attach{LedgerId: neighbour()}, "sound")
		wantPoison := func(err error) {
			t.Helper()
			corrupt, ok := errors.AsType[*es.CorruptEventError](err)
			if !ok || corrupt.Meta.Version != 2 || corrupt.Position.Partition != home() {
				t.Errorf("error %v, want a CorruptEventError at version 2", err)
			}
		}
		_, err = after.execute(t.Context(), postAmount(1))
		wantPoison(err)
		var cursor es.Cursor
		for ev, err := range after.engine.Reader(ledgerType()).Feed(t.Context(), cursor, es.FeedOptions{}) {
			if err != nil {
				wantPoison(err)
				continue
			}
			cursor.Advance(ev.Position)
		}
		var versions []uint64
		reader := after.engine.Reader(ledgerv1.LedgerType(repaired{}))
		for ev, err := range reader.Feed(t.Context(), cursor, es.FeedOptions{}) {
			if err != nil {
				t.Fatal(err)
			}
			versions = append(versions, ev.Version)
		}
		if len(versions) != 3 || versions[0] != 2 {
			t.Errorf("the repaired view sees versions %d, want the poison and two events of the other ledger", versions)
		}
	})
}
