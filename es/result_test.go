package es_test

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
)

// Whatever makes two answers different commands has to make their ids
// different, and nothing else.
func TestEvent_FollowUpID(t *testing.T) {
	t.Parallel()
	event := func(change func(*es.Event[proto.Message])) es.Event[proto.Message] {
		e := es.Event[proto.Message]{Type: "a.B", Meta: es.Meta{AggregateID: "x", Version: 12}}
		change(&e)
		return e
	}
	same := func(*es.Event[proto.Message]) {}
	ids := map[string]string{}
	for name, id := range map[string]string{
		"base":      event(same).FollowUpID("p"),
		"purpose":   event(same).FollowUpID("q"),
		"none":      event(same).FollowUpID(""),
		"aggregate": event(func(e *es.Event[proto.Message]) { e.AggregateID = "y" }).FollowUpID("p"),
		"version":   event(func(e *es.Event[proto.Message]) { e.Version = 13 }).FollowUpID("p"),
		"type":      event(func(e *es.Event[proto.Message]) { e.Type = "a.C" }).FollowUpID("p"),
		"part":      event(func(e *es.Event[proto.Message]) { e.Position.Part = 1 }).FollowUpID("p"),
		"shifted":   event(func(e *es.Event[proto.Message]) { e.AggregateID, e.Version = "x1", 2 }).FollowUpID("p"),
	} {
		if other, taken := ids[id]; taken {
			t.Errorf("%s and %s have the same id", name, other)
		}
		ids[id] = name
		if len(id) == 0 || len(id) > es.MaxCommandID {
			t.Errorf("%s: id %q has %d bytes", name, id, len(id))
		}
	}
	moved := event(func(e *es.Event[proto.Message]) {
		e.Position.Partition, e.Position.Offset, e.CommandID, e.Actor = 3, 99, "c", "ada"
	})
	if moved.FollowUpID("p") != event(same).FollowUpID("p") {
		t.Error("the id depends on where the event lies")
	}
}
