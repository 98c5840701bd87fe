package kafka

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
)

// Handler takes in the events of a batch. An error makes it be called again,
// see [Consume]. Calls for one partition follow each other; those for several
// run side by side, so a handler has to be safe for concurrent use.
//
// The context ends when the partition is taken away, or the consumer ends, and
// the handler did not return in time. From then on another process may have the
// partition.
type Handler[E proto.Message] func(ctx context.Context, b Batch[E]) error

// Projection is a handler that keeps its progress together with what it makes
// of the events, so that each event has its effect there exactly once.
type Projection[E proto.Message] interface {
	// Progress returns what was stored last as Batch.Progress of a partition,
	// or the zero value. It is read when the partition is assigned, and after
	// every error.
	Tracker
	// Handle stores what it makes of the events, and Batch.Progress, in one
	// transaction. The transaction first reads the progress that is stored and
	// passes it to Batch.Check; what that returns, it returns, and stores
	// nothing. So a process that does not know yet that the partition was taken
	// away cannot store anything over what the new one has stored. See Handler
	// for the rest.
	Handle(ctx context.Context, b Batch[E]) error
}

// Batch is some events of one partition, at least one, in their order. It may
// end between the events of a command.
type Batch[E proto.Message] struct {
	Partition Partition
	Events    []es.Event[E]
	After     Progress // how far the partition had been handled before
	Progress  Progress // how far it is handled with these events

	contexts func(ctx context.Context, i int) context.Context
}

// Check fails with [ErrStale] unless the stored progress of the partition is
// what the batch was read after: either another process has taken over the
// partition, or the batch was stored by an attempt that seemed to fail.
func (b Batch[E]) Check(stored Progress) error {
	stored.Position.Partition = b.After.Position.Partition // which the zero value does not have
	if stored.Position == b.After.Position && stored.Sequence == b.After.Sequence {
		return nil
	}
	return fmt.Errorf("%w: the store has come to %s, and the batch begins behind %s", ErrStale, stored, b.After)
}

// Context returns ctx with the trace of the command that led to an event of the
// batch, counted from 0; or ctx itself when the engine has no [Propagator].
func (b Batch[E]) Context(ctx context.Context, i int) context.Context {
	if b.contexts == nil {
		return ctx
	}
	return b.contexts(ctx, i)
}

// Consume reads all events of an aggregate type and passes them to a handler.
// The processes of an application that call it with the same name are a
// consumer group: each partition is read by one of them, in order. The progress
// is kept by Kafka, under the group <application>.<topic>.<name>, and is
// committed when the handler has returned. So every event is handled at least
// once: after a crash, or when the partition moves on, the events of the last
// batch may come again. Tools of Kafka that move the group are obeyed. They show
// a lag of one where a transaction ends the log. [Session] and
// [ServerSideAssignment] hold for these groups too.
//
// What is read is checked as by every other reader, see the package comment.
//
// When the handler fails, or panics, the events of the batch are passed to it
// again, one by one, with growing pauses. After as many failures with one event
// as [Attempts] says its partition is stopped, as it is when the log is damaged
// or holds an event that cannot be decoded. Nothing is skipped: the partition
// stays where it is until it is assigned anew, to this process or another. The
// others go on. A handler that wants to pass over an event returns nil for it.
//
// Consume ends when the context does, with its error; when the engine is
// closed, with [es.ErrClosed]; or when all the partitions that it was assigned
// are stopped. It fails at once when there is no such topic, and after some ten
// seconds without a broker that says whether there is. A
// [*StoppedError] for each partition that was stopped is part of the error it
// returns. To end with the first one that is stopped, end the context in
// [OnStopped]. What goes wrong with Kafka meanwhile is logged, and tried again
// for as long as it takes.
//
// All handlers have returned when Consume returns. Those that run when it ends
// are given the time that [Grace] says.
func Consume[E proto.Message](
	ctx context.Context, e *Engine, name string, events es.Events, h Handler[E], opts ...ConsumeOption,
) error {
	c := newConsumer(e, name, events, opts)
	g := e.group(name, events.Spec())
	c.tracker, c.handle, c.commit = g, typed(c, h), g.commit
	return c.run(ctx)
}

