package estest

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
)

// replay returns the state after the history. It folds the history twice, side
// by side, and fails the test by the first method that does what it may not.
func (k *Kit) replay() proto.Message {
	k.t.Helper()
	if k.id == "" {
		k.id = DefaultID
	}
	state, second := k.aggregate.NewState(), k.aggregate.NewState()
	for _, r := range k.history {
		r.AggregateID = k.id
		events, again := k.decode(r), k.decode(r)
		if !equalLists(events, again) {
			k.t.Fatalf("Upcast%s is not deterministic (-first +second):\n%s",
				shortName(r.Type), diff(lines(events...), lines(again...)))
		}
		for i, e := range events {
			k.apply(r.Meta, state, e)
			k.apply(r.Meta, second, again[i])
			if !proto.Equal(state, second) {
				k.t.Fatalf("Apply%s is not deterministic (-first +second):\n%s",
					goName(e), diff(lines(state), lines(second)))
			}
		}
	}
	return state
}

// decode returns today's events for a stored one.
func (k *Kit) decode(r *es.Record) []proto.Message {
	k.t.Helper()
	first, rest, err := r.Decode(k.aggregate)
	if err != nil {
		k.t.Fatalf("event %d of the history: %v", r.Version, err)
	}
	if first != nil {
		return []proto.Message{first}
	}
	return rest
}

// apply changes the state by an event, and overwrites the event.
func (k *Kit) apply(m es.Meta, state, e proto.Message) {
	k.t.Helper()
	method := "Apply" + goName(e)
	if !k.aggregate.Apply(m, state, e) {
		k.t.Fatalf("%s is not an event that the aggregate applies", e.ProtoReflect().Descriptor().FullName())
	}
	if _, err := proto.Marshal(state); err != nil {
		k.t.Fatalf("%s leaves a state that cannot be encoded, so there is no snapshot of it: %v", method, err)
	}
	before := proto.Clone(state)
	poison(e.ProtoReflect())
	if !proto.Equal(before, state) {
		k.t.Fatalf("%s keeps a reference to the event; copy what the state needs "+
			"(-before +after the event was overwritten):\n%s", method, diff(lines(before), lines(state)))
	}
}

// goName returns the Go name of a message type, as the methods of a behaviour
// carry it.
func goName(m proto.Message) string {
	if m == nil {
		return "nil"
	}
	return shortName(fmt.Sprintf("%T", m))
}

// shortName returns what follows the last dot.
func shortName(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }
