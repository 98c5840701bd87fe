package kafka

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
)

// Forwarder executes commands, and loads aggregates, at the process that owns
// them. What it calls there is [Engine.Local], which never forwards: so there
// is one hop at most, and the caller gets a [*NotOwnerError] after it when the
// partition has moved on. Package es/kafka/forward has one over HTTP. Safe for
// concurrent use.
type Forwarder interface {
	// Execute executes a command at an address, as [es.Store] does. An error
	// that leaves open whether the command was executed is to be an
	// [es.ErrOutcomeUnknown].
	Execute(ctx context.Context, address string, a es.Aggregate, c proto.Message, o es.CommandOptions) (
		es.Receipt, []proto.Message, error)
	// Load loads an aggregate at an address, as [es.Store] does.
	Load(ctx context.Context, address string, a es.Aggregate, id string, o es.ReadOptions) (
		es.Revision[proto.Message], error)
}

// Propagator carries the context of a trace in the headers of events. Package
// es/otel has one. Safe for concurrent use.
type Propagator interface {
	// Inject returns the headers for the events of a command.
	Inject(ctx context.Context) []kgo.RecordHeader
	// Extract returns the context for who reads an event.
	Extract(ctx context.Context, headers []kgo.RecordHeader) context.Context
}
