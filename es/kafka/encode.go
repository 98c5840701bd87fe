package kafka

import (
	"fmt"
	"math"

	"github.com/twmb/franz-go/pkg/kgo"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// encode makes what is to be stored of a command's events: once as the records
// to fold, and once for Kafka.
func (b *batch) encode(r *request, a *aggregate, m es.Meta, events []proto.Message) ([]*es.Record, []*kgo.Record, error) {
	if len(events) > math.MaxUint16 {
		return nil, nil, about(r.store.name, r.id, fmt.Errorf("the command has %d events, and may have %d", len(events), math.MaxUint16))
	}
	records, err := r.store.records(m, r.command, events)
	if err != nil {
		return nil, nil, err
	}
	trace := r.store.engine.inject(r.ctx)
	encoded := make([]*kgo.Record, len(records))
	for i, rec := range records {
		sequence := record.Sequence{
			Aggregate: rec.Version,
			Partition: b.owner.index.seq + uint64(i) + 1,
			Prev:      -1, // the command's own event before this one
			Index:     uint16(i),
			Count:     uint16(len(records)), //nolint:gosec // as checked above
		}
		if i == 0 {
			sequence.Prev = b.previous(a)
		}
		if encoded[i], err = b.owner.domain.encode(b.owner.id, rec, sequence, trace); err != nil {
			return nil, nil, about(r.store.name, r.id, fmt.Errorf("event %d of the command: %w", i+1, err))
		}
	}
	return records, encoded, nil
}

// records makes the records of a command's events, without their positions.
func (s *store) records(m es.Meta, c proto.Message, events []proto.Message) ([]*es.Record, error) {
	records, memory := make([]*es.Record, len(events)), make([]es.Record, len(events))
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
		memory[i] = es.Record{Meta: m, Type: s.aggregate.TypeOf(e), Data: data}
		records[i] = &memory[i]
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

// encode makes what Kafka stores of an event.
func (d *domain) encode(partition int32, rec *es.Record, s record.Sequence, trace []kgo.RecordHeader) (*kgo.Record, error) {
	schema, err := d.schemas.of(rec.Type)
	if err != nil {
		return nil, err
	}
	ev := record.Event{Record: *rec, Sequence: s, Schema: schema}
	value, headers, err := record.EncodeEvent[kgo.RecordHeader](d.format, &ev)
	if err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	out := &kgo.Record{ // with the client's time: it measures the age of a record by it
		Topic: d.events, Partition: partition,
		Key: []byte(rec.AggregateID), Value: value, Headers: append(headers, trace...),
	}
	if size := sizeOf(out); size > maxBatchBytes {
		return nil, fmt.Errorf("it has %d bytes with its envelope, and may have %d", size, maxBatchBytes)
	}
	return out, nil
}

// previous says where the event before the next one of an aggregate lies. The
// offset of one in the same batch is not known yet: it counts down from -1.
func (b *batch) previous(a *aggregate) int64 {
	switch {
	case a == nil:
		return record.NoPrevious
	case a.offset < 0:
		place := -1 - a.offset
		return place - int64(len(b.records))
	}
	return a.offset
}

// sizeOf returns a bound for the size of a batch with one record.
func sizeOf(r *kgo.Record) int {
	size := overhead + len(r.Key) + len(r.Value)
	for _, h := range r.Headers {
		size += 10 + len(h.Key) + len(h.Value)
	}
	return size
}
