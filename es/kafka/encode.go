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
// to fold, which are good until the next command, and once for Kafka.
func (b *batch) encode(r *request, a *aggregate, m es.Meta, events []proto.Message) ([]es.Record, []*kgo.Record, error) {
	if len(events) > math.MaxUint16 {
		return nil, nil, about(r.store.name, r.id, fmt.Errorf("the command has %d events, and may have %d", len(events), math.MaxUint16))
	}
	records, err := b.memory.marshal(r.store, m, r.command, events)
	if err != nil {
		return nil, nil, err
	}
	trace := r.store.engine.inject(r.ctx)
	encoded := b.records[len(b.records):] // where they come to lie, if they are staged
	for i := range records {
		sequence := record.Sequence{
			Aggregate: records[i].Version,
			Partition: b.owner.index.seq + uint64(i) + 1,
			Prev:      -1, // the command's own event before this one
			Index:     uint16(i),
			Count:     uint16(len(records)), //nolint:gosec // as checked above
		}
		if i == 0 {
			sequence.Prev = b.previous(a)
		}
		rec, err := b.record(&records[i], sequence, trace)
		if err != nil {
			return nil, nil, about(r.store.name, r.id, fmt.Errorf("event %d of the command: %w", i+1, err))
		}
		encoded = append(encoded, rec)
	}
	return records, encoded, nil
}

// record makes what Kafka stores of an event.
func (b *batch) record(rec *es.Record, s record.Sequence, trace []kgo.RecordHeader) (*kgo.Record, error) {
	d := b.owner.domain
	schema, err := d.schemas.of(rec.Type)
	if err != nil {
		return nil, err
	}
	key, value, headers, err := b.memory.encoder.Encode(&record.Event{Record: *rec, Sequence: s, Schema: schema}, trace)
	if err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	out := b.memory.add(kgo.Record{ // with the client's time: it measures the age of a record by it
		Topic: d.events, Partition: b.owner.id, Key: key, Value: value, Headers: headers,
	})
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
