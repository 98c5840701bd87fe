package wire_test

import (
	"errors"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	pb "github.com/esgen-dev/esgen/es/kafka/forward/internal/esgen/forward/v1"
	"github.com/esgen-dev/esgen/es/kafka/forward/internal/wire"
)

func ledger() es.Aggregate { return ledgerv1.LedgerType(ledgerv1.Behavior{}) }

// domain holds the errors of the service.
func domain() map[string]error { return map[string]error{"OVERDRAWN": ledgerv1.ErrOverdrawn} }

func noon() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 1000, time.UTC) }

func posted() proto.Message { return &ledgerv1.Posted{Entry: &ledgerv1.Entry{Amount: 5}} }

func receipt() es.Receipt {
	return es.Receipt{
		AggregateID: "a", CommandID: "c", First: 2, Version: 3, Time: noon(), Position: es.Position{Partition: 1, Offset: 7},
	}
}

// must returns what was encoded.
func must(tb testing.TB) func(data []byte, err error) []byte {
	tb.Helper()
	return func(data []byte, err error) []byte {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return data
	}
}

// requests are one of each kind, with every field.
func requests(tb testing.TB) [][]byte {
	tb.Helper()
	version := uint64(0)
	o := es.CommandOptions{CommandID: "c", CorrelationID: "r", Actor: "ada", Expect: &version}
	return [][]byte{
		must(tb)(wire.EncodeExecute(ledger(), &ledgerv1.Post{LedgerId: "a", Entry: &ledgerv1.Entry{Amount: 5}}, o)),
		must(tb)(wire.EncodeLoad(ledger(), "a", es.ReadOptions{AtVersion: 7, AtTime: noon(), Fresh: true})),
	}
}

// responses are one of each kind, with every field.
func responses(tb testing.TB) [][]byte {
	tb.Helper()
	duplicate := receipt()
	duplicate.Duplicate = true
	state := es.Revision[proto.Message]{AggregateID: "a", Version: 3, Time: noon(), State: &ledgerv1.Ledger{Id: "a", Balance: 5}}
	all := [][]byte{
		must(tb)(wire.EncodeExecuted(ledger(), receipt(), []proto.Message{posted(), posted()})),
		must(tb)(wire.EncodeExecuted(ledger(), duplicate, nil)),
		must(tb)(wire.EncodeLoaded(state)),
	}
	for _, err := range failures() {
		all = append(all, must(tb)(wire.EncodeFailure(err, domain())))
	}
	return all
}

func failures() []error {
	cause := errors.New("a cause")
	meta := es.Meta{AggregateID: "a", Version: 3, Time: noon(), CommandID: "c", CorrelationID: "r", Actor: "ada"}
	position := es.Position{Partition: 1, Offset: 7, Part: 2}
	return []error{
		es.ErrNotFound, ledgerv1.ErrOverdrawn, errors.New("unknown"), errors.Join(es.ErrOutcomeUnknown, kafka.ErrOverloaded),
		&es.ConflictError{Aggregate: "ledger.v1.Ledger", AggregateID: "a", Expected: 1, Current: 2},
		&es.PreconditionError{Command: "ledger.v1.Post", AggregateID: "a", Code: "LEDGER_CLOSED", Message: "status"},
		&es.InvalidCommandError{Command: "ledger.v1.Post", AggregateID: "a", Err: cause},
		&es.UndeclaredEventError{Command: "ledger.v1.Post", AggregateID: "a", Event: "nil"},
		&es.UnknownEventError{Aggregate: "ledger.v1.Ledger", Meta: meta, Type: "x", Position: position},
		&es.CorruptEventError{Aggregate: "ledger.v1.Ledger", Meta: meta, Type: "x", Position: position, Err: cause},
		&kafka.NotOwnerError{Aggregate: "ledger.v1.Ledger", AggregateID: "a", Partition: 7, Address: "https://b:1"},
		&kafka.LogError{Topic: "ledger.v1.ledger", Partition: 7, Offset: 8, Err: cause},
	}
}

