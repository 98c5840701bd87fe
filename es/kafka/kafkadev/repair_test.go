package kafkadev_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es/kafka/kafkadev"
	"github.com/esgen-dev/esgen/es/kafka/topics"
)

// TestCrash starts with a directory as the end of a process leaves it, in the
// middle of a transaction. What the same producer commits later has to be seen.
func TestCrash(t *testing.T) {
	t.Parallel()
	before, after := filepath.Join(t.TempDir(), "before"), filepath.Join(t.TempDir(), "after")
	first := start(t, kafkadev.Options{Dir: before})
	if err := first.CreateTopics(t.Context(), topics.Aggregate{Topic: "a", Partitions: 1}); err != nil {
		t.Fatal(err)
	}
	p := producer(t, first)
	transact(t, p, "committed before", kgo.TryCommit)
	if err := p.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	produce(t, p, "never committed")
	if err := os.CopyFS(after, os.DirFS(before)); err != nil { // this is what a crash leaves
		t.Fatal(err)
	}

	second := start(t, kafkadev.Options{Dir: after})
	p = producer(t, second)
	transact(t, p, "aborted", kgo.TryAbort)
	transact(t, p, "committed after", kgo.TryCommit)
	if got := committed(t, second, "committed after"); len(got) != 2 || got[0] != "committed before" {
		t.Errorf("a reader sees %q", got)
	}
}

func producer(t *testing.T, c *kafkadev.Cluster) *kgo.Client {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(c.Addresses()...), kgo.TransactionalID("t"), kgo.DefaultProduceTopic("a"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func produce(t *testing.T, p *kgo.Client, value string) {
	t.Helper()
	if err := p.ProduceSync(t.Context(), kgo.StringRecord(value)).FirstErr(); err != nil {
		t.Fatal(err)
	}
}

func transact(t *testing.T, p *kgo.Client, value string, end kgo.TransactionEndTry) {
	t.Helper()
	if err := p.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	produce(t, p, value)
	if err := p.EndTransaction(t.Context(), end); err != nil {
		t.Fatal(err)
	}
}

// committed reads what is committed up to some value.
func committed(t *testing.T, c *kafkadev.Cluster, until string) []string {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(c.Addresses()...), kgo.ConsumeTopics("a"), kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	var values []string
	for len(values) == 0 || values[len(values)-1] != until {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			t.Fatalf("a reader sees %q and then %v", values, err)
		}
		fetches.EachRecord(func(r *kgo.Record) { values = append(values, string(r.Value)) })
	}
	return values
}
