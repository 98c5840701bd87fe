// Package model turns linked Protobuf descriptors into the Model: the
// aggregates, commands, events, views and processes that a declaration holds,
// with their names, comments, positions and links.
//
// The Model is built once, by [Build]. Everything behind it (the emitters, the
// schema writer, the gate, the catalogue) reads the Model and nothing else, so
// every rule about what a declaration may say is here, as a row of [Rules].
//
// A Model that came with a finding of severity error is not fit for emission.
//
// It does not read files, knows nothing of Go syntax beyond names, and never
// prints.
package model

import (
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/es"
)

// Model is what a set of .proto files declares.
type Model struct {
	// Packages are the Go packages that hold aggregates, by import path.
	Packages []*Package
	// Views and Processes, by full name.
	Views     []*View
	Processes []*Process
}

// Package is a Go package with aggregates.
type Package struct {
	ImportPath string // e.g. "example.com/bank/gen/bank/v1"
	Name       string // e.g. "bankv1"
	Dir        string // slash-separated, below the output root; "." is the root
	Aggregates []*Aggregate
}

// Message is what every declaration has.
type Message struct {
	FullName   protoreflect.FullName // e.g. "bank.v1.AccountOpened"
	GoName     string                // e.g. "AccountOpened"
	Comment    string                // the leading comment, without markers; lines end in "\n"
	Deprecated bool
	Position   diag.Position // of the message's name
	Desc       protoreflect.MessageDescriptor
}

// Aggregate is a declared aggregate.
type Aggregate struct {
	Message
	Names         Names
	File          string // the .proto file, as imported, e.g. "bank/v1/account.proto"
	Output        string // the generated files' path below the output root, without suffix, e.g. "bank/v1/account"
	Topic         Topic
	SnapshotEvery int
	StateVersion  uint32
	Fingerprint   string // hash of the schema of the state
	Commands      []*Command
	Events        []*Event // those of today and the old ones, in order of declaration
}

// Topic is the log of an aggregate type.
type Topic struct {
	Name       string
	Partitions int
	Retention  time.Duration // 0 is for ever
}

// Command is a declared command.
type Command struct {
	Message
	Aggregate *Aggregate
	Mode      es.Mode
	IDGetter  string // e.g. "GetAccountId"
	Outcome   string // e.g. "WithdrawOutcome"
	Emits     []*Event
	Require   []*Precondition
}

// Precondition is a condition on one field of the state. Exactly one of In,
// NotIn and Is is set.
type Precondition struct {
	Field   string // e.g. "status"
	Getter  string // e.g. "GetStatus"
	In      []EnumValue
	NotIn   []EnumValue
	Is      *bool
	Code    string // e.g. "ACCOUNT_CLOSED"
	Message string // never empty
}

// EnumValue is a value of an enum, as Go code writes it. Values with one
// number stand once.
type EnumValue struct {
	Go   Ident
	Name string // e.g. "STATUS_OPEN"
}

// Ident is an exported Go identifier.
type Ident struct {
	ImportPath string
	Name       string
}

// Event is a declared event.
type Event struct {
	Message
	Aggregate  *Aggregate
	StoredType string // the name in the log
	Aliases    []string
	Fate       Fate
	ReplacedBy *Event // for Replaced
	EmittedBy  []*Command
	PII        []PersonalData
	Registry   Registry
}

// Current reports whether the event is still emitted.
func (e *Event) Current() bool { return e.Fate == Current }

// Upcast reports whether the service writes an Upcast method for the event.
func (e *Event) Upcast() bool { return e.Fate == Replaced || e.Fate == Split }

// Fate says what became of an event.
type Fate int8

// The fates of an event.
const (
	Current  Fate = iota // still emitted
	Replaced             // by one other event, one to one
	Split                // into any number of others
	Retired              // read and skipped
)

// String says it in words, e.g. "retired".
func (f Fate) String() string {
	switch f {
	case Replaced:
		return "replaced by another event"
	case Split:
		return "upcast to other events"
	case Retired:
		return "retired"
	default:
		return "still emitted"
	}
}

// PersonalData is a field that holds personal data.
type PersonalData struct {
	Field    protoreflect.FullName
	Subject  string // the sibling field that holds the person's id; "" for the aggregate's id
	Category string
}

// View is a declared read model.
type View struct {
	Message
	Events  []*Event
	Ignores []*Event
	Key     []string
	Version uint32
}

// Process is a declared long-running reaction.
type Process struct {
	Message
	Events []*Event
	Sends  []*Command
	Key    string
	Timers []Timer
}

// Timer is a point in time that a process may wait for.
type Timer struct {
	Name  string
	After time.Duration
}

// Old returns the events that are no longer emitted, in order of declaration.
func (a *Aggregate) Old() []*Event { return a.filter(func(e *Event) bool { return !e.Current() }) }

// Today returns the events that are still emitted, in order of declaration.
func (a *Aggregate) Today() []*Event { return a.filter((*Event).Current) }

// Upcasts returns the events with an Upcast method, in order of declaration.
func (a *Aggregate) Upcasts() []*Event { return a.filter((*Event).Upcast) }

func (a *Aggregate) filter(keep func(*Event) bool) []*Event {
	var events []*Event
	for _, e := range a.Events {
		if keep(e) {
			events = append(events, e)
		}
	}
	return events
}
