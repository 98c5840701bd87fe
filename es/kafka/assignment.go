package kafka

import (
	"context"
	"errors"

	"github.com/esgen-dev/esgen/es"
)

// assignment is one partition for as long as the group gives it to a consumer.
type assignment struct {
	consumer   *consumer
	membership *membership
	id         int32
	before     *assignment // the last one of the same partition, or nil

	intake context.Context //nolint:containedctx // ends when no further batch may begin
	finish context.CancelFunc
	work   context.Context //nolint:containedctx // ends when the handler has to give up
	abort  context.CancelFunc
	ended  chan struct{}

	left bool          // given away; guarded by the consumer, as is the next one
	err  *StoppedError // why it is not read any further

	// What follows belongs to the goroutine of run.
	checker  checker
	resume   resumption
	lag      lag
	progress Progress
	pending  []arrival   // not handled yet
	single   es.Position // up to here, events are handled one by one
	handled  Progress    // of the first event that was passed to the handler last
	failures int         // in a row, of any kind
	refusals int         // in a row, of one event
}

func newAssignment(c *consumer, m *membership, id int32, before *assignment) *assignment {
	a := &assignment{consumer: c, membership: m, id: id, before: before, ended: make(chan struct{})}
	a.intake, a.finish = context.WithCancel(c.ctx)
	work, abort := context.WithCancelCause(context.WithoutCancel(c.ctx))
	a.work, a.abort = work, func() { abort(errGone) }
	return a
}

// run reads the partition, and begins anew after every failure: with the
// progress that is stored, whatever became of the last batch.
func (a *assignment) run() {
	defer close(a.ended)
	defer a.abort()
	defer a.finish()
	if a.before != nil { // a handler may still be at it
		<-a.before.ended
		a.before = nil
	}
	for a.intake.Err() == nil {
		err := a.read()
		if a.intake.Err() != nil {
			return
		}
		if stopped := a.hopeless(err); stopped != nil {
			a.consumer.stop(a, stopped)
			return
		}
		a.failures++
		a.consumer.engine.log.Warn("a consumer failed and tries again",
			"name", a.consumer.name, "group", a.consumer.group, "partition", a.id, "error", err)
		sleep(a.intake, backoff(a.failures))
	}
}

// refusal says that the service refused some events, or to tell its progress.
type refusal struct {
	err    error
	events int
}

func (r *refusal) Error() string { return r.err.Error() }

func (r *refusal) Unwrap() error { return r.err }

// hopeless returns why and where the partition is to be stopped after an error,
// or nil when it is worth another try.
func (a *assignment) hopeless(err error) *StoppedError {
	stopped := &StoppedError{Group: a.consumer.name, Partition: a.consumer.partition(a.id), Err: err}
	if r, ok := errors.AsType[*refusal](err); ok { // look no further: it may hold any error
		if r.events == 1 {
			a.refusals++
		}
		if a.refusals < a.consumer.attempts {
			return nil
		}
		stopped.Progress, stopped.Err = a.handled, r.err
		return stopped
	}
	at, ok := unreadable(err)
	if !ok {
		return nil
	}
	at.Partition = a.id
	stopped.Progress.Position = at
	return stopped
}

// unreadable returns where something lies that cannot be read, however often it
// is tried.
func unreadable(err error) (at es.Position, ok bool) {
	if damaged, ok := errors.AsType[*LogError](err); ok {
		return es.Position{Offset: damaged.Offset}, true
	}
	if unknown, ok := errors.AsType[*es.UnknownEventError](err); ok {
		return unknown.Position, true
	}
	if corrupt, ok := errors.AsType[*es.CorruptEventError](err); ok {
		return corrupt.Position, true
	}
	return es.Position{}, false
}
