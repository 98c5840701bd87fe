package es

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"
)

// Record is a stored event: the envelope and the bytes. Engines keep these.
type Record struct {
	Meta
	Type     string   // the stored name
	Data     []byte   // the event in Protobuf's binary form; may be empty
	Position Position // Part is 0
}

// Decode returns today's events for a stored one, in a fresh message each:
// the event itself in first, or what it was upcast to in rest; first is nil
// for an event that was upcast. It fails with an [*UnknownEventError] or a
// [*CorruptEventError].
//
// It is the only way from bytes to events, so that no engine can forget to
// upcast or skip what it does not know.
func (r *Record) Decode(e Events) (first proto.Message, rest []proto.Message, err error) {
	m, current := e.New(r.Type)
	if m == nil {
		return nil, nil, &UnknownEventError{Aggregate: e.Spec().Name, Meta: r.Meta, Type: r.Type, Position: r.Position}
	}
	if err := proto.Unmarshal(r.Data, m); err != nil {
		return nil, nil, r.corrupt(e, err)
	}
	if current {
		return m, nil, nil
	}
	rest, err = e.Upcast(r.Meta, m)
	if err != nil {
		return nil, nil, r.corrupt(e, err)
	}
	for i, up := range rest {
		if up == nil || !up.ProtoReflect().IsValid() {
			return nil, nil, r.corrupt(e, fmt.Errorf("the Upcast method returned nil as event %d of %d: leave it out", i+1, len(rest)))
		}
	}
	return nil, rest, nil
}

// Replay changes s by a stored event. It fails as Decode does, and s is then
// as it was; and it fails when the aggregate does not apply what Decode
// returned, after which s is of no use.
func (r *Record) Replay(a Aggregate, s proto.Message) error {
	first, rest, err := r.Decode(a)
	if err != nil {
		return err
	}
	if first != nil && !a.Apply(r.Meta, s, first) {
		return r.corrupt(a, errNotApplied(first))
	}
	for _, e := range rest {
		if !a.Apply(r.Meta, s, e) {
			return r.corrupt(a, errNotApplied(e))
		}
	}
	return nil
}

// Yield passes today's events for a stored one to yield, from the given part
// on, and reports whether to go on. An error is passed to yield too, and ends
// the sequence.
func (r *Record) Yield(e Events, from int32, yield func(Event[proto.Message], error) bool) bool {
	first, rest, err := r.Decode(e)
	if err != nil {
		yield(Event[proto.Message]{Meta: r.Meta, Type: r.Type, Position: r.Position}, err)
		return false
	}
	if first != nil {
		return from > 0 || yield(Event[proto.Message]{Meta: r.Meta, Type: r.Type, Position: r.Position, Event: first}, nil)
	}
	for i, ev := range rest {
		pos := r.Position
		pos.Part = int32(i)
		if pos.Part < from {
			continue
		}
		if !yield(Event[proto.Message]{Meta: r.Meta, Type: r.Type, Position: pos, Event: ev}, nil) {
			return false
		}
	}
	return true
}

func (r *Record) corrupt(e Events, err error) error {
	return &CorruptEventError{Aggregate: e.Spec().Name, Meta: r.Meta, Type: r.Type, Position: r.Position, Err: err}
}

func errNotApplied(e proto.Message) error {
	return fmt.Errorf("%s is not an event that the aggregate applies", e.ProtoReflect().Descriptor().FullName())
}

// errNilUpcast is what generated code returns for an Upcast method that
// returned nil.
var errNilUpcast = errors.New("the Upcast method returned nil: return an event, or declare upcast: UPCAST_MANY to drop it")
