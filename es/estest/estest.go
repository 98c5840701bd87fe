// Package estest tests the behaviour of an aggregate: given what happened,
// when a command comes, then these events follow.
//
// Services use it through the typed kits that esgen generates beside the
// aggregate, in the package with the suffix "test":
//
//	bankv1test.Account(t, Account{}).
//		Given(&bankv1.AccountOpened{Owner: "ada"}).
//		When(&bankv1.Withdraw{AccountId: "acc-1", AmountCents: 5}).
//		ThenError(es.Precondition("ACCOUNT_CLOSED"))
//
// A kit is one aggregate. Its history is what was given and what its commands
// led to, so When and Then may be repeated. Every When needs a Then that looks
// at its outcome before the next When or the end of the test; what was given
// needs a When or a ThenState.
//
// # What is fixed
//
// The id of the aggregate is that in the first command, also for what was given
// before it; [DefaultID] when ThenState comes without a command. Everything
// happens at [Epoch] unless GivenAt or WhenAt say otherwise, and time stands
// still after them. Given events have the command ids "given-1", "given-2",
// and so on, commands without an id "command-1" and so on.
//
// # What is checked besides
//
// Events pass through their bytes, and commands meet the mode, the expected
// version and the preconditions, as they do in an engine. Besides, each of
// these ends the test with the name of the method at fault:
//
//   - an Apply method that keeps a part of the event: the event is scrambled
//     after each Apply, and the state has to stay as it was
//   - an Apply or Upcast method that is not deterministic: every history is
//     replayed twice
//   - a Handle method that changes the state or the command, that decides
//     differently the second time, or returns an event that shares memory with
//     the state
//   - a Handle method that returns nil, or an event of another aggregate
//   - a state that cannot be encoded, and so has no snapshot
//
// # What is not
//
// There is no engine: nothing is stored, no validator runs, and a command id
// that is used twice is decided twice. Test these against package memory.
package estest

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
)

// DefaultID is the id of an aggregate that no command names.
const DefaultID = "aggregate-1"

// Epoch returns when everything happens unless a test says otherwise: the
// start of the year 2020 in UTC.
func Epoch() time.Time { return time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC) }

// Kit is a test in progress. Its methods report to the test and return
// nothing: the typed kits chain them. Not safe for concurrent use.
type Kit struct {
	helper // Helper marks the caller as a test helper, as that of testing.TB does

	t         testing.TB
	aggregate es.Aggregate
	id        string       // empty until a command names it
	history   []*es.Record // the ids of their aggregate are set when replayed
	commands  int          // how many were executed
	outcome   outcome      // of the last command
	unseen    string       // what needs a Then before the test ends, or ""
}

type helper interface{ Helper() }

// outcome is what became of a command.
type outcome struct {
	command string // its Go name; empty when there was no command
	events  []proto.Message
	err     error
	unseen  bool // no Then has looked at it yet
}

// New starts a test of an aggregate.
func New(tb testing.TB, a es.Aggregate) *Kit {
	tb.Helper()
	k := &Kit{helper: tb, t: tb, aggregate: a}
	tb.Cleanup(func() {
		if k.unseen != "" && !tb.Failed() {
			tb.Errorf("%s is all there is, and checks nothing: add a Then, ThenNothing, ThenError or ThenState", k.unseen)
		}
	})
	return k
}

// Given adds events to what happened, at the time of the last event, or at
// [Epoch]. Old events are fine: they are upcast as those of a log are.
func (k *Kit) Given(events ...proto.Message) {
	k.t.Helper()
	k.given("Given", es.EventTime(Epoch(), k.lastTime()), events)
}

// GivenAt adds events that happened at a time, which is not before that of the
// event before them.
func (k *Kit) GivenAt(at time.Time, events ...proto.Message) {
	k.t.Helper()
	at = es.EventTime(at, time.Time{})
	if last := k.lastTime(); at.Before(last) {
		k.t.Fatalf("GivenAt %s: the event before happened later, at %s; no engine stores such a history",
			at.Format(time.RFC3339Nano), last.Format(time.RFC3339Nano))
	}
	k.given("GivenAt", at, events)
}

func (k *Kit) given(method string, at time.Time, events []proto.Message) {
	k.t.Helper()
	for i, e := range events {
		if e == nil || !e.ProtoReflect().IsValid() {
			k.t.Fatalf("%s: event %d of %d is nil", method, i+1, len(events))
		}
		n := uint64(len(k.history)) + 1
		k.store(es.Meta{Version: n, Time: at, CommandID: numbered("given", n)}, e)
	}
	if k.unseen == "" {
		k.unseen = method
	}
}

// store encodes an event at the end of the history.
func (k *Kit) store(m es.Meta, e proto.Message) {
	k.t.Helper()
	typ := k.storedName(e)
	if typ == "" {
		k.t.Fatalf("%s is not an event of %s", e.ProtoReflect().Descriptor().FullName(), k.aggregate.Spec().Name)
	}
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(e)
	if err != nil {
		k.t.Fatalf("%s cannot be encoded: %v", e.ProtoReflect().Descriptor().FullName(), err)
	}
	k.history = append(k.history, &es.Record{
		Meta: m, Type: typ, Data: data, Position: es.Position{Offset: int64(len(k.history))},
	})
}

// storedName returns the name under which an event of today or an old one is
// stored, or "".
func (k *Kit) storedName(e proto.Message) string {
	if typ := k.aggregate.TypeOf(e); typ != "" {
		return typ
	}
	name := string(e.ProtoReflect().Descriptor().FullName())
	for _, ev := range k.aggregate.Spec().Events {
		if ev.Message == name {
			return ev.Type
		}
	}
	return ""
}

func (k *Kit) lastTime() time.Time {
	if n := len(k.history); n > 0 {
		return k.history[n-1].Time
	}
	return time.Time{}
}
