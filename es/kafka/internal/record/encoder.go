package record

import (
	"fmt"

	"github.com/esgen-dev/esgen/es"
)

// Encoder encodes events into memory that they share, and that is used again
// after Reset. The zero value has the zero Format. Not safe for concurrent use.
type Encoder[H AnyHeader] struct {
	Format Format

	headers []H
	bytes   []byte
}

// chunk is the most memory that is taken at once, in elements, unless one event
// needs more.
const chunk = 128 << 10

// Reset lets the encoder use its memory again: what Encode has returned must not
// be used any more.
func (e *Encoder[H]) Reset() {
	if cap(e.bytes) > chunk || cap(e.headers) > chunk {
		e.headers, e.bytes = nil, nil
	}
	e.headers, e.bytes = e.headers[:0], e.bytes[:0]
}

// room returns a slice with room for n more elements: s, or an empty one. What
// was encoded stays where it is, and is not copied.
func room[T any](s []T, n int) []T {
	if cap(s)-len(s) >= n {
		return s
	}
	return make([]T, 0, max(n, min(2*cap(s), chunk)))
}

// Encode returns the key, the value and the headers of an event, with some
// headers of others behind them. The value is never empty, so that nothing on the
// way takes it for a tombstone; the key is the aggregate id. It fails when the
// event is not one that [ParseEvent] could return.
func (e *Encoder[H]) Encode(ev *Event, others []H) (key, value []byte, headers []H, err error) {
	switch {
	case ev.AggregateID == "":
		return nil, nil, nil, es.ErrEmptyID
	case ev.Version != ev.Sequence.Aggregate:
		return nil, nil, nil, fmt.Errorf("version %d with aggregate sequence %d", ev.Version, ev.Sequence.Aggregate)
	}
	if err := checkCommandID(ev.CommandID); err != nil {
		return nil, nil, nil, err
	}
	e.headers = room(e.headers, 12+len(others))
	e.bytes = room(e.bytes, sequenceSize+len(ev.CommandID)+len(e.Format.Source)+len(ev.Type)+3*len(ev.AggregateID)+
		len(ev.CorrelationID)+len(ev.Actor)+len(ev.Data)+128) // for numbers, the time, and what is constant
	first := len(e.headers)
	if err := e.sequence(ev.Sequence); err != nil {
		return nil, nil, nil, err
	}
	e.text(keyCommand, ev.CommandID)
	if err := e.envelope(ev); err != nil {
		return nil, nil, nil, err
	}
	if err := e.schema(ev.Schema); err != nil {
		return nil, nil, nil, err
	}
	e.headers = append(e.headers, others...)
	from := len(e.bytes)
	b, err := ev.Schema.appendValue(e.bytes, ev.Data)
	if err != nil {
		return nil, nil, nil, err
	}
	to := len(b)
	b = append(b, ev.AggregateID...)
	e.bytes = b
	return b[to:len(b):len(b)], b[from:to:to], e.headers[first:len(e.headers):len(e.headers)], nil
}

func (e *Encoder[H]) sequence(s Sequence) error {
	b, err := s.Append(e.bytes)
	if err == nil {
		e.add(keySequence, b)
	}
	return err
}

// schema adds the header that names the schema, if the value does not.
func (e *Encoder[H]) schema(s Schema) error {
	if s.Framing != InHeader {
		return nil
	}
	b, err := s.appendHeader(e.bytes)
	if err == nil {
		e.add(keySchema, b)
	}
	return err
}

// add adds a header. The value was appended to the bytes that are there.
func (e *Encoder[H]) add(key string, bytes []byte) {
	from, to := len(e.bytes), len(bytes)
	e.headers = append(e.headers, H(Header{key, bytes[from:to:to]}))
	e.bytes = bytes
}

func (e *Encoder[H]) text(key, value string) { e.add(key, append(e.bytes, value...)) }

// optional adds a header unless it has no value.
func (e *Encoder[H]) optional(key, value string) {
	if value != "" {
		e.text(key, value)
	}
}
