package kafka

import (
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// memory is what a batch works in. The next one works in it again, once the
// transaction is committed: what was encoded is of no use then. After a failure
// nobody knows who still reads it, so it is left alone.
type memory struct {
	encoder record.Encoder[kgo.RecordHeader]
	records []kgo.Record
	events  []es.Record // of one command
	data    []byte      // of them
}

// reset begins anew. Of what large commands needed nothing is kept.
func (m *memory) reset() {
	m.encoder.Reset()
	clear(m.records) // they hold what is encoded
	m.records = m.records[:0]
	if cap(m.records) > 2*maxBatch {
		m.records = nil
	}
	if cap(m.data) > maxBatchBytes || cap(m.events) > maxBatch {
		m.data, m.events = nil, nil
	}
}

// add returns where the record lies, also after others were added.
func (m *memory) add(r kgo.Record) *kgo.Record {
	m.records = append(m.records, r) // when it grows, older ones stay where they are, too
	return &m.records[len(m.records)-1]
}

// marshal makes the records of a command's events, without their positions, in
// the place of those of the last command.
func (m *memory) marshal(s *store, meta es.Meta, c proto.Message, events []proto.Message) ([]es.Record, error) {
	m.events, m.data = m.events[:0], m.data[:0]
	for i, e := range events {
		err := es.CheckDeclared(s.aggregate, meta.AggregateID, c, e)
		if err != nil {
			return nil, err
		}
		from := len(m.data)
		if m.data, err = (proto.MarshalOptions{Deterministic: true}).MarshalAppend(m.data, e); err != nil {
			return nil, about(s.name, meta.AggregateID, fmt.Errorf("event %d of the command cannot be encoded: %w", i+1, err))
		}
		meta.Version++
		m.events = append(m.events, es.Record{Meta: meta, Type: s.aggregate.TypeOf(e), Data: m.data[from:len(m.data):len(m.data)]})
	}
	return m.events, nil
}
