package kafka

import (
	"context"
	"errors"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// report tells the observer what became of a command.
func (s *store) report(ctx context.Context, began time.Time, t es.Target, c proto.Message, receipt es.Receipt, err error) {
	p := Partition{Aggregate: s.name, Topic: s.topic, ID: -1}
	if count := s.domain.knownPartitions(); count > 0 {
		p.ID = record.Partition(t.ID, count)
	}
	s.engine.observer.Executed(ctx, Execution{
		Partition: p, AggregateID: t.ID, Command: string(c.ProtoReflect().Descriptor().FullName()),
		Took: since(began), Outcome: outcome(receipt, err), Receipt: receipt, Err: err,
	})
}

// outcome classifies what became of a command.
func outcome(receipt es.Receipt, err error) Outcome {
	switch {
	case err != nil:
		return classify(err)
	case receipt.Duplicate:
		return Duplicate
	}
	return Succeeded
}

// classify tells what an error is. What is none of the engine's own is the refusal
// of a check, or of the service.
func classify(err error) Outcome {
	var elsewhere *NotOwnerError
	var damaged *LogError
	var outdated *OutdatedError
	var unreadable *es.UnknownEventError
	var corrupt *es.CorruptEventError
	var undeclared *es.UndeclaredEventError
	var panicked *panicError
	switch {
	case errors.Is(err, es.ErrOutcomeUnknown):
		return Unknown
	case errors.Is(err, es.ErrConflict):
		return Conflict
	case errors.As(err, &elsewhere):
		return Elsewhere
	case errors.Is(err, ErrOverloaded):
		return Overloaded
	case errors.As(err, &damaged), errors.As(err, &outdated), errors.As(err, &unreadable), errors.As(err, &corrupt),
		errors.As(err, &undeclared), errors.As(err, &panicked),
		errors.Is(err, errUnavailable), errors.Is(err, es.ErrClosed),
		errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return Failed
	}
	return Refused
}
