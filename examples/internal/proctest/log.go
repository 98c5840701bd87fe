package proctest

import (
	"context"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
)

// Stored is an event as it lies in the log, without its payload.
type Stored struct {
	Position    es.Position
	AggregateID string
	CommandID   string
	Version     uint64 // within the aggregate
	Number      uint64 // within the partition
	Index       uint16 // among the events of its command
	Count       uint16 // of the events of its command
}

// ReadLog reads all that was committed to a topic, by the formats of package
// es/kafka and with nothing of its code. The events of each partition come in
// their order.
func ReadLog(t *testing.T, address, topic string) []Stored {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	client, err := kgo.NewClient(kgo.SeedBrokers(address), kgo.ConsumeTopics(topic),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	missing := ends(ctx, t, client, topic)
	var log []Stored
	for len(missing) > 0 {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			t.Fatalf("read the log, with %d partitions to go: %v", len(missing), err)
		}
		fetches.EachRecord(func(r *kgo.Record) {
			if r.Offset+1 >= missing[r.Partition] {
				delete(missing, r.Partition)
			}
			if r.Attrs.IsControl() {
				return
			}
			stored, err := parse(r)
			if err != nil {
				t.Fatalf("partition %d, offset %d: %v", r.Partition, r.Offset, err)
			}
			log = append(log, stored)
		})
	}
	return log
}

// ends returns where the partitions end that are not empty.
func ends(ctx context.Context, t *testing.T, client *kgo.Client, topic string) map[int32]int64 {
	t.Helper()
	offsets, err := kadm.NewClient(client).ListEndOffsets(ctx, topic)
	if err == nil {
		err = offsets.Error()
	}
	if err != nil {
		t.Fatal(err)
	}
	ends := map[int32]int64{}
	offsets.Each(func(o kadm.ListedOffset) {
		if o.Offset > 0 {
			ends[o.Partition] = o.Offset
		}
	})
	return ends
}

// parse reads the key and the two headers that place an event.
func parse(r *kgo.Record) (Stored, error) {
	s := Stored{AggregateID: string(r.Key), Position: es.Position{Partition: r.Partition, Offset: r.Offset}}
	for _, h := range r.Headers {
		switch h.Key {
		case "cmd":
			s.CommandID = string(h.Value)
		case "es":
			if len(h.Value) != 30 || h.Value[0] != 1 {
				return s, fmt.Errorf("the header es is %x", h.Value)
			}
			s.Version = binary.BigEndian.Uint64(h.Value[2:])
			s.Number = binary.BigEndian.Uint64(h.Value[10:])
			s.Index = binary.BigEndian.Uint16(h.Value[26:])
			s.Count = binary.BigEndian.Uint16(h.Value[28:])
		}
	}
	if s.CommandID == "" || s.Count == 0 {
		return s, fmt.Errorf("the event of %q has no headers", r.Key)
	}
	return s, nil
}
