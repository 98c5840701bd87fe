package record

import (
	"errors"
	"fmt"

	"github.com/esgen-dev/esgen/es"
)

// Event is an event as it lies in the events topic.
type Event struct {
	// Record is what the engine stores; its AggregateID is the key, its Version
	// that of the sequence. Position and Producer are not part of the formats.
	es.Record

	Sequence Sequence
	Schema   Schema // how the value says which schema it has
	Producer Producer
}

// Envelope says in which headers the metadata of an event are written.
type Envelope int8

// The envelopes.
const (
	CloudEvents Envelope = iota // the attributes of CloudEvents
	Compact                     // short headers of our own
)

// Format is how events are written. Both envelopes are read, always.
type Format struct {
	Envelope Envelope
	Source   string // ce_source, a URI reference that is not empty
}

// ParseEvent reads a record of the events topic. It fails with [ErrForeign]
// when there is no "es" header. The Data of the event are part of value.
func ParseEvent[H AnyHeader](key, value []byte, headers []H) (*Event, error) {
	ev := new(Event)
	if err := ReadEvent(ev, key, value, headers); err != nil {
		return nil, err
	}
	return ev, nil
}

// ReadEvent is [ParseEvent] for who reads many events and keeps none: it puts
// another event in the place of ev, and takes over the texts that both have.
// When it fails ev is of no use.
func ReadEvent[H AnyHeader](ev *Event, key, value []byte, headers []H) error {
	var f fields
	if err := collect(&f, headers); err != nil {
		return err
	}
	if !f.has(slotSequence) {
		return ErrForeign
	}
	if len(key) == 0 {
		return errors.New("the record has no key, which is the aggregate id")
	}
	var err error
	if ev.Sequence, err = ParseSequence(f.value[slotSequence]); err != nil {
		return err
	}
	set(&ev.AggregateID, key)
	ev.Version, ev.Position, ev.Producer = ev.Sequence.Aggregate, es.Position{}, 0
	if err := f.metadata(ev); err != nil {
		return err
	}
	if f.has(slotSchema) {
		ev.Schema, ev.Data, err = unframeHeader(f.value[slotSchema], value)
	} else {
		ev.Schema, ev.Data, err = unframe(value)
	}
	return err
}

// set sets a text, which costs memory only if it is another one.
func set(text *string, b []byte) {
	if string(b) != *text {
		*text = string(b)
	}
}

func checkCommandID(id string) error {
	switch {
	case id == "":
		return fmt.Errorf("header %q: the command id is empty", keyCommand)
	case len(id) > es.MaxCommandID:
		return fmt.Errorf("header %q has %d bytes: %w", keyCommand, len(id), es.ErrCommandIDTooLong)
	}
	return nil
}
