//go:build unix

package kafka_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// TestRealLatency measures transactions of one record in one partition, one after
// the other, without the engine and with it. It asserts nothing about time:
//
//	ESGEN_REAL_KAFKA=1 go test -run TestRealLatency -v ./es/kafka
//
// A transaction that begins before the markers of the last one are written waits
// for them in the broker. With two transactional ids in turn there is nothing to
// wait for; the engine, with one, sees to it by itself (see pace.go).
func TestRealLatency(t *testing.T) {
	for _, nodes := range []int{1, 3} {
		t.Run(fmt.Sprintf("%d nodes", nodes), func(t *testing.T) {
			c := newReal(t, nodes)
			raw := c.makeTopics(t, 1)
			one, two := c.transactor(t, "one", raw), c.transactor(t, "two", raw)
			measure(t, "one transactional id", func(int) time.Duration { return one.transact(t) })
			for _, gap := range []time.Duration{2 * time.Millisecond, 10 * time.Millisecond} {
				measure(t, fmt.Sprintf("one, %v apart", gap), func(int) time.Duration {
					time.Sleep(gap)
					return one.transact(t)
				})
			}
			measure(t, "two, in turn", func(i int) time.Duration { return []*transactor{one, two}[i%2].transact(t) })
			sight := c.sight(t, raw)
			measure(t, "from a commit to a reader", func(int) time.Duration {
				one.transact(t)
				return sight(one.record.Offset)
			})
			p := c.process(t, c.makeTopics(t, 1))
			command := func(i int) time.Duration {
				began := time.Now()
				p.eventually(t, &ledgerv1.Attach{LedgerId: "a"}, fmt.Sprint(i))
				return time.Since(began)
			}
			measure(t, "a command", command)
			measure(t, "a command, 30ms apart", func(i int) time.Duration {
				time.Sleep(30 * time.Millisecond)
				return command(1_000_000 + i)
			})
		})
	}
}

// measure does something again and again for a while, and logs how long it took.
func measure(t *testing.T, what string, do func(i int) time.Duration) {
	t.Helper()
	const warmUp = 50
	for i := range warmUp {
		do(i)
	}
	limit := 3 * time.Second
	if testing.Short() {
		limit = time.Second
	}
	var all []time.Duration
	for began := time.Now(); time.Since(began) < limit; {
		all = append(all, do(warmUp+len(all)))
	}
	slices.Sort(all)
	t.Logf("%-26s %6d times: p50 %5.2f ms, p99 %6.2f ms", what, len(all), ms(all[len(all)/2]), ms(all[len(all)*99/100]))
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// transactor is a producer of transactions.
type transactor struct {
	client *kgo.Client
	topic  string
	record *kgo.Record // the last one
}

func (c realCluster) transactor(t *testing.T, id, topic string) *transactor {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(c.Brokers()...), kgo.TransactionalID(id), kgo.ProducerLinger(0),
		kgo.RecordPartitioner(kgo.ManualPartitioner()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return &transactor{client: client, topic: topic}
}

// transact stores a record in a transaction of its own.
func (x *transactor) transact(t *testing.T) time.Duration {
	t.Helper()
	x.record = &kgo.Record{Topic: x.topic, Value: make([]byte, 200)}
	began := time.Now()
	err := x.client.BeginTransaction()
	if err == nil {
		err = x.client.ProduceSync(t.Context(), x.record).FirstErr()
	}
	if err == nil {
		err = x.client.EndTransaction(t.Context(), kgo.TryCommit)
	}
	if err != nil {
		t.Fatal(err)
	}
	return time.Since(began)
}

// sight returns a function that waits until a reader of what is committed has
// the record at an offset, and says how long that took.
func (c realCluster) sight(t *testing.T, topic string) func(offset int64) time.Duration {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(c.Brokers()...), kgo.ConsumeTopics(topic), kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	seen := int64(-1)
	return func(offset int64) time.Duration {
		began := time.Now()
		for seen < offset {
			fetches := client.PollFetches(t.Context())
			if err := fetches.Err(); err != nil {
				t.Fatal(err)
			}
			for _, r := range fetches.Records() {
				seen = r.Offset
			}
		}
		return time.Since(began)
	}
}
