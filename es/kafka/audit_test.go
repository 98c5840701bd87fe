package kafka_test

import (
	"strconv"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// acknowledged are the receipts of commands that succeeded, by command id.
type acknowledged map[string]es.Receipt

// audit reads the whole log by a client of its own and checks it, as any
// program could. It wants this many events, or any number below 0.
func (c *cluster) audit(t *testing.T, want int, acks acknowledged) {
	t.Helper()
	check(t, c.committed(t), want, acks)
}

func (c *cluster) committed(t *testing.T) []record.Event {
	t.Helper()
	client := c.client(t, committedOf(topic)...)
	defer client.Close()
	ends, err := kadm.NewClient(client).ListEndOffsets(t.Context(), topic)
	if err != nil {
		t.Fatal(err)
	}
	return committed(t, client, ends[topic])
}

func check(t *testing.T, events []record.Event, want int, acks acknowledged) {
	t.Helper()
	partitions, aggregates := map[int32]uint64{}, map[string]uint64{}
	last := map[string]uint64{}      // version of a command's last event
	open := map[int32]record.Event{} // the last event of a partition
	for _, ev := range events {
		p, s := ev.Position.Partition, ev.Sequence
		if partitions[p]++; s.Partition != partitions[p] {
			t.Fatalf("%s: event %d of the partition, want %d", ev.Position, s.Partition, partitions[p])
		}
		if aggregates[ev.AggregateID]++; s.Aggregate != aggregates[ev.AggregateID] {
			t.Fatalf("%s: version %d of %q, want %d", ev.Position, s.Aggregate, ev.AggregateID, aggregates[ev.AggregateID])
		}
		if _, seen := last[ev.CommandID]; seen && s.Index == 0 {
			t.Fatalf("%s: command %q is there twice", ev.Position, ev.CommandID)
		}
		if before, ok := open[p]; ok && before.Sequence.Index+1 < before.Sequence.Count && s.Index != before.Sequence.Index+1 {
			t.Fatalf("%s: command %q is torn", ev.Position, before.CommandID)
		}
		last[ev.CommandID], open[p] = s.Aggregate, ev
	}
	for id, receipt := range acks {
		if last[id] != receipt.Version {
			t.Errorf("command %q was acknowledged at version %d, and is stored at %d", id, receipt.Version, last[id])
		}
	}
	if want >= 0 && len(events) != want {
		t.Errorf("%d events are stored, want %s", len(events), strconv.Itoa(want))
	}
}

// committedOf are the options of a client that reads what is committed.
func committedOf(topic string) []kgo.Opt {
	return []kgo.Opt{kgo.ConsumeTopics(topic), kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords()}
}

// committed returns the events of a topic up to its ends.
func committed(t *testing.T, client *kgo.Client, ends map[int32]kadm.ListedOffset) []record.Event {
	t.Helper()
	missing := map[int32]int64{}
	for p, o := range ends {
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
				t.Fatal(err)
			}
			ev.Position = es.Position{Partition: r.Partition, Offset: r.Offset}
			events = append(events, *ev)
		}
	}
	return events
}
