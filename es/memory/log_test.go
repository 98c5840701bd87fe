package memory

import (
	"context"
	"strconv"
	"sync"
	"testing"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// Commands that are refused must not fill the memory with aggregates that
// never were.
func TestRefusedCommandsLeaveNothing(t *testing.T) {
	t.Parallel()
	engine := New()
	s := engine.Bind(ledgerv1.LedgerType(ledgerv1.Behavior{}))
	st, ok := s.(*store)
	if !ok {
		t.Fatalf("a store is a %T", s)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 200 {
				c := &ledgerv1.Post{LedgerId: strconv.Itoa(i % 20)}
				_, _, err := s.Execute(context.Background(), c, es.CommandOptions{})
				if err == nil {
					t.Error("a command on an aggregate that does not exist succeeded")
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
	log := &eventLog{}
	first, err := log.acquire(t.Context(), "l")
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan *stream)
	go func() {
		st, err := log.acquire(context.Background(), "l")
		if err != nil {
			t.Error(err)
		}
		got <- st
	}()
	log.release(first)
	st := <-got
	if log.find("l") != st {
		t.Error("a command holds a stream that others do not find")
	}
	if first == st && first.removed {
		t.Error("a command holds a stream that was removed")
	}
	log.release(st)
	if log.find("l") != nil {
		t.Error("an empty stream stays")
	}
}
