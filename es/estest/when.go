package estest

import (
	"fmt"
	"strconv"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
)

// When executes a command at the time of the last event, or at [Epoch]. Its
// events become part of what happened. A refusal is an outcome for ThenError.
func (k *Kit) When(c proto.Message, opts ...es.CommandOption) {
	k.t.Helper()
	k.when(Epoch(), c, opts)
}

// WhenAt executes a command at a time; at that of the last event when this is
// later, as an engine does.
func (k *Kit) WhenAt(at time.Time, c proto.Message, opts ...es.CommandOption) {
	k.t.Helper()
	k.when(at, c, opts)
}

func (k *Kit) when(at time.Time, c proto.Message, opts []es.CommandOption) {
	k.t.Helper()
	name := goName(c)
	if k.outcome.unseen {
		k.t.Fatalf("When %s: nothing has looked at the outcome of %s yet: add a Then between them", name, k.outcome.command)
	}
	k.commands++
	k.unseen = "" // should a method of the service panic, that is what to look at
	events, err := k.execute(at, c, es.NewCommandOptions(opts...))
	k.unseen = "When " + name
	k.outcome = outcome{command: name, events: events, err: err, unseen: true}
}

// execute does what an engine does with a command.
func (k *Kit) execute(at time.Time, c proto.Message, o es.CommandOptions) ([]proto.Message, error) {
	k.t.Helper()
	target, ok := k.aggregate.Target(c)
	switch {
	case !ok:
		return nil, es.NotACommand(k.aggregate.Spec().Name, "", c)
	case target.ID == "":
		return nil, es.ErrEmptyID
	case len(o.CommandID) > es.MaxCommandID:
		return nil, es.ErrCommandIDTooLong
	case o.CommandID == "":
		o.CommandID = numbered("command", uint64(k.commands)) //nolint:gosec // it counts up from 0
	}
	k.identify(target.ID)
	version := uint64(len(k.history))
	if o.Expect != nil && *o.Expect != version {
		return nil, &es.ConflictError{
			Aggregate: k.aggregate.Spec().Name, AggregateID: k.id, Expected: *o.Expect, Current: version,
		}
	}
	if err := target.Mode.Check(version); err != nil {
		return nil, fmt.Errorf("%s %q: %w", k.aggregate.Spec().Name, k.id, err)
	}
	m := es.Meta{
		AggregateID: k.id, Version: version, Time: es.EventTime(at, k.lastTime()),
		CommandID: o.CommandID, CorrelationID: o.CorrelationID, Actor: o.Actor,
	}
	events, err := k.decide(m, c)
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		m.Version++
		k.store(m, e)
	}
	return events, nil
}

// identify gives the aggregate its id.
func (k *Kit) identify(id string) {
	k.t.Helper()
	if k.id != "" && k.id != id {
		k.t.Fatalf("the command is for %q, the command before it was for %q: a kit is one aggregate", id, k.id)
	}
	k.id = id
}

// decide calls the handler twice, on equal states, and returns what it
// decided. A failure is the handler's own, or that of a precondition.
func (k *Kit) decide(m es.Meta, c proto.Message) ([]proto.Message, error) {
	k.t.Helper()
	method := "Handle" + goName(c)
	state := k.replay()
	before, command := proto.Clone(state), proto.Clone(c)
	events, err := k.aggregate.Handle(m, state, c)
	if !proto.Equal(before, state) {
		k.t.Fatalf("%s changes the state; it may only decide, Apply methods change (-before +after):\n%s",
			method, diff(lines(before), lines(state)))
	}
	if !proto.Equal(command, c) {
		k.t.Fatalf("%s changes the command (-before +after):\n%s", method, diff(lines(command), lines(c)))
	}
	k.declared(method, events)
	again, errAgain := k.aggregate.Handle(m, state, command)
	k.decidedAlike(method, events, again, err, errAgain)
	for _, e := range again {
		poison(e.ProtoReflect())
	}
	if !proto.Equal(before, state) {
		k.t.Fatalf("%s returns an event that shares memory with the state; copy what it takes from there "+
			"(-before +after the event was overwritten):\n%s", method, diff(lines(before), lines(state)))
	}
	return events, err // a domain error comes back as itself
}

// declared checks that the events of a handler are events of the aggregate.
func (k *Kit) declared(method string, events []proto.Message) {
	k.t.Helper()
	for i, e := range events {
		switch {
		case e == nil || !e.ProtoReflect().IsValid():
			k.t.Fatalf("%s returns nil as event %d of %d", method, i+1, len(events))
		case k.aggregate.TypeOf(e) == "":
			k.t.Fatalf("%s returns %s, which is not an event of %s",
				method, e.ProtoReflect().Descriptor().FullName(), k.aggregate.Spec().Name)
		}
	}
}

// decidedAlike checks that two decisions on equal states are equal.
func (k *Kit) decidedAlike(method string, first, second []proto.Message, err, errAgain error) {
	k.t.Helper()
	if quoted(err) != quoted(errAgain) {
		k.t.Fatalf("%s is not deterministic: it returned %s, and on an equal state %s",
			method, quoted(err), quoted(errAgain))
	}
	if !equalLists(first, second) {
		k.t.Fatalf("%s is not deterministic (-first +second decision on an equal state):\n%s",
			method, diff(lines(first...), lines(second...)))
	}
}

func quoted(err error) string {
	if err == nil {
		return "no error"
	}
	return strconv.Quote(err.Error())
}

func numbered(name string, n uint64) string { return name + "-" + strconv.FormatUint(n, 10) }
