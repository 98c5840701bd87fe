package kafka_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
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
		all  bool // partitions are harmed
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
			want: "events were lost, deleted or repeated",
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
			want: "events were lost, deleted or repeated",
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
		"a header that is cut off": {
			harm: func(t *testing.T, c *cluster, _ int32, events []record.Event) {
				t.Helper()
				c.withHeader(t, following(events), func(es []byte) []byte { return es[:len(es)-1] })
			},
			want: `header "es" has 29 bytes`,
		},
		"a header of newer code": {
			harm: func(t *testing.T, c *cluster, _ int32, events []record.Event) {
				t.Helper()
				c.withHeader(t, following(events), func(es []byte) []byte { es[0]++; return es })
			},
			want: "deploy the version that wrote it",
		},
		"a header that cannot be": {
			harm: func(t *testing.T, c *cluster, _ int32, events []record.Event) {
				t.Helper()
				c.withHeader(t, following(events), func(es []byte) []byte { clear(es[2:10]); return es })
			},
			want: "aggregate sequence is 0",
		},
		"an aggregate of another partition": {
			harm: func(t *testing.T, c *cluster, _ int32, events []record.Event) {
				t.Helper()
				ev := following(events)
				ev.AggregateID = other(ev.AggregateID)
				c.again(t, ev)
			},
			want: "belongs to partition",
		},
		"deleted events": {
			harm: func(t *testing.T, c *cluster, partition int32, events []record.Event) {
				t.Helper()
				c.cut(t, topic, partition, events[0].Position.Offset+1)
			},
			want: "events were deleted",
		},
		"compacted events": {
			harm: func(t *testing.T, c *cluster, _ int32, _ []record.Event) {
				t.Helper()
				c.set(t, topic, "cleanup.policy", "compact")
				c.Compact()
				c.set(t, topic, "cleanup.policy", "delete")
			},
			want: "events were deleted",
			all:  true,
		},
	} {
		for where, lose := range map[string]bool{"under a checkpoint": false, "read from the start": true} {
			t.Run(name+", "+where, func(t *testing.T) {
				t.Parallel()
				c := newCluster(t, 1, 2)
				p := c.process(t)
				sound := other("a")
				for _, id := range []string{"a", sound} {
					p.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: id}, "open")
					p.mustExecute(t, &ledgerv1.Attach{LedgerId: id}, "attach")
					p.mustExecute(t, &ledgerv1.Attach{LedgerId: id}, "once more")
				}
				if err := p.Close(); err != nil {
					t.Fatal(err)
				}
				if lose {
					c.emptyState(t)
				}
				partition := record.Partition("a", 2)
				tc.harm(t, c, partition, c.committedIn(t, partition))
				before := c.records(t, topic, partition, kgo.ReadCommitted())

				c.refused(t, partition, tc.want)
				p = c.process(t)
				if !tc.all {
					p.mustExecute(t, &ledgerv1.Attach{LedgerId: sound}, "still")
				}
				_, err := p.execute(t.Context(), post(1), "refused")
				if damage, ok := errors.AsType[*kafka.LogError](err); !ok || damage.Topic != topic {
					t.Errorf("error %v, want a LogError", err)
				}
				if err := c.unchanged(t, before); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// committedIn returns the events of a partition.
func (c *cluster) committedIn(t *testing.T, partition int32) []record.Event {
	t.Helper()
	return slices.DeleteFunc(c.committed(t), func(ev record.Event) bool { return ev.Position.Partition != partition })
}

// unchanged compares what a partition of events holds with what it held. What
// says that transactions ended does not count.
func (c *cluster) unchanged(t *testing.T, before []*kgo.Record) error {
	t.Helper()
	after := c.records(t, topic, before[0].Partition, kgo.ReadCommitted())
	control := func(r *kgo.Record) bool { return r.Attrs.IsControl() }
	before, after = slices.DeleteFunc(slices.Clone(before), control), slices.DeleteFunc(after, control)
	if len(after) != len(before) {
		return fmt.Errorf("there are %d records, and were %d", len(after), len(before))
	}
	for i, r := range after {
		if b := before[i]; r.Offset != b.Offset || !bytes.Equal(r.Key, b.Key) || !bytes.Equal(r.Value, b.Value) || !reflect.DeepEqual(r.Headers, b.Headers) {
			return fmt.Errorf("record %+v, and it was %+v", r, b)
		}
	}
	return nil
}

// following returns an event that an owner could store after these, which are
// of one aggregate.
func following(events []record.Event) record.Event {
	ev := events[len(events)-1]
	ev.Sequence = record.Sequence{
		Aggregate: ev.Sequence.Aggregate + 1, Partition: ev.Sequence.Partition + 1, Prev: ev.Position.Offset, Count: 1,
	}
	ev.Version++
	ev.CommandID = "following"
	return ev
}

// other returns an id that lies in the other one of two partitions.
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
	c.withHeader(t, ev, func(es []byte) []byte { return es })
}

// withHeader stores an event with a header that is changed.
func (c *cluster) withHeader(t *testing.T, ev record.Event, change func(es []byte) []byte) {
	t.Helper()
	encoder := record.Encoder[kgo.RecordHeader]{Format: record.Format{Source: topic}}
	key, value, headers, err := encoder.Encode(&ev, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range headers {
		if h.Key == "es" {
			headers[i].Value = change(h.Value)
		}
	}
	c.produce(t, &kgo.Record{
		Topic: topic, Partition: ev.Position.Partition, Key: key, Value: value, Headers: headers,
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

// TestUnreadable stores an event whose payload does not decode. Its aggregate is
// refused, and nothing else.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]bool{"under a checkpoint": false, "read from the start": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t, 1, 1)
			p := c.process(t)
			p.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: "a"}, "open")
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
			ev := following(c.committed(t))
			ev.Type, ev.Data = "ledger.v1.Posted", []byte{0xff}
			c.again(t, ev)
			before := c.records(t, topic, 0, kgo.ReadCommitted())
			if lose {
				c.emptyState(t)
			}
			p = c.process(t)
			for range 2 {
				_, err := p.execute(t.Context(), post(1), "refused")
				corrupt, ok := errors.AsType[*es.CorruptEventError](err)
				if !ok || corrupt.Meta.Version != 2 || corrupt.Position.Offset != before[len(before)-1].Offset {
					t.Errorf("error %v, want a CorruptEventError of version 2", err)
				}
				if err := c.unchanged(t, before); err != nil {
					t.Error(err)
				}
			}
			p.openTwoMore(t)
		})
	}
}

// openTwoMore opens aggregates that are not there yet.
func (p *process) openTwoMore(t *testing.T) {
	t.Helper()
	for _, id := range []string{"c", "d"} {
		p.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: id}, "open")
	}
}
