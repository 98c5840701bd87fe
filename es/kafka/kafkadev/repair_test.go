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
// middle of a transaction. What the same producer commits later has to be seen,
// and what it aborts must not be, wherever a reader begins and however often
// the process is killed.
func TestCrash(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(t *testing.T, c *kafkadev.Cluster, dir string) (left string){
		"between two requests": func(t *testing.T, _ *kafkadev.Cluster, dir string) string {
			t.Helper()
			return killed(t, dir)
		},
		"between a batch and its entry": func(t *testing.T, _ *kafkadev.Cluster, dir string) string {
			t.Helper()
			return withEntries(t, killed(t, dir), func(entries []byte) []byte { return entries[:len(entries)-entry] })
		},
		"long after another batch lost its entry": func(t *testing.T, _ *kafkadev.Cluster, dir string) string {
			t.Helper()
			return withEntries(t, killed(t, dir), func(entries []byte) []byte { return entries[entry:] })
		},
		"after an orderly stop": func(t *testing.T, c *kafkadev.Cluster, dir string) string {
			t.Helper()
			stop(t, c)
			start(t, kafkadev.Options{Dir: dir})
			return killed(t, dir)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			first := start(t, kafkadev.Options{Dir: dir})
			if err := first.CreateTopics(t.Context(), topics.Aggregate{Topic: "a", Partitions: 1}); err != nil {
				t.Fatal(err)
			}
			p := producer(t, first)
			transact(t, p, "committed before", kgo.TryCommit)
			if err := p.BeginTransaction(); err != nil {
				t.Fatal(err)
			}
			produce(t, p, "never committed")
			left := end(t, first, dir)

			second := start(t, kafkadev.Options{Dir: left})
			p = producer(t, second)
			transact(t, p, "aborted", kgo.TryAbort)
			transact(t, p, "committed after", kgo.TryCommit)
			check(t, second)
			check(t, start(t, kafkadev.Options{Dir: killed(t, left)}))
		})
	}
}

// killed returns a directory that holds what a crash would leave of another one.
func killed(t *testing.T, dir string) string {
	t.Helper()
	left := filepath.Join(t.TempDir(), "left")
	if err := os.CopyFS(left, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return left
}

// entry is how long an entry is that kfake writes for a batch.
const entry = 15

// withEntries changes the entries of the batches in a directory.
func withEntries(t *testing.T, dir string, change func(entries []byte) []byte) string {
	t.Helper()
	path := filepath.Join(dir, "partitions", "a-0", "0.idx")
	entries, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, change(entries), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// check reads from each of the offsets.
func check(t *testing.T, c *kafkadev.Cluster) {
	t.Helper()
	if got := committed(t, c, 0, "committed after"); len(got) != 2 || got[0] != "committed before" {
		t.Errorf("a reader sees %q", got)
	}
	// 0 committed before, 1 its marker, 2 never committed, 3 its marker, 4 aborted
	for from := int64(1); from <= 4; from++ {
		if got := committed(t, c, from, "committed after"); len(got) != 1 {
			t.Errorf("a reader that begins at offset %d sees %q", from, got)
		}
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

// committed reads what is committed from some offset up to some value.
func committed(t *testing.T, c *kafkadev.Cluster, from int64, until string) []string {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(c.Addresses()...), kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{"a": {0: kgo.NewOffset().At(from)}}))
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

// TestCrash_commit commits a transaction that a crash has ended. The producer
// has committed before, and there was an orderly stop in between. Until it finds
// the cluster again, another process may come and go.
func TestCrash_commit(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]func(t *testing.T, dir string) string{
		"at once": func(_ *testing.T, dir string) string { return dir },
		"after another crash": func(t *testing.T, dir string) string {
			t.Helper()
			start(t, kafkadev.Options{Dir: dir})
			return killed(t, dir)
		},
		"after an orderly stop": func(t *testing.T, dir string) string {
			t.Helper()
			stop(t, start(t, kafkadev.Options{Dir: dir}))
			return dir
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := kafkadev.Options{Dir: t.TempDir()}
			c := start(t, o)
			if err := c.CreateTopics(t.Context(), topics.Aggregate{Topic: "a", Partitions: 1}); err != nil {
				t.Fatal(err)
			}
			o.Port = port(t, c)
			p := producer(t, c)
			transact(t, p, "committed", kgo.TryCommit)
			stop(t, c)

			c = start(t, o)
			if err := p.BeginTransaction(); err != nil {
				t.Fatal(err)
			}
			produce(t, p, "never committed")
			left := killed(t, o.Dir)
			stop(t, c)
			o.Dir = meanwhile(t, left)

			c = start(t, o)
			if err := p.EndTransaction(t.Context(), kgo.TryCommit); err == nil {
				t.Error("a commit of what is gone was confirmed")
			}
			transact(t, producer(t, c), "committed after", kgo.TryCommit)
			if got := committed(t, c, 0, "committed after"); len(got) != 2 || got[0] != "committed" {
				t.Errorf("a reader sees %q", got)
			}
		})
	}
}

func stop(t *testing.T, c *kafkadev.Cluster) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}
