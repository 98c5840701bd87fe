package conformance_test

import (
	"context"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/conformance"
)

// engine is the simplest engine that passes the suite: one lock, and every
// state is replayed. It has one fault, or none.
type engine struct {
	*storage

	fault   fault
	options conformance.Options
	closed  chan struct{}
}

// storage is what outlives an engine.
type storage struct {
	lock      chan struct{} // full while locked
	log       []*es.Record
	byID      map[string][]*es.Record
	snapshots map[string][]snapshot
	given     map[string]proto.Message // states that were given away, for one of the faults
	grown     chan struct{}
}

type snapshot struct {
	version uint64
	spec    es.Spec
	data    []byte
}

func newEngine(o conformance.Options, f fault) *engine {
	return &engine{fault: f, options: o, closed: make(chan struct{}), storage: &storage{
		lock:      make(chan struct{}, 1),
		byID:      map[string][]*es.Record{},
		snapshots: map[string][]snapshot{},
		given:     map[string]proto.Message{},
		grown:     make(chan struct{}),
	}}
}

func (e *engine) reopen(o conformance.Options) *engine {
	_ = e.Close()
	if last := len(e.log) - 1; e.fault == losesTail {
		id := e.log[last].AggregateID
		e.log, e.byID[id] = e.log[:last], e.byID[id][:len(e.byID[id])-1]
	}
	return &engine{storage: e.storage, fault: e.fault, options: o, closed: make(chan struct{})}
}

// Close implements [io.Closer].
func (e *engine) Close() error {
	if e.fault == staysOpen {
		return nil
	}
	select {
	case <-e.closed:
	default:
		close(e.closed)
	}
	return nil
}

func (e *engine) Bind(a es.Aggregate) es.Store      { return &store{reader{e, a}, a} }
func (e *engine) Reader(events es.Events) es.Reader { return reader{e, events} }

// enter locks the engine.
func (e *engine) enter(ctx context.Context) error {
	ctx = e.heeded(ctx)
	select {
	case <-e.closed:
		return es.ErrClosed
	default:
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	select {
	case e.lock <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// heeded returns a context that ends with ctx, unless that is the fault.
func (e *engine) heeded(ctx context.Context) context.Context {
	if e.fault == ignoresContext {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

func (e *engine) leave() { <-e.lock }
