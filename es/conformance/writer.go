package conformance

import (
	"context"
	"sync"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// stored is an event as some version of the code stored it, and what today's
// code reads it as.
type stored struct {
	proto.Message

	as    string // the stored name
	today []ledgerv1.LedgerEvent
}

// storedAs returns events of today.
func storedAs(events ...ledgerv1.LedgerEvent) []stored {
	out := make([]stored, len(events))
	for i, e := range events {
		out[i] = oldEvent(e, e)
	}
	return out
}

// oldEvent returns an event that is stored under the name of its message.
func oldEvent(e proto.Message, today ...ledgerv1.LedgerEvent) stored {
	return stored{Message: e, as: string(e.ProtoReflect().Descriptor().FullName()), today: today}
}

// oldBatch returns an event that today's code reads as one Posted per amount.
func oldBatch(amounts ...int64) stored {
	old := &ledgerv1.BatchMade{}
	var today []ledgerv1.LedgerEvent
	for _, n := range amounts {
		old.Entries = append(old.Entries, &ledgerv1.Entry{Amount: n})
		today = append(today, &ledgerv1.Posted{Entry: &ledgerv1.Entry{Amount: n}})
	}
	return oldEvent(old, today...)
}

// unknownType is the name of an event that today's code does not know.
const unknownType = "ledger.v1.LedgerMerged"

// unknownEvent returns an event of newer code.
func unknownEvent() stored {
	return stored{Message: wrapperspb.String("another ledger"), as: unknownType}
}

// writer stands for all other versions of the code: its handler returns what
// it is told to, and what it stores means nothing to it. It has a fingerprint
// of its own, so its snapshots are not for today's code.
type writer struct {
	es.Aggregate

	spec  es.Spec
	store es.Store
	mu    sync.Mutex // guards next
	next  []stored
}

func newWriter(engine es.Engine) *writer {
	w := &writer{Aggregate: ledgerv1.LedgerType(ledgerv1.Behavior{})}
	w.spec = *w.Aggregate.Spec()
	w.spec.Fingerprint = "of another version"
	w.store = engine.Bind(w)
	return w
}

// append stores events in one command.
func (w *writer) append(ctx context.Context, id string, events []stored) (es.Receipt, error) {
	w.mu.Lock()
	w.next = events
	w.mu.Unlock()
	r, _, err := w.store.Execute(ctx, &ledgerv1.Attach{LedgerId: id}, es.CommandOptions{})
	return r, err
}

// Spec implements [es.Events].
func (w *writer) Spec() *es.Spec { return &w.spec }

// Handle implements [es.Aggregate].
func (w *writer) Handle(es.Meta, proto.Message, proto.Message) ([]proto.Message, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	events := make([]proto.Message, len(w.next))
	for i, e := range w.next {
		events[i] = e
	}
	return events, nil
}

// TypeOf implements [es.Events].
func (w *writer) TypeOf(e proto.Message) string {
	if st, ok := e.(stored); ok {
		return st.as
	}
	return w.Aggregate.TypeOf(e)
}

// New implements [es.Events]. Any event decodes as an empty message.
func (*writer) New(string) (proto.Message, bool) { return &emptypb.Empty{}, true }

// Apply implements [es.Aggregate].
func (*writer) Apply(es.Meta, proto.Message, proto.Message) bool { return true }
