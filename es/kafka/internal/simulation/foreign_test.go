package simulation

import (
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// foreignEvent is an event of "a" that no process has stored. It fits if it is
// the only aggregate of its partition, and has one command for each event.
func foreignEvent(version uint64) *record.Event {
	ev := &record.Event{Sequence: record.Sequence{Aggregate: version, Partition: version, Prev: -1, Count: 1}}
	if version == 1 {
		ev.Sequence.Prev = record.NoPrevious
	}
	ev.AggregateID, ev.Version, ev.CommandID, ev.Type = "a", version, fmt.Sprint(version), "ledger.v1.LedgerOpened"
	ev.Time, ev.Schema.Framing = time.UnixMicro(0).UTC(), record.Bare
	ev.Position.Partition = home()
	return ev
}

// write stores an event behind the back of every owner.
func (c *cluster) write(t *testing.T, ev *record.Event) {
	t.Helper()
	encoder := record.Encoder[kgo.RecordHeader]{Format: record.Format{Source: eventsTopic}}
	key, value, headers, err := encoder.Encode(ev, nil)
	if err != nil {
		t.Fatal(err)
	}
	c.produce(t, &kgo.Record{
		Topic: eventsTopic, Partition: ev.Position.Partition, Key: key, Value: value, Headers: headers,
	})
}

func (c *cluster) produce(t *testing.T, r *kgo.Record) {
	t.Helper()
	client := c.client(t, kgo.RecordPartitioner(kgo.ManualPartitioner()))
	defer client.Close()
	if err := client.ProduceSync(t.Context(), r).FirstErr(); err != nil {
		t.Fatal(err)
	}
}
