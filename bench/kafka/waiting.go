package kafka

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// handed is a record that a caller waits for.
type handed struct {
	record *kgo.Record
	done   chan error
}

// ProduceFor is Produce for callers that each hand in one record and wait until
// it is committed: what commands cost that decide nothing. Each partition has a
// producer, which commits together what waits.
func (c *Cluster) ProduceFor(ctx context.Context, callers int, d time.Duration) (Commands, error) {
	sample, err := c.sample(ctx, 4096)
	if err != nil {
		return Commands{}, err
	}
	var transactions atomic.Int64
	lines := make([]chan handed, c.Partitions)
	var producers sync.WaitGroup
	defer producers.Wait()
	for p := range lines {
		client, err := c.rawProducer(p)
		if err != nil {
			return Commands{}, err
		}
		defer client.Close()
		lines[p] = make(chan handed, callers)
		producers.Go(func() {
			for batch := next(lines[p]); len(batch) > 0; batch = next(lines[p]) {
				commitFor(ctx, client, batch)
				transactions.Add(1)
			}
		})
	}
	began := time.Now()
	latencies, err := repeat(ctx, callers, d, func(ctx context.Context, _, _ int) error {
		p, r := rand.IntN(c.Partitions), sample[rand.IntN(len(sample))]
		h := handed{
			record: &kgo.Record{Topic: rawTopic, Partition: int32(p), Key: r.Key, Value: r.Value, Headers: r.Headers},
			done:   make(chan error, 1),
		}
		lines[p] <- h
		select {
		case err := <-h.done:
			return err
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
	took := time.Since(began)
	for _, l := range lines {
		close(l)
	}
	return Commands{
		PerSecond: float64(len(latencies)) / took.Seconds(),
		Median:    Median(latencies),
		P99:       quantile(latencies, 0.99),
		Batch:     float64(len(latencies)) / float64(max(1, transactions.Load())),
	}, err
}

// next waits for one, and returns it with all that wait: none at the end.
func next(line <-chan handed) []handed {
	first, more := <-line
	if !more {
		return nil
	}
	batch := []handed{first}
	for {
		select {
		case h, more := <-line:
			if !more {
				return batch
			}
			batch = append(batch, h)
		default:
			return batch
		}
	}
}

func commitFor(ctx context.Context, client *kgo.Client, batch []handed) {
	records := make([]*kgo.Record, len(batch))
	for i, h := range batch {
		records[i] = h.record
	}
	err := commit(ctx, client, records)
	for _, h := range batch {
		h.done <- err
	}
}

func (c *Cluster) rawProducer(p int) (*kgo.Client, error) {
	return c.client(
		kgo.TransactionalID(fmt.Sprintf("raw-%d", p)), kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.ProducerLinger(0),
	)
}

func commit(ctx context.Context, client *kgo.Client, records []*kgo.Record) error {
	if err := client.BeginTransaction(); err != nil {
		return err
	}
	if err := client.ProduceSync(ctx, records...).FirstErr(); err != nil {
		return err
	}
	return client.EndTransaction(ctx, kgo.TryCommit)
}
