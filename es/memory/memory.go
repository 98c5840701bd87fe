// Package memory is the engine that keeps events in the memory of the process.
//
//	engine := memory.New()
//	defer engine.Close()
//	accounts := bankv1.NewAccountAggregate(engine, Account{})
//
// It is for tests, demonstrations and services that may forget. It keeps the
// whole contract of package es except one thing that no memory has: it is not
// durable. The log ends with the process.
//
// Events are stored as bytes, and every state is folded from fresh messages
// that were decoded from these bytes. So a test against this engine also finds
// events that cannot be encoded, states that cannot be folded again and old
// events that cannot be read.
//
// # What it costs
//
// A store (what Bind returns) keeps the decoded state of every aggregate that
// it touched, so for n events that another store appended meanwhile:
//
//   - Execute is one decision, n + own events decoded and applied. A command
//     holds the lock of its aggregate and no other while it is decided, so
//     commands on different aggregates run in parallel.
//   - Load is n events and one copy of the state; the caller owns the copy.
//   - Load with AtVersion or AtTime is one decoded snapshot and the events
//     after it, at most Spec.SnapshotEvery of them; every event when the type
//     has no snapshots. It is not cached and holds no lock.
//   - History and Feed decode each event when it is asked for. A loop over them
//     holds no lock, so its body may execute commands.
//
// Load, History and Feed are always fresh: they see every command that
// returned before they were called. es.Fresh changes nothing.
//
// Memory grows with the log: nothing is ever removed, and every snapshot is
// kept for the sake of AtVersion and AtTime. Spec.Retention and
// Spec.Partitions are ignored; the log of a type has the one partition 0, and
// the offset of an event is its index.
//
// # Command ids
//
// The window of a command id is unlimited, and its scope is one aggregate. The
// id alone counts: a different command under a used id returns the outcome of
// the first. A command that succeeded without events, or failed, left nothing
// behind and is decided again. A command without an id is given one.
//
// # Contexts
//
// A context that ends before a command has the lock of its aggregate ends it
// with the context's error, and nothing was done. From there on a command runs
// to its end whatever becomes of the context. So the outcome of a command is
// always known here, and [es.ErrOutcomeUnknown] is never returned.
//
// # Behaviour that breaks the rules
//
// A panic of a Handle, Apply or Upcast method reaches the caller, appends
// nothing and leaves the aggregate usable. A handler that changes the state,
// or an Apply method that keeps a part of the event, is not found here: the
// kits on package estest find them.
package memory

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/esgen-dev/esgen/es"
)

// Engine is an engine in memory. Make one with [New]. Safe for concurrent use.
type Engine struct {
	clock    func() time.Time
	validate es.Validator
	stats    counters

	mu     sync.Mutex
	logs   map[string]*eventLog // by the name of the aggregate type
	closed chan struct{}
	ended  atomic.Bool // whether closed is closed; cheaper to ask
}

var _ es.Engine = (*Engine)(nil)

// Option sets up an [Engine].
type Option func(*Engine)

// Clock sets the clock that events take their time from. The default is
// [time.Now]. The clock may go backwards; the events of one aggregate do not.
// It has to be safe for concurrent use.
func Clock(now func() time.Time) Option {
	return func(e *Engine) { e.clock = now }
}

// Validate sets a check that every command passes before it is decided. The
// default is none.
func Validate(v es.Validator) Option {
	return func(e *Engine) { e.validate = v }
}

// New returns an empty engine.
func New(opts ...Option) *Engine {
	e := &Engine{
		clock:  time.Now, //nolint:forbidigo // the default of Clock
		logs:   make(map[string]*eventLog),
		closed: make(chan struct{}),
	}
	for _, opt := range opts {
		opt(e)
	}
	return e
}

// Bind implements [es.Engine]. A store keeps what it decoded for as long as it
// is in use, so a service binds a type once, not once per request.
func (e *Engine) Bind(a es.Aggregate) es.Store {
	return &store{reader: e.reader(a), aggregate: a}
}

// Reader implements [es.Engine].
func (e *Engine) Reader(events es.Events) es.Reader {
	r := e.reader(events)
	return &r
}

// Close makes every further call return [es.ErrClosed], and ends the loops over
// History and Feed with it. Commands that are being decided are completed.
// It never fails, and may be called again.
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.ended.Swap(true) {
		close(e.closed)
	}
	return nil
}

func (e *Engine) reader(events es.Events) reader {
	name := events.Spec().Name
	e.mu.Lock()
	defer e.mu.Unlock()
	log, ok := e.logs[name]
	if !ok {
		log = &eventLog{}
		e.logs[name] = log
	}
	return reader{engine: e, events: events, name: name, log: log}
}

// ready reports why nothing may be done any more: the engine is closed or the
// context has ended.
func (e *Engine) ready(ctx context.Context) error {
	if e.ended.Load() {
		return es.ErrClosed
	}
	return ctx.Err()
}
