package kafka_test

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

const stateTopic = topic + ".state"

func (c *cluster) admin(t *testing.T) *kadm.Client {
	t.Helper()
	client := c.client(t)
	t.Cleanup(client.Close)
	return kadm.NewClient(client)
}

// remake deletes a topic and makes it again.
func (c *cluster) remake(t *testing.T, name string, partitions int) {
	t.Helper()
	if _, err := c.admin(t).DeleteTopic(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	c.makeTopics(t, partitions)
}

// emptyState deletes all records of the state topic.
func (c *cluster) emptyState(t *testing.T) {
	t.Helper()
	admin := c.admin(t)
	ends, err := admin.ListEndOffsets(t.Context(), stateTopic)
	if err == nil {
		_, err = admin.DeleteRecords(t.Context(), ends.Offsets())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// cut deletes the records of a partition below an offset.
func (c *cluster) cut(t *testing.T, name string, partition int32, offset int64) {
	t.Helper()
	offsets := kadm.Offsets{}
	offsets.AddOffset(name, partition, offset, -1)
	if _, err := c.admin(t).DeleteRecords(t.Context(), offsets); err != nil {
		t.Fatal(err)
	}
}

// set changes a setting of a topic.
func (c *cluster) set(t *testing.T, name, key, value string) {
	t.Helper()
	_, err := c.admin(t).AlterTopicConfigs(t.Context(), []kadm.AlterConfig{{Op: kadm.SetConfig, Name: key, Value: &value}}, name)
	if err != nil {
		t.Fatal(err)
	}
}

// records returns what a partition holds, with what ends transactions.
func (c *cluster) records(t *testing.T, name string, partition int32, isolation kgo.IsolationLevel) []*kgo.Record {
	t.Helper()
	ends, err := c.admin(t).ListEndOffsets(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	end, _ := ends.Lookup(name, partition)
	client := c.client(t, kgo.FetchIsolationLevel(isolation), kgo.KeepControlRecords(),
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{name: {partition: kgo.NewOffset().AtStart()}}))
	defer client.Close()
	var records []*kgo.Record
	for end.Offset > 0 {
		fetches := client.PollFetches(t.Context())
		if err := fetches.Err(); err != nil {
			t.Fatal(err)
		}
		for _, r := range fetches.Records() {
			if records = append(records, r); r.Offset+1 >= end.Offset {
				return records
			}
		}
	}
	return nil
}

// truncate takes the last records from a partition of a topic, as a broker
// does that was elected although it had missed them.
func (c *cluster) truncate(t *testing.T, name string, partition int32, end int64, partitions int) {
	t.Helper()
	records := c.records(t, name, partition, kgo.ReadUncommitted())
	c.remake(t, name, partitions)
	client := c.client(t, kgo.TransactionalID("truncate"), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	defer client.Close()
	var open []*kgo.Record
	for _, r := range records {
		if r.Offset >= end {
			break
		}
		if !r.Attrs.IsControl() {
			open = append(open, r)
			continue
		}
		c.rewrite(t, client, open, r)
		open = nil
	}
}

// rewrite stores the records of a transaction with the offsets that they had.
func (c *cluster) rewrite(t *testing.T, client *kgo.Client, records []*kgo.Record, end *kgo.Record) {
	t.Helper()
	if err := client.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		again := &kgo.Record{Topic: r.Topic, Partition: r.Partition, Key: r.Key, Value: r.Value, Headers: r.Headers}
		if err := client.ProduceSync(t.Context(), again).FirstErr(); err != nil || again.Offset != r.Offset {
			t.Fatalf("offset %d again: %d, %v", r.Offset, again.Offset, err)
		}
	}
	committed := end.Key[3] == 1 // version and type, two bytes each
	if err := client.EndTransaction(t.Context(), kgo.TransactionEndTry(committed)); err != nil {
		t.Fatal(err)
	}
}