// TestParts decodes every part of every message: none can be taken for a whole.
func TestParts(t *testing.T) {
	t.Parallel()
	for _, whole := range requests(t) {
		for n := range whole {
			if r, err := wire.DecodeRequest(whole[:n]); err == nil {
				t.Errorf("%d of %d bytes are a request: %v", n, len(whole), r)
			}
		}
	}
	for _, whole := range responses(t) {
		for n := range whole {
			if r, err := wire.DecodeResponse(whole[:n]); err == nil {
				t.Errorf("%d of %d bytes are a response: %v", n, len(whole), r)
			}
		}
	}
}

// TestReceipts checks that a receipt is the answer to its command.
func TestReceipts(t *testing.T) {
	t.Parallel()
	o := es.CommandOptions{CommandID: "c"}
	for name, tc := range map[string]struct {
		edit func(*pb.Executed)
		good bool
	}{
		"as it was":            {func(*pb.Executed) {}, true},
		"of another aggregate": {func(e *pb.Executed) { e.AggregateId = []byte("b") }, false},
		"of another command":   {func(e *pb.Executed) { e.CommandId = []byte("d") }, false},
		"without versions":     {func(e *pb.Executed) { e.First, e.Version = 0, 0 }, false},
		"backwards":            {func(e *pb.Executed) { e.First, e.Events = 5, nil }, false},
		"too many events":      {func(e *pb.Executed) { e.First = 3 }, false},
		"too few events":       {func(e *pb.Executed) { e.Events = e.GetEvents()[:1] }, false},
		"no events":            {func(e *pb.Executed) { e.First, e.Events = 4, nil }, true},
		"a duplicate":          {func(e *pb.Executed) { e.Duplicate, e.Events = true, nil }, true},
		"one with events":      {func(e *pb.Executed) { e.Duplicate = true }, false},
		"past all versions":    {func(e *pb.Executed) { e.Version = 1<<64 - 1 }, false},
	} {
		r, err := wire.DecodeResponse(responses(t)[0])
		if err != nil {
			t.Fatal(err)
		}
		tc.edit(r.GetExecuted())
		if _, _, err := wire.Executed(ledger(), "a", o, r.GetExecuted()); (err == nil) != tc.good {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := wire.Executed(ledger(), "a", es.CommandOptions{}, nil); err == nil {
		t.Error("nothing is a receipt")
	}
	if _, err := wire.Loaded(ledger(), "a", nil); err == nil {
		t.Error("nothing is a state")
	}
}

// boastful is a ledger that says of more messages that they are its commands.
type boastful struct{ es.Aggregate }

func (b boastful) Spec() *es.Spec {
	s := *b.Aggregate.Spec()
	s.Commands = []string{"google.protobuf.Timestamp", "ledger.v1.NotLinked"}
	return &s
}

// TestCommands makes a message of a name only when it is a command.
func TestCommands(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"google.protobuf.Timestamp", "ledger.v1.NotLinked", "ledger.v1.Post", ""} {
		if c, _, err := wire.Command(boastful{ledger()}, &pb.Execute{Command: name}); err == nil {
			t.Errorf("%q is the command %v", name, c)
		}
	}
}

// TestLaterCauses leaves out what later code may say.
func TestLaterCauses(t *testing.T) {
	t.Parallel()
	f := &pb.Failure{Causes: []*pb.Cause{
		{},
		{Kind: &pb.Cause_Sentinel{Sentinel: 99}},
		{Kind: &pb.Cause_Domain{Domain: "LATER"}},
		{Kind: &pb.Cause_Sentinel{Sentinel: pb.Sentinel_SENTINEL_EXISTS}},
	}}
	if causes := wire.Causes(f, domain()); len(causes) != 1 || !errors.Is(causes[0], es.ErrExists) {
		t.Errorf("causes %v, want %v alone", causes, es.ErrExists)
	}
}
