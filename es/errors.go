package es

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"
)

// Sentinel errors, to be compared with [errors.Is]. Engines wrap them with the
// aggregate they are about.
var (
	// ErrNotFound: the aggregate has no event, or none yet at the version or
	// time asked for.
	ErrNotFound = errors.New("aggregate not found")
	// ErrExists: a command that creates met an aggregate that exists.
	ErrExists = errors.New("aggregate exists")
	// ErrConflict: the aggregate does not have the version that the command
	// expected. A [*ConflictError] says which it has.
	ErrConflict = errors.New("aggregate has another version")
	// ErrEmptyID: the command holds no aggregate id.
	ErrEmptyID = errors.New("aggregate id is empty")
	// ErrCommandIDTooLong: the command id is longer than 64 bytes.
	ErrCommandIDTooLong = errors.New("command id is longer than 64 bytes")
	// ErrOutcomeUnknown: the command was handed in, and whether its events
	// were appended is not known. Retry with the same command id.
	ErrOutcomeUnknown = errors.New("outcome of the command is unknown: retry with the same command id")
	// ErrClosed: the engine was closed. Nothing was done.
	ErrClosed = errors.New("engine is closed")
)

// MaxCommandID is the length that a command id may have, in bytes.
const MaxCommandID = 64

// ConflictError says that an aggregate does not have the version that the
// command expected. Nothing was appended.
type ConflictError struct {
	Aggregate   string // full name of the aggregate type
	AggregateID string
	Expected    uint64
	Current     uint64
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("%s %q is at version %d, not %d", e.Aggregate, e.AggregateID, e.Current, e.Expected)
}

// Unwrap returns [ErrConflict].
func (e *ConflictError) Unwrap() error { return ErrConflict }

// PreconditionError says that a declared precondition of a command does not
// hold. Nothing was appended.
type PreconditionError struct {
	Command     string // full name of the command
	AggregateID string
	Code        string // as declared, e.g. "ACCOUNT_CLOSED"
	Message     string // a sentence for people
}

func (e *PreconditionError) Error() string {
	if e.Command == "" { // made by Precondition, to compare with
		return fmt.Sprintf("precondition [%s]", e.Code)
	}
	return fmt.Sprintf("%s on %q: %s [%s]", e.Command, e.AggregateID, e.Message, e.Code)
}

// Is reports whether target is a [*PreconditionError] with the same code, so
// that errors.Is(err, es.Precondition("ACCOUNT_CLOSED")) works.
func (e *PreconditionError) Is(target error) bool {
	t, ok := target.(*PreconditionError)
	return ok && t.Code == e.Code
}

// Precondition returns an error that [errors.Is] finds equal to any failed
// precondition with this code.
func Precondition(code string) error { return &PreconditionError{Code: code} }

// InvalidCommandError says that a command is malformed: the validator refused
// it, or it is no command of the aggregate. Nothing was appended.
type InvalidCommandError struct {
	Command     string // full name of the command
	AggregateID string
	Err         error
}

func (e *InvalidCommandError) Error() string {
	return fmt.Sprintf("%s on %q is invalid: %v", e.Command, e.AggregateID, e.Err)
}

// Unwrap returns what the validator said.
func (e *InvalidCommandError) Unwrap() error { return e.Err }

// UnknownEventError says that the log holds an event that the code does not
// know: it was written by newer code, or its type was deleted or renamed.
type UnknownEventError struct {
	Aggregate string // full name of the aggregate type
	Meta      Meta
	Type      string // the stored name
	Position  Position
}

func (e *UnknownEventError) Error() string {
	return fmt.Sprintf("%s %q: event %q at version %d, position %s, is not known to this code: "+
		"deploy the version that declares it, or add its old name to the aliases of the event",
		e.Aggregate, e.Meta.AggregateID, e.Type, e.Meta.Version, e.Position)
}

// CorruptEventError says that a stored event cannot be read: its bytes do not
// decode, or its Upcast method returned nothing where an event is due.
type CorruptEventError struct {
	Aggregate string // full name of the aggregate type
	Meta      Meta
	Type      string // the stored name
	Position  Position
	Err       error
}

func (e *CorruptEventError) Error() string {
	return fmt.Sprintf("%s %q: event %q at version %d, position %s, cannot be read: %v",
		e.Aggregate, e.Meta.AggregateID, e.Type, e.Meta.Version, e.Position, e.Err)
}

// Unwrap returns the cause.
func (e *CorruptEventError) Unwrap() error { return e.Err }

// UndeclaredEventError says that a handler returned an event that does not
// belong to the aggregate, or nil. Generated code makes the first a compile
// error; a nil event can only be found when it is returned.
type UndeclaredEventError struct {
	Command     string // full name of the command
	AggregateID string
	Event       string // full name of what was returned, or "nil"
}

func (e *UndeclaredEventError) Error() string {
	return fmt.Sprintf("%s on %q: the handler returned %s, which is not an event of the aggregate",
		e.Command, e.AggregateID, e.Event)
}

// CheckDeclared returns an [*UndeclaredEventError] for what the handler of a
// command returned, unless it is an event of the aggregate. Engines call it before
// they store anything.
func CheckDeclared(a Aggregate, id string, command, event proto.Message) error {
	name := "nil"
	switch {
	case event == nil || !event.ProtoReflect().IsValid():
	case a.TypeOf(event) != "":
		return nil
	default:
		name = string(event.ProtoReflect().Descriptor().FullName())
	}
	return &UndeclaredEventError{
		Command: string(command.ProtoReflect().Descriptor().FullName()), AggregateID: id, Event: name,
	}
}