// Project reads all events of an aggregate type into a [Projection]. It is
// [Consume] with another keeper of the progress: the projection, which stores
// it with what it makes of the events. The group that shares the partitions is
// the same, but holds no offsets, so tools of Kafka see no lag; the age of
// Batch.Progress tells it.
//
// A partition that was stopped at an event goes on behind it when the Progress
// of the [*StoppedError] is stored as that of the partition.
func Project[E proto.Message](
	ctx context.Context, e *Engine, name string, events es.Events, p Projection[E], opts ...ConsumeOption,
) error {
	c := newConsumer(e, name, events, opts)
	c.tracker, c.handle = p, typed(c, p.Handle)
	return c.run(ctx)
}

// typed makes a handler one of events that have no type.
func typed[E proto.Message](c *consumer, h Handler[E]) func(context.Context, *portion) error {
	return func(ctx context.Context, p *portion) error {
		b := Batch[E]{
			Partition: c.partition(p.id),
			Events:    make([]es.Event[E], len(p.arrivals)),
			After:     p.after, Progress: p.progress(),
		}
		for i, a := range p.arrivals {
			m, ok := a.event.Event.(E)
			if !ok {
				return fmt.Errorf("%T is not an event of the type that the handler takes", a.event.Event)
			}
			b.Events[i] = es.Event[E]{Meta: a.event.Meta, Type: a.event.Type, Position: a.event.Position, Event: m}
		}
		if tracer := c.engine.tracer; tracer != nil {
			b.contexts = func(ctx context.Context, i int) context.Context {
				return tracer.Extract(ctx, p.arrivals[i].headers)
			}
		}
		return h(ctx, b)
	}
}

// portion is a batch whose events have no type yet.
type portion struct {
	id       int32 // of the partition
	after    Progress
	arrivals []arrival
	whole    bool // the last event is the last part of what is stored
}

// arrival is an event on its way to the handler.
type arrival struct {
	event    es.Event[proto.Message]
	sequence uint64
	headers  []kgo.RecordHeader
}

func (a *arrival) progress() Progress {
	return Progress{Position: a.event.Position, Sequence: a.sequence, Time: a.event.Time}
}

func (p *portion) progress() Progress { return p.arrivals[len(p.arrivals)-1].progress() }

// ConsumeOption sets up a consumer.
type ConsumeOption func(*consumeConfig)

type consumeConfig struct {
	batch     int
	attempts  int
	grace     time.Duration
	onStopped func(*StoppedError)
}

// BatchSize sets how many events a batch may have. Fewer are passed on when no
// more are there. The default is 500.
func BatchSize(events int) ConsumeOption {
	return func(c *consumeConfig) { c.batch = max(events, 1) }
}

// Attempts sets how often in a row an event is passed to a handler that fails
// before its partition is stopped. The pauses between grow up to 2 seconds. The
// default is 10, which takes about 10 seconds.
func Attempts(n int) ConsumeOption {
	return func(c *consumeConfig) { c.attempts = max(n, 1) }
}

// Grace sets how long a handler may go on with its batch when the partition is
// taken away or the consumer ends. Then its context ends, and after the same
// time again the partition is handed over, whether the handler has returned or
// not. The default is 1 second.
func Grace(d time.Duration) ConsumeOption {
	return func(c *consumeConfig) { c.grace = d }
}

// OnStopped sets what is called when a partition is stopped: for an alarm, or to
// end the context of the consumer. It has to return at once, and to be safe for
// concurrent use. The engine logs the error in any case.
func OnStopped(f func(*StoppedError)) ConsumeOption {
	return func(c *consumeConfig) { c.onStopped = f }
}
