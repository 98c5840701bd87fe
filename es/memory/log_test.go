package memory

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// refusing is a ledger that refuses to attach.
type refusing struct{ ledgerv1.Behavior }

func (refusing) HandleAttach(es.Meta, *ledgerv1.Ledger, *ledgerv1.Attach) ([]ledgerv1.AttachOutcome, error) {
	return nil, errors.New("refused")
}

// Commands that are refused must not fill the memory with aggregates that
// never were.
func TestRefusedCommandsLeaveNothing(t *testing.T) {
	t.Parallel()
	engine := New()
	s := engine.Bind(ledgerv1.LedgerType(refusing{}))
	st, ok := s.(*store)
	if !ok {
		t.Fatalf("a store is a %T", s)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 200 {
				id := strconv.Itoa(i % 20)
				for _, c := range []proto.Message{&ledgerv1.Post{LedgerId: id}, &ledgerv1.Attach{LedgerId: id}} {
					if _, _, err := s.Execute(context.Background(), c, es.CommandOptions{}); err == nil {
						t.Errorf("%T on an aggregate that does not exist succeeded", c)
					}
				}
			}
		})
	}
	wg.Wait()
	for _, m := range []*sync.Map{&st.log.streams, &st.states} {
		m.Range(func(id, _ any) bool {
			t.Errorf("%q is left", id)
			return true
		})
	}
}

// A stream that is removed under a command that waits for it is not the one
// that the command goes on with.
func TestRemovedStream(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log := &eventLog{}
		first, err := log.acquire(t.Context(), "l")
		if err != nil {
			t.Fatal(err)
		}
		got := make(chan *stream)
		go func() {
			st, err := log.acquire(t.Context(), "l")
			if err != nil {
				t.Error(err)
			}
			got <- st
		}()
		synctest.Wait() // until the goroutine waits for the lock
		log.release(first)
		st := <-got
		if st == first || log.find("l") != st {
			t.Error("a command holds a stream that others do not find")
		}
		log.release(st)
		if log.find("l") != nil {
			t.Error("an empty stream stays")
		}
	})
}

// An aggregate that a refused command was about to create is not there, and
// was not there for those who waited.
func TestWaiting_forNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := New().Bind(ledgerv1.LedgerType(ledgerv1.Behavior{}))
		log := s.(*store).log
		locked, err := log.acquire(t.Context(), "l")
		if err != nil {
			t.Fatal(err)
		}
		errs := make(chan error, 2)
		go func() {
			_, err := s.Load(t.Context(), "l", es.ReadOptions{})
			errs <- err
		}()
		go func() {
			for _, err := range s.History(t.Context(), "l", es.ReadOptions{}) {
				errs <- err
			}
		}()
		synctest.Wait() // until both wait for the lock
		log.release(locked)
		synctest.Wait()
		if len(errs) != cap(errs) {
			t.Errorf("%d errors, want one from Load and one from History", len(errs))
		}
		for range len(errs) {
			if err := <-errs; !errors.Is(err, es.ErrNotFound) {
				t.Errorf("error %v, want %v", err, es.ErrNotFound)
			}
		}
	})
}

// Whoever waits for an aggregate stops when its context ends.
func TestWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		engine := New()
		s := engine.Bind(ledgerv1.LedgerType(ledgerv1.Behavior{}))
		attach := &ledgerv1.Attach{LedgerId: "l"}
		if _, _, err := s.Execute(t.Context(), attach, es.CommandOptions{}); err != nil {
			t.Fatal(err)
		}
		locked, err := s.(*store).log.acquire(t.Context(), "l")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		errs := make(chan error, 3)
		go func() {
			_, _, err := s.Execute(ctx, attach, es.CommandOptions{})
			errs <- err
		}()
		go func() {
			_, err := s.Load(ctx, "l", es.ReadOptions{})
			errs <- err
		}()
		go func() {
			for _, err := range s.History(ctx, "l", es.ReadOptions{}) {
				errs <- err
			}
		}()
		synctest.Wait() // until all three wait for the lock
		cancel()
		for range cap(errs) {
			if err := <-errs; !errors.Is(err, context.Canceled) {
				t.Errorf("error %v, want %v", err, context.Canceled)
			}
		}
		locked.release()
		if rev, err := s.Load(t.Context(), "l", es.ReadOptions{}); err != nil || rev.Version != 2 {
			t.Errorf("version %d, %v; want 2", rev.Version, err)
		}
	})
}
