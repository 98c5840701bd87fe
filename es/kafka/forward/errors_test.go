package forward_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/forward"
)

// answers is a store that answers what it is told to.
type answers struct {
	es.Store

	receipt  es.Receipt
	events   []proto.Message
	revision es.Revision[proto.Message]
	err      error
}

func (a answers) Execute(context.Context, proto.Message, es.CommandOptions) (es.Receipt, []proto.Message, error) {
	return a.receipt, a.events, a.err
}

func (a answers) Load(context.Context, string, es.ReadOptions) (es.Revision[proto.Message], error) {
	return a.revision, a.err
}

// through returns the error that a caller gets when the engine returns err.
func through(t *testing.T, err error, opts ...forward.ClientOption) error {
	t.Helper()
	url := serve(t, newHandler(t, local{ledger(), answers{err: err}}))
	c := newClient(t, opts...)
	_, _, executed := c.Execute(t.Context(), url, ledger(), post(1), es.CommandOptions{})
	_, loaded := c.Load(t.Context(), url, ledger(), "a", es.ReadOptions{})
	if executed == nil || loaded == nil || executed.Error() != loaded.Error() {
		t.Fatalf("a command fails with %v, and a load with %v", executed, loaded)
	}
	remote, ok := errors.AsType[*forward.RemoteError](executed)
	if !ok || remote.Address != url || remote.Text != executed.Error() {
		t.Fatalf("error %+v, want a RemoteError of %s", executed, url)
	}
	return executed
}

// sentinels are all errors that are nothing but themselves.
func sentinels() []error {
	return []error{
		es.ErrNotFound, es.ErrExists, es.ErrConflict, es.ErrEmptyID, es.ErrCommandIDTooLong, es.ErrOutcomeUnknown, es.ErrClosed,
		kafka.ErrOverloaded, kafka.ErrForgotten, context.Canceled, context.DeadlineExceeded, ledgerv1.ErrOverdrawn,
	}
}

// TestSentinels has each of them, and each two of them, come through.
func TestSentinels(t *testing.T) {
	t.Parallel()
	check := func(err error) {
		got := through(t, err)
		if got.Error() != err.Error() {
			t.Errorf("error %q, want %q", got, err)
		}
		for _, s := range sentinels() {
			if errors.Is(got, s) != errors.Is(err, s) {
				t.Errorf("%v: errors.Is with %v is %v, want %v", err, s, errors.Is(got, s), errors.Is(err, s))
			}
		}
	}
	for i, s := range sentinels() {
		check(s)
		check(fmt.Errorf("about %q: %w", "\u65e5", s))
		check(fmt.Errorf("%w (%w)", s, sentinels()[(i+1)%len(sentinels())]))
	}
}

// TestTyped has every error with fields come through as it was.
func TestTyped(t *testing.T) {
	t.Parallel()
	const id = "not UTF-8: \xff"
	meta := es.Meta{
		AggregateID: id, Version: 1 << 63, Time: time.Date(2026, 3, 1, 12, 0, 0, 1000, time.UTC),
		CommandID: "c\xff", CorrelationID: "r\xff", Actor: "a\xff",
	}
	position := es.Position{Partition: 3, Offset: 1 << 40, Part: 2}
	cause := errors.New("a cause")
	for _, want := range []error{
		&es.ConflictError{Aggregate: "ledger.v1.Ledger", AggregateID: id, Expected: 0, Current: 1 << 63},
		&es.PreconditionError{Command: "ledger.v1.Post", AggregateID: id, Code: "LEDGER_CLOSED", Message: "status must be OPEN"},
		&es.InvalidCommandError{Command: "ledger.v1.Post", AggregateID: id, Err: cause},
		&es.UndeclaredEventError{Command: "ledger.v1.Post", AggregateID: id, Event: "nil"},
		&es.UnknownEventError{Aggregate: "ledger.v1.Ledger", Meta: meta, Type: "x\xff", Position: position},
		&es.UnknownEventError{},
		&es.CorruptEventError{Aggregate: "ledger.v1.Ledger", Meta: meta, Type: "x\xff", Position: position, Err: cause},
		&kafka.NotOwnerError{Aggregate: "ledger.v1.Ledger", AggregateID: id, Partition: 7, Address: "https://newer:1/forward"},
		&kafka.NotOwnerError{},
		&kafka.LogError{Topic: "ledger.v1.ledger", Partition: 7, Offset: 1 << 40, Err: cause},
	} {
		got := through(t, fmt.Errorf("about it: %w", want))
		target := reflect.New(reflect.TypeOf(want))
		if !errors.As(got, target.Interface()) || !reflect.DeepEqual(target.Elem().Interface(), any(want)) {
			t.Errorf("%#v, want %#v", target.Elem().Interface(), want)
		}
	}
	conflict := through(t, &es.ConflictError{})
	if !errors.Is(conflict, es.ErrConflict) {
		t.Errorf("%v is not %v", conflict, es.ErrConflict)
	}
	if !errors.Is(through(t, &es.PreconditionError{Code: "A"}), es.Precondition("A")) {
		t.Error("a precondition is not found by its code")
	}
}

