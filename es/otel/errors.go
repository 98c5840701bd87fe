package otel

import (
	"context"
	"errors"
	"net"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
)

// refusal marks an error that a handler returned, on its way through the
// engine: by its looks it cannot be told from one of the engine's own.
type refusal struct{ error }

func (r *refusal) Unwrap() error { return r.error }

// unmark returns the error as the handler returned it, and whether it did.
func unmark(err error) (cause error, refused bool) {
	if r, ok := err.(*refusal); ok { //nolint:errorlint // what wraps it is kept
		return r.error, true
	}
	_, refused = errors.AsType[*refusal](err)
	return err, refused
}

// isRefusal reports whether an error of package es, or of the Kafka engine,
// says that the call came to its end and nothing is wrong but the call.
func isRefusal(err error) bool {
	for _, sentinel := range []error{
		es.ErrNotFound, es.ErrExists, es.ErrEmptyID, es.ErrCommandIDTooLong, kafka.ErrForgotten,
	} {
		if errors.Is(err, sentinel) {
			return true
		}
	}
	if _, ok := errors.AsType[*es.InvalidCommandError](err); ok {
		return true
	}
	_, ok := errors.AsType[*es.PreconditionError](err)
	return ok
}

// outcomeOf names what became of a command, in the words of the Kafka engine.
// The error may be a refusal that only the caller knows of.
func outcomeOf(r es.Receipt, err error, refused bool) kafka.Outcome {
	switch {
	case err == nil && r.Duplicate:
		return kafka.Duplicate
	case err == nil:
		return kafka.Succeeded
	case errors.Is(err, es.ErrOutcomeUnknown):
		return kafka.Unknown
	case errors.Is(err, es.ErrConflict):
		return kafka.Conflict
	case refused || isRefusal(err):
		return kafka.Refused
	case errors.Is(err, kafka.ErrOverloaded):
		return kafka.Overloaded
	}
	if _, ok := errors.AsType[*kafka.NotOwnerError](err); ok {
		return kafka.Elsewhere
	}
	return kafka.Failed
}

// isFailure reports whether an outcome is an error of the system, and not an
// answer to the caller.
func isFailure(o kafka.Outcome) bool {
	switch o {
	case kafka.Succeeded, kafka.Duplicate, kafka.Conflict, kafka.Refused:
		return false
	default:
		return true
	}
}

// errorType names the kind of an error. There are as many as there are error
// codes of Kafka and error types in the code.
func errorType(err error) attribute.KeyValue {
	code, isCode := errors.AsType[*kerr.Error](err)
	switch {
	case errors.Is(err, es.ErrOutcomeUnknown):
		return semconv.ErrorTypeKey.String("outcome_unknown")
	case isCode:
		return semconv.ErrorTypeKey.String(code.Message)
	case isTimeout(err):
		return semconv.ErrorTypeKey.String("timeout")
	case errors.Is(err, context.Canceled):
		return semconv.ErrorTypeKey.String("canceled")
	case errors.Is(err, es.ErrClosed):
		return semconv.ErrorTypeKey.String("closed")
	case errors.Is(err, kafka.ErrOverloaded):
		return semconv.ErrorTypeKey.String("overloaded")
	}
	return semconv.ErrorType(err)
}

// isTimeout reports whether an error says that something took too long, as
// those of the network, of contexts and of the Kafka client do.
func isTimeout(err error) bool {
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
		return true
	}
	return errors.Is(err, kgo.ErrRecordTimeout)
}
