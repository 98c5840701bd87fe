package es

import (
	"time"

	"google.golang.org/protobuf/proto"
)

// Events is what generated code knows of the events of one aggregate type:
// their stored names, how to decode them and how old ones become today's.
// Implementations are immutable and safe for concurrent use as far as the
// Upcast methods of the service are.
type Events interface {
	// Spec returns the static facts of the aggregate type.
	Spec() *Spec
	// TypeOf returns the name under which e is stored, or "" when e is not
	// one of the events that the aggregate emits today.
	TypeOf(e proto.Message) string
	// New returns an empty message for a stored event, or nil when the name
	// is not known. current is false when the event is no longer emitted and
	// has to go through Upcast.
	New(typ string) (e proto.Message, current bool)
	// Upcast returns today's events for a stored event that is no longer
	// emitted; none means that the event is skipped on purpose. It fails when
	// an Upcast method of the service returned nil where an event is due.
	Upcast(m Meta, e proto.Message) ([]proto.Message, error)
}

// Aggregate is an aggregate type together with its behaviour. Generated code
// implements it; engines call it.
type Aggregate interface {
	Events
	// NewState returns the empty state.
	NewState() proto.Message
	// Target returns what an engine has to know of a command before it
	// decides it; ok is false when c is not a command of the aggregate.
	Target(c proto.Message) (t Target, ok bool)
	// Handle checks the preconditions of a command and decides it. It does
	// not change s.
	Handle(m Meta, s, c proto.Message) ([]proto.Message, error)
	// Apply changes s by one of today's events, and reports whether e is one.
	Apply(m Meta, s, e proto.Message) bool
}

// Target says which aggregate a command is for, and what it expects to find.
type Target struct {
	ID   string
	Mode Mode
}

// Mode says whether the aggregate of a command has to exist. An aggregate
// exists once it has an event.
type Mode int8

// The modes of a command, as declared in its options.
const (
	Update Mode = iota // the aggregate must exist
	Create             // the aggregate must not exist
	Upsert             // either is fine
)

// String returns the mode as it is written in the declaration, e.g. "MODE_CREATE".
func (m Mode) String() string {
	switch m {
	case Update:
		return "MODE_UPDATE"
	case Create:
		return "MODE_CREATE"
	case Upsert:
		return "MODE_UPSERT"
	}
	return "MODE_UNSPECIFIED"
}

// Check returns nil when an aggregate at the given version suits the mode,
// else [ErrNotFound] or [ErrExists]. Version 0 means that it does not exist.
func (m Mode) Check(version uint64) error {
	switch {
	case m == Update && version == 0:
		return ErrNotFound
	case m == Create && version > 0:
		return ErrExists
	}
	return nil
}

// Spec is what the declaration says of an aggregate type. It is not to be
// changed.
type Spec struct {
	Name          string        // full name of the state message, e.g. "bank.v1.Account"
	Topic         string        // e.g. "bank.v1.account"
	Partitions    int           // number of partitions of the topic
	Retention     time.Duration // how long events are kept; 0 is for ever
	SnapshotEvery int           // events between snapshots; 0 is never
	StateVersion  uint32        // raised by hand when Apply changes its meaning
	Fingerprint   string        // hash of the schema of the state
	Events        []EventSpec   // in order of declaration
	Commands      []string      // full names of the command messages, in order of declaration
}

// EventSpec is what the declaration says of one event type.
type EventSpec struct {
	Type    string   // the stored name, e.g. "bank.v1.AccountOpened"
	Message string   // full name of the message
	Aliases []string // further stored names
	Current bool     // whether it is still emitted
}
