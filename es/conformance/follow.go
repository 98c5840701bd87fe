package conformance

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// patience is how long a test waits for what has to come. Nothing depends on
// it but how soon a test of a broken engine ends.
const patience = 10 * time.Second

// follower reads a feed that does not end by itself.
type follower struct {
	t      *testing.T
	cancel context.CancelFunc
	events chan event
	ended  chan error
}

func (e *env) follow(from es.Cursor) *follower {
	ctx, cancel := context.WithCancel(e.ctx)
	f := &follower{t: e.t, cancel: cancel, events: make(chan event), ended: make(chan error, 1)}
	feed := es.Feed[ledgerv1.LedgerEvent](ctx, e.store, from, []es.FeedOption{es.Follow()})
	go func() {
		var last error
		for ev, err := range feed {
			if last != nil {
				f.t.Errorf("the feed goes on after the error %v", last)
			}
			if last = err; err != nil {
				continue
			}
			select {
			case f.events <- ev:
			case <-ctx.Done():
			}
		}
		f.ended <- last
	}()
	return f
}

// next returns the next event.
func (f *follower) next() event {
	f.t.Helper()
	select {
	case ev := <-f.events:
		return ev
	case err := <-f.ended:
		f.t.Fatalf("the feed ended: %v", err)
	case <-time.After(patience):
		f.t.Fatal("the feed does not yield the next event")
	}
	return event{}
}

// end returns the error that the feed ended with.
func (f *follower) end() error {
	f.t.Helper()
	select {
	case err := <-f.ended:
		return err
	case <-time.After(patience):
		return errors.New("the feed does not end")
	}
}

// follow tests feeds that go on.
func (s *suite) follow(t *testing.T) {
	s.test(t, "yields what comes", func(e *env) {
		followers := []*follower{e.follow(es.Start()), e.another().follow(es.Start())}
		seen := 0
		for _, command := range []func(){
			func() { e.do(&ledgerv1.Attach{LedgerId: "a"}) },
			func() { e.append("a", oldBatch(1, 2, 3)) },
			func() { e.do(batch(4)) },
			func() { e.do(post("a", 1)) },
		} {
			command()
			fresh := e.journals["a"][seen:]
			seen += len(fresh)
			for _, f := range followers {
				got := make([]event, len(fresh))
				for i := range got {
					got[i] = f.next()
				}
				sameEvents(e.t, got, fresh)
			}
		}
	})
	s.test(t, "resumes behind its cursor", func(e *env) {
		e.create("a")
		e.append("a", oldBatch(1, 2, 3))
		var cursor es.Cursor
		for _, ev := range e.journals["a"][:2] {
			cursor.Advance(ev.Position)
		}
		f := e.follow(cursor)
		sameEvents(e.t, []event{f.next(), f.next()}, e.journals["a"][2:])
		e.do(post("a", 1))
		sameEvents(e.t, []event{f.next()}, e.journals["a"][4:])
	})
	s.test(t, "ends with its context", func(e *env) {
		f := e.follow(es.Start())
		e.create("a")
		f.next()
		f.cancel()
		e.wantError(f.end(), context.Canceled)
	})
	s.test(t, "ends at an event that cannot be read", func(e *env) {
		f := e.follow(es.Start())
		e.create("a")
		f.next()
		e.append("a", unknownEvent())
		if err := f.end(); err == nil {
			e.t.Error("the feed ended without an error")
		}
	})
}
