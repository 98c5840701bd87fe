package kafka

import (
	"fmt"
	"math"

	"github.com/twmb/franz-go/pkg/kgo"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// encode makes the records of a command's events, without their positions.
func (s *store) encode(m es.Meta, c proto.Message, events []proto.Message) ([]*es.Record, error) {
	records := make([]*es.Record, len(events))
	for i, e := range events {
		if name := s.undeclared(e); name != "" {
			command := string(c.ProtoReflect().Descriptor().FullName())
			return nil, &es.UndeclaredEventError{Command: command, AggregateID: m.AggregateID, Event: name}
		}
		data, err := proto.MarshalOptions{Deterministic: true}.Marshal(e)
		if err != nil {
			return nil, about(s.name, m.AggregateID, fmt.Errorf("event %d of the command cannot be encoded: %w", i+1, err))
		}
		m.Version++
		records[i] = &es.Record{Meta: m, Type: s.aggregate.TypeOf(e), Data: data}
	}
	return records, nil
}

// undeclared returns the name of what is not an event of the aggregate, or "".
func (s *store) undeclared(e proto.Message) string {
	switch {
	case e == nil || !e.ProtoReflect().IsValid():
		return "nil"
	case s.aggregate.TypeOf(e) == "":
		return string(e.ProtoReflect().Descriptor().FullName())
	}
	return ""
}

// encode makes what is to be stored of a command's events.
func (b *batch) encode(s *store, records []*es.Record) ([]*kgo.Record, error) {
	encoded := make([]*kgo.Record, len(records))
	if len(records) > math.MaxUint16 {
		return nil, fmt.Errorf("the command has %d events, and may have %d", len(records), math.MaxUint16)
	}
	previous := b.partition.stream(records[0].AggregateID).last()
	for i, rec := range records {
		ev := record.Event{
			Record: *rec,
			Schema: record.Schema{Framing: record.Bare},
			Sequence: record.Sequence{
				Aggregate: rec.Version,
				Partition: b.partition.seq + uint64(i) + 1,
				Prev:      -1, // the command's own event before this one
				Index:     uint16(i),
				Count:     uint16(len(records)), //nolint:gosec // as checked above
			},
		}
		if i == 0 {
			ev.Sequence.Prev = b.previous(previous)
		}
		value, headers, err := record.EncodeEvent[kgo.RecordHeader](record.Format{Source: s.domain.events}, &ev)
		if err != nil {
			return nil, fmt.Errorf("event %d of the command: %w", i+1, err)
		}
		out := &kgo.Record{ // with the client's time: it measures the age of a record by it
			Topic: s.domain.events, Partition: b.id,
			Key: []byte(rec.AggregateID), Value: value, Headers: headers,
		}
		if size := sizeOf(out); size > maxBatchBytes {
			return nil, fmt.Errorf("event %d of the command has %d bytes with its envelope, and may have %d", i+1, size, maxBatchBytes)
		}
		encoded[i] = out
	}
	return encoded, nil
}

// previous says where the event before the next one of an aggregate lies. The
// offset of one in the same batch is not known yet: it counts down from -1.
func (b *batch) previous(last *es.Record) int64 {
	switch {
	case last == nil:
		return record.NoPrevious
	case last.Position.Offset < 0:
		place := -1 - last.Position.Offset
		return place - int64(len(b.records))
	}
	return last.Position.Offset
}

// sizeOf returns a bound for the size of a batch with one record.
func sizeOf(r *kgo.Record) int {
	size := overhead + len(r.Key) + len(r.Value)
	for _, h := range r.Headers {
		size += 10 + len(h.Key) + len(h.Value)
	}
	return size
}