// TestDomainErrors has those that both sides name come through, and of others
// the text.
func TestDomainErrors(t *testing.T) {
	t.Parallel()
	errUnlisted := errors.New("not listed")
	invalid := &es.InvalidCommandError{Command: "ledger.v1.Post", AggregateID: "a", Err: ledgerv1.ErrOverdrawn}
	if err := through(t, invalid); !errors.Is(err, ledgerv1.ErrOverdrawn) {
		t.Errorf("what a validator said: %v, want one that is %v", err, ledgerv1.ErrOverdrawn)
	}
	if err := through(t, errUnlisted); errors.Is(err, errUnlisted) || err.Error() != "not listed" {
		t.Errorf("error %v, want the text", err)
	}
	stranger := forward.DomainErrors(map[string]error{"OVERDRAWN": errUnlisted, "OTHER": ledgerv1.ErrOverdrawn})
	if err := through(t, ledgerv1.ErrOverdrawn, stranger); !errors.Is(err, errUnlisted) {
		t.Errorf("error %v, want the one that has the code", err)
	}
	text := strings.Repeat("x", 1<<20) + "\xff"
	if err := through(t, errors.New(text)); !strings.HasPrefix(text, err.Error()) || len(err.Error()) < 1000 {
		t.Errorf("a long text has %d bytes", len(err.Error()))
	}
	if err := through(t, errors.New("\xff")); err.Error() != "\uFFFD" {
		t.Errorf("a text that is not UTF-8: %q", err)
	}
}

// TestOptionsTravel has the options of commands and loads come to the engine as
// they are, whatever bytes they hold.
func TestOptionsTravel(t *testing.T) {
	t.Parallel()
	store := &recording{}
	c, url := newClient(t), serve(t, newHandler(t, local{ledger(), store}))
	version, zero := uint64(1<<63), uint64(0)
	for _, o := range []es.CommandOptions{
		{},
		{CommandID: "c", CorrelationID: "r", Actor: "ada", Expect: &version},
		{CommandID: "\x00\xff", CorrelationID: "\xfe", Actor: "\xfd", Expect: &zero},
		{CommandID: strings.Repeat("x", es.MaxCommandID+1)},
	} {
		command := &ledgerv1.Attach{LedgerId: "\u65e5\x00", Data: []byte("\xff")}
		_, _, err := c.Execute(t.Context(), url, ledger(), command, o)
		if err == nil || !reflect.DeepEqual(store.command, o) || !proto.Equal(store.message, command) {
			t.Errorf("the engine was given %+v and %v, want %+v and %v", store.command, store.message, o, command)
		}
	}
	at := time.Date(2026, 3, 1, 12, 0, 0, 1, time.FixedZone("", 3600))
	for _, o := range []es.ReadOptions{
		{}, {AtVersion: 1 << 63}, {AtTime: at}, {Fresh: true}, {AtTime: time.Unix(-1<<40, 0)}, {AtTime: time.Unix(1<<40, 0)},
	} {
		_, err := c.Load(t.Context(), url, ledger(), "\xff", o)
		same := store.read.AtTime.Equal(o.AtTime) && store.read.AtTime.IsZero() == o.AtTime.IsZero()
		store.read.AtTime = o.AtTime
		if err == nil || !same || store.read != o || store.id != "\xff" {
			t.Errorf("the engine was given %+v and %q, want %+v", store.read, store.id, o)
		}
	}
}

// recording is a store that keeps what it was given.
type recording struct {
	es.Store

	message proto.Message
	command es.CommandOptions
	id      string
	read    es.ReadOptions
}

func (r *recording) Execute(_ context.Context, c proto.Message, o es.CommandOptions) (es.Receipt, []proto.Message, error) {
	r.message, r.command = c, o
	return es.Receipt{}, nil, es.ErrClosed
}

func (r *recording) Load(_ context.Context, id string, o es.ReadOptions) (es.Revision[proto.Message], error) {
	r.id, r.read = id, o
	return es.Revision[proto.Message]{}, es.ErrClosed
}

// TestMalformedCommand is refused as the engine refuses it, and is not sent.
func TestMalformedCommand(t *testing.T) {
	t.Parallel()
	c, url := newClient(t), serve(t, newHandler(t, untouched{}))
	for name, command := range map[string]proto.Message{
		"nothing":             nil,
		"an event":            &ledgerv1.Posted{},
		"text that is not so": &ledgerv1.OpenLedger{LedgerId: "a", Owner: "\xff"},
	} {
		_, _, err := c.Execute(t.Context(), url, ledger(), command, es.CommandOptions{})
		if _, ok := errors.AsType[*es.InvalidCommandError](err); !ok {
			t.Errorf("%s: error %v, want an InvalidCommandError", name, err)
		}
	}
}
