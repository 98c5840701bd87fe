package es

import (
	"context"
	"fmt"
	"iter"

	"google.golang.org/protobuf/proto"
)

// The functions of this file are called by generated code, which adds the
// types of its aggregate. Services have no use for them.

// Execute decides a command and types its events by what the command may emit.
func Execute[O proto.Message](ctx context.Context, s Store, c proto.Message, opts []CommandOption) (Result[O], error) {
	receipt, events, err := s.Execute(ctx, c, NewCommandOptions(opts...))
	if err != nil {
		return Result[O]{}, err
	}
	typed := make([]O, len(events))
	for i, e := range events {
		o, ok := e.(O)
		if !ok {
			return Result[O]{}, fmt.Errorf("es: the engine returned %T as an event of %T", e, c)
		}
		typed[i] = o
	}
	return Result[O]{Receipt: receipt, Events: typed}, nil
}

// Load loads the state of an aggregate as the type that it has.
func Load[S proto.Message](ctx context.Context, s Store, id string, opts []LoadOption) (Revision[S], error) {
	r, err := s.Load(ctx, id, NewLoadOptions(opts...))
	if err != nil {
		return Revision[S]{}, err
	}
	state, ok := r.State.(S)
	if !ok {
		return Revision[S]{}, fmt.Errorf("es: the engine returned %T as a state of type %T", r.State, state)
	}
	return Revision[S]{AggregateID: r.AggregateID, Version: r.Version, Time: r.Time, State: state}, nil
}

// History types the events of one aggregate.
func History[E proto.Message](ctx context.Context, r Reader, id string, opts []HistoryOption) iter.Seq2[Event[E], error] {
	return typed[E](r.History(ctx, id, NewHistoryOptions(opts...)))
}

// Feed types the events of all aggregates.
func Feed[E proto.Message](ctx context.Context, r Reader, from Cursor, opts []FeedOption) iter.Seq2[Event[E], error] {
	return typed[E](r.Feed(ctx, from, NewFeedOptions(opts...)))
}

// Messages returns typed messages as plain ones. A nil in events stays one
// that an engine can recognise.
func Messages[M proto.Message](events []M) []proto.Message {
	if len(events) == 0 {
		return nil
	}
	out := make([]proto.Message, len(events))
	for i, e := range events {
		out[i] = e
	}
	return out
}

// ErrNilUpcast returns the error for an Upcast method that returned nil.
func ErrNilUpcast() error { return errNilUpcast }

func typed[E proto.Message](seq iter.Seq2[Event[proto.Message], error]) iter.Seq2[Event[E], error] {
	return func(yield func(Event[E], error) bool) {
		for ev, err := range seq {
			out := Event[E]{Meta: ev.Meta, Type: ev.Type, Position: ev.Position}
			if err == nil {
				var ok bool
				if out.Event, ok = ev.Event.(E); !ok {
					err = fmt.Errorf("es: the engine returned %T in a history of another type", ev.Event)
				}
			}
			if !yield(out, err) || err != nil {
				return
			}
		}
	}
}

// NotACommand returns the error for a message that is not a command of the
// aggregate type.
func NotACommand(aggregate, id string, c proto.Message) error {
	name := "nil"
	if c != nil {
		name = string(c.ProtoReflect().Descriptor().FullName())
	}
	return &InvalidCommandError{Command: name, AggregateID: id, Err: fmt.Errorf("not a command of %s", aggregate)}
}
