package simulation

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// committed reads the whole log by a client of its own, as any program could.
func (c *cluster) committed(t *testing.T) []record.Event {
	t.Helper()
	client := c.client(t, kgo.ConsumeTopics(eventsTopic), kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords())
	defer client.Close()
	ends, err := kadm.NewClient(client).ListEndOffsets(t.Context(), eventsTopic)
	if err != nil {
		t.Fatal(err)
	}
	missing := map[int32]int64{}
	for p, o := range ends[eventsTopic] {
		if o.Offset > 0 {
			missing[p] = o.Offset
		}
	}
	var events []record.Event
	for len(missing) > 0 {
		fetches := client.PollFetches(t.Context())
		if err := fetches.Err(); err != nil {
			t.Fatal(err)
		}
		for _, r := range fetches.Records() {
			if r.Offset+1 >= missing[r.Partition] {
				delete(missing, r.Partition)
			}
			if r.Attrs.IsControl() {
				continue
			}
			ev, err := record.ParseEvent(r.Key, r.Value, r.Headers)
			if err != nil {
				t.Fatalf("partition %d, offset %d: %v", r.Partition, r.Offset, err)
			}
			ev.Position = es.Position{Partition: r.Partition, Offset: r.Offset}
			events = append(events, *ev)
		}
	}
	return events
}
