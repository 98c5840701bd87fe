package conformance

import (
	"context"
	"errors"
	"iter"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// contexts tests what becomes of a call whose context ends.
func (s *suite) contexts(t *testing.T) {
	s.test(t, "that ended before", testEndedBefore)
	s.test(t, "that end while the command waits", testEndsWaiting)
	s.test(t, "that end while the command is decided", testEndsDeciding)
	s.test(t, "that end while events are read", testEndsReading)
}

func testEndedBefore(e *env) {
	e.create("a")
	ended := *e
	ctx, cancel := context.WithCancel(e.ctx)
	cancel()
	ended.ctx = ctx
	_, err := ended.execute(post("a", 1), es.CommandID("c"))
	e.wantError(err, context.Canceled)
	_, err = ended.load("a")
	e.wantError(err, context.Canceled)
	_, err = ended.history("a")
	e.wantError(err, context.Canceled)
	_, err = ended.feed(es.Start())
	e.wantError(err, context.Canceled)
	if e.t.Failed() {
		return // a follower would not end either, and that takes time to find out
	}
	e.wantError(ended.follow(es.Start()).end(), context.Canceled)
	if res := e.do(post("a", 1), es.CommandID("c")); res.Duplicate {
		e.t.Error("the command whose context had ended was executed")
	}
	e.check("a")
}

// gate is a ledger whose next decision on Attach can be held up.
type gate struct {
	ledgerv1.Behavior

	once    *sync.Once
	entered chan struct{} // closed when the decision has begun
	leave   chan struct{} // ends it when closed
}

func newGate() gate {
	return gate{once: &sync.Once{}, entered: make(chan struct{}), leave: make(chan struct{})}
}

func (g gate) HandleAttach(m es.Meta, s *ledgerv1.Ledger, c *ledgerv1.Attach) ([]ledgerv1.AttachOutcome, error) {
	g.once.Do(func() {
		close(g.entered)
		<-g.leave
	})
	return g.Behavior.HandleAttach(m, s, c)
}

func testEndsWaiting(e *env) {
	e.create("a")
	g := newGate()
	held := e.bound(ledgerv1.LedgerType(g))
	first := make(chan error, 1)
	go func() {
		_, err := held.execute(&ledgerv1.Attach{LedgerId: "a"})
		first <- err
	}()
	<-g.entered
	waiting := *held
	ctx, cancel := context.WithCancel(e.ctx)
	waiting.ctx = ctx
	second := make(chan error, 1)
	go func() {
		_, err := waiting.execute(post("a", 1), es.CommandID("c"))
		second <- err
	}()
	cancel()
	err := endOf(second) // while the first one still holds the aggregate
	close(g.leave)
	if err := <-first; err != nil {
		e.t.Error(err)
	}
	retried, again := held.execute(post("a", 1), es.CommandID("c"))
	switch {
	case again != nil:
		e.t.Errorf("retry: %v", again)
	case errors.Is(err, es.ErrOutcomeUnknown): // either is right
	case !errors.Is(err, context.Canceled):
		e.t.Errorf("error %v, want one that is %v or %v", err, context.Canceled, es.ErrOutcomeUnknown)
	case retried.Duplicate:
		e.t.Error("the command was executed after it failed with the error of its context")
	}
	e.wantVersion("a", 3)
}

// endOf waits for a call that has to end.
func endOf(call <-chan error) error {
	select {
	case err := <-call:
		return err
	case <-time.After(patience):
		return errors.New("the call does not end with its context")
	}
}

func testEndsDeciding(e *env) {
	e.create("a")
	g := newGate()
	held := e.bound(ledgerv1.LedgerType(g))
	ctx, cancel := context.WithCancel(e.ctx)
	ending := *held
	ending.ctx = ctx
	go func() {
		<-g.entered
		cancel()
		close(g.leave)
	}()
	c := &ledgerv1.Attach{LedgerId: "a"}
	res, err := ending.execute(c, es.CommandID("c"))
	if err != nil && !errors.Is(err, es.ErrOutcomeUnknown) {
		e.t.Errorf("error %v, want none or one that is %v", err, es.ErrOutcomeUnknown)
	}
	again, retryErr := held.execute(c, es.CommandID("c"))
	if retryErr != nil || again.Version != 2 || err == nil && (!again.Duplicate || res.Version != 2) {
		e.t.Errorf("%+v, %v and on retry %+v, %v; want version 2 from both", res.Receipt, err, again.Receipt, retryErr)
	}
	e.wantVersion("a", 2)
}

func testEndsReading(e *env) {
	e.create("a")
	e.do(batch(200))
	for name, read := range map[string]func(ctx context.Context) iter.Seq2[es.Event[proto.Message], error]{
		"history": func(ctx context.Context) iter.Seq2[es.Event[proto.Message], error] {
			return e.store.History(ctx, "a", es.ReadOptions{})
		},
		"feed": func(ctx context.Context) iter.Seq2[es.Event[proto.Message], error] {
			return e.store.Feed(ctx, es.Start(), es.FeedOptions{})
		},
	} {
		ctx, cancel := context.WithCancel(e.ctx)
		var last error
		for _, last = range read(ctx) {
			cancel()
		}
		if !errors.Is(last, context.Canceled) {
			e.t.Errorf("%s: the error %v is the last thing it yields, want %v", name, last, context.Canceled)
		}
		cancel()
	}
}
