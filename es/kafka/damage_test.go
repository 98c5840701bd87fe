package kafka_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

const topic = "ledger.v1.ledger"

// TestDamage harms the log behind the back of its owner. The next one refuses
// the partition and says where, and the others go on.
func TestDamage(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		harm func(t *testing.T, c *cluster, partition int32, events []record.Event)
		want string
	}{
		"a foreign record": {
			harm: func(t *testing.T, c *cluster, partition int32, _ []record.Event) {
				t.Helper()
				c.produce(t, &kgo.Record{Topic: topic, Partition: partition, Key: []byte("a"), Value: []byte("x")})
			},
			want: "not written by this engine",
		},
		"an event again": {
			harm: func(t *testing.T, c *cluster, _ int32, events []record.Event) {
				t.Helper()
				c.again(t, events[len(events)-1])
			},
			want: "event 3 of the partition, where event 4 has to be",
		},
		"an event is missing": {
			harm: func(t *testing.T, c *cluster, _ int32, events []record.Event) {
				t.Helper()
				ev := events[len(events)-1]
				ev.Sequence.Partition += 2
				ev.Sequence.Aggregate += 2
				ev.Version += 2
				c.again(t, ev)
			},
			want: "event 5 of the partition, where event 4 has to be",
		},
		"a torn command": {
			harm: func(t *testing.T, c *cluster, _ int32, events []record.Event) {
				t.Helper()
				ev := events[len(events)-1]
				ev.Sequence = record.Sequence{
					Aggregate: ev.Sequence.Aggregate + 1, Partition: ev.Sequence.Partition + 1,
					Prev: ev.Position.Offset, Count: 2,
				}
				ev.Version++
				c.again(t, ev)
			},
			want: "torn",
		},
		"a wrong link to the event before": {
			harm: func(t *testing.T, c *cluster, _ int32, events []record.Event) {
				t.Helper()
				ev := events[len(events)-1]
				ev.Sequence = record.Sequence{
					Aggregate: ev.Sequence.Aggregate + 1, Partition: ev.Sequence.Partition + 1, Prev: 0, Count: 1,
				}
				ev.Version++
				c.again(t, ev)
			},
			want: "is said to lie at offset 0",
		},
		"deleted events": {
			harm: func(t *testing.T, c *cluster, partition int32, events []record.Event) {
				t.Helper()
				client := c.client(t)
				defer client.Close()
				offsets := kadm.Offsets{}
				offsets.AddOffset(topic, partition, events[0].Position.Offset+1, -1)
				if _, err := kadm.NewClient(client).DeleteRecords(t.Context(), offsets); err != nil {
					t.Fatal(err)
				}
			},
			want: "events were deleted",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t, 1, 2)
			before := c.process(t)
			sound := other("a")
			for _, id := range []string{"a", sound} {
				before.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: id}, "open")
				before.mustExecute(t, &ledgerv1.Attach{LedgerId: id}, "attach")
				before.mustExecute(t, &ledgerv1.Attach{LedgerId: id}, "once more")
			}
			if err := before.Close(); err != nil {
				t.Fatal(err)
			}
			partition := record.Partition("a", 2)
			var events []record.Event
			for _, ev := range c.committed(t) {
				if ev.Position.Partition == partition {
					events = append(events, ev)
				}
			}
			tc.harm(t, c, partition, events)

			after := c.process(t)
			after.mustExecute(t, &ledgerv1.Attach{LedgerId: sound}, "still")
			for range 2 {
				_, err := after.execute(t.Context(), post(1), "refused")
				damage, ok := errors.AsType[*kafka.LogError](err)
				if !ok || damage.Partition != partition || !strings.Contains(err.Error(), tc.want) {
					t.Errorf("error %v, want a LogError in partition %d: %s", err, partition, tc.want)
				}
			}
			if _, err := es.Load[*ledgerv1.Ledger](t.Context(), after.ledgers, "a", nil); err == nil {
				t.Error("a state is loaded from a log that is damaged")
			}
		})
	}
}

// other returns an id that lies in the other one of 2 partitions.
func other(id string) string {
	o := id
	for record.Partition(o, 2) == record.Partition(id, 2) {
		o += "'"
	}
	return o
}

// again stores an event that no owner would.
func (c *cluster) again(t *testing.T, ev record.Event) {
	t.Helper()
	value, headers, err := record.EncodeEvent[kgo.RecordHeader](record.Format{Source: topic}, &ev)
	if err != nil {
		t.Fatal(err)
	}
	c.produce(t, &kgo.Record{
		Topic: topic, Partition: ev.Position.Partition, Key: []byte(ev.AggregateID), Value: value, Headers: headers,
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

// TestPartitionsAdded adds partitions to the topics, which changes where each
// aggregate would be sought.
func TestPartitionsAdded(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 2)
	before := c.process(t)
	before.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: "a"}, "open")
	before.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: other("a")}, "open")
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}
	client := c.client(t)
	defer client.Close()
	if _, err := kadm.NewClient(client).CreatePartitions(t.Context(), 1, topic, topic+".state"); err != nil {
		t.Fatal(err)
	}
	after := c.process(t)
	_, err := after.execute(t.Context(), &ledgerv1.OpenLedger{LedgerId: "b"}, "open")
	if err == nil || !strings.Contains(err.Error(), "recorded.partitions is 3, wanted 2") {
		t.Errorf("error %v, want one about the number of partitions", err)
	}
}
