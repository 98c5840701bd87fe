// Package conformance is the suite that every engine passes: the contract of
// package es, said in tests.
//
//	func TestEngine(t *testing.T) {
//		conformance.Run(t, func(t *testing.T, o conformance.Options) es.Engine {
//			engine := memory.New(memory.Clock(o.Clock), memory.Validate(o.Validate))
//			t.Cleanup(func() { _ = engine.Close() })
//			return engine
//		})
//	}
//
// It asks for a new, empty engine for each of its tests, most of which run in
// parallel. The tests stand in one file per topic. They use the aggregate of
// es/internal/ledger, whose state is a hash over everything an engine hands to
// it, and compare what the engine says with a journal of what the commands
// returned. Events of older and newer versions of the code get into the log
// through commands of an aggregate type with the same name.
//
// It assumes little: the order of a feed is that of each partition; the events
// of a command lie at consecutive offsets; Load is asked with [es.Fresh]; a
// command id is retried soon. It does not test what
// an engine promises beyond the contract, such as its durability in a crash,
// or its speed.
//
// With -short, and under the race detector, the numbers are smaller; with [Small]
// more so.
package conformance

import (
	"io"
	"testing"
	"time"

	"github.com/esgen-dev/esgen/es"
)

// Options are what a test wants of the engine that it is given.
type Options struct {
	// Clock is the clock that events take their time from. It is safe for
	// concurrent use, and never nil.
	Clock func() time.Time
	// Validate checks commands before they are decided. It may be nil.
	Validate es.Validator
}

// Option says what an engine can do beyond the contract.
type Option func(*suite)

// Reopen says that the engine is durable: reopen closes it and opens another
// one on what it has stored.
func Reopen(reopen func(t *testing.T, e es.Engine, o Options) es.Engine) Option {
	return func(s *suite) { s.reopen = reopen }
}

// Small makes numbers a hundredth, for what stands in front of an engine that is
// tested with the large ones elsewhere.
func Small() Option {
	return func(s *suite) { s.small = true }
}

// Run tests an engine. open returns a new, empty one, and has it closed by
// t.Cleanup. An engine with a Close method, as of [io.Closer], is tested for
// what it does once closed; closing it a second time has to do nothing.
func Run(t *testing.T, open func(t *testing.T, o Options) es.Engine, opts ...Option) {
	t.Helper()
	s := &suite{open: open}
	for _, opt := range opts {
		opt(s)
	}
	t.Run("Commands", s.commands)
	t.Run("Versions", s.versions)
	t.Run("Duplicates", s.duplicates)
	t.Run("Atomicity", s.atomicity)
	t.Run("Linearizability", s.linearizability)
	t.Run("Snapshots", s.snapshots)
	t.Run("Upcasts", s.upcasts)
	t.Run("Unreadable", s.unreadable)
	t.Run("TimeTravel", s.timeTravel)
	t.Run("Feed", s.feed)
	t.Run("Follow", s.follow)
	t.Run("Contexts", s.contexts)
	t.Run("Validation", s.validation)
	t.Run("Sizes", s.sizes)
	t.Run("Close", s.closing)
	t.Run("Durability", s.durability)
}

// wallClock is the clock of the tests that do not look at time.
func wallClock() time.Time { return time.Now() } //nolint:forbidigo // it is one

type suite struct {
	open   func(t *testing.T, o Options) es.Engine
	reopen func(t *testing.T, e es.Engine, o Options) es.Engine
	small  bool
}

// test runs one test with an engine of its own.
func (s *suite) test(t *testing.T, name string, f func(e *env)) {
	t.Helper()
	s.testWith(t, name, Options{Clock: wallClock}, f)
}

func (s *suite) testWith(t *testing.T, name string, o Options, f func(e *env)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		f(newEnv(t, s.open(t, o)))
	})
}

// closing tests what a closed engine does.
func (s *suite) closing(t *testing.T) {
	s.test(t, "everything fails", func(e *env) {
		closer, ok := e.engine.(io.Closer)
		if !ok {
			e.t.Skip("the engine has no Close method")
		}
		e.create("a")
		if err := closer.Close(); err != nil {
			e.t.Fatal(err)
		}
		_, err := e.execute(post("a", 1))
		e.wantError(err, es.ErrClosed)
		_, err = e.load("a")
		e.wantError(err, es.ErrClosed)
		_, err = e.history("a")
		e.wantError(err, es.ErrClosed)
		_, err = e.feed(es.Start())
		e.wantError(err, es.ErrClosed)
		if e.t.Failed() {
			return // a follower would not end either, and that takes time to find out
		}
		e.wantError(e.follow(es.Start()).end(), es.ErrClosed)
		if err := closer.Close(); err != nil {
			e.t.Errorf("closing a second time: %v", err)
		}
	})
	s.test(t, "ends followers", func(e *env) {
		closer, ok := e.engine.(io.Closer)
		if !ok {
			e.t.Skip("the engine has no Close method")
		}
		f := e.follow(es.Start())
		e.create("a")
		f.next()
		if err := closer.Close(); err != nil {
			e.t.Fatal(err)
		}
		e.wantError(f.end(), es.ErrClosed)
	})
}

// durability tests that an engine which is opened again has lost nothing.
func (s *suite) durability(t *testing.T) {
	if s.reopen == nil {
		t.Skip("the engine is not durable")
	}
	s.test(t, "nothing is lost", func(e *env) {
		e.create("a")
		e.do(post("a", 5), es.CommandID("once"))
		e.append("a", oldBatch(1, 2))
		before := e.mustFeed(es.Start())
		cursor := es.Start()
		for _, ev := range before[:len(before)-1] {
			cursor.Advance(ev.Position)
		}

		again := newEnv(e.t, s.reopen(e.t, e.engine, Options{Clock: wallClock}))
		again.journals = e.journals
		again.check("a")
		sameEvents(e.t, again.mustFeed(cursor), before[len(before)-1:])
		if res, err := again.execute(post("a", 5), es.CommandID("once")); err != nil || !res.Duplicate || res.Version != 2 {
			e.t.Errorf("a command of before: %+v, %v; want a duplicate at version 2", res.Receipt, err)
		}
		again.do(post("a", 1))
		again.check("a")
	})
}
