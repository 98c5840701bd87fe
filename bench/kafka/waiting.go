package kafka

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Await lets callers hand in records for a while and wait, each for one after the
// other, until it is committed: such as the engine has written, to any partition.
// Each partition has a transactional producer, which commits together what waits
// for it. So this is what callers cost that wait, and nothing else.
func (c *Cluster) Await(ctx context.Context, callers int, d time.Duration) (Commands, error) {
	sample, err := c.sample(ctx, 4096)
	if err != nil {
		return Commands{}, err
	}
	lines := make([]*line, c.Partitions)
	for p := range lines {
		client, err := c.transactional(p)
		if err != nil {
			return Commands{}, err
		}
		lines[p] = newLine(ctx, client, callers)
		defer lines[p].close()
	}
	began := time.Now()
	latencies, err := repeat(ctx, callers, d, func(ctx context.Context, _, _ int) error {
		p, r := rand.IntN(len(lines)), sample[rand.IntN(len(sample))]
		return lines[p].commit(ctx, &kgo.Record{
			Topic: rawTopic, Partition: int32(p), Key: r.Key, Value: r.Value, Headers: r.Headers,
		})
	})
	took := time.Since(began)
	transactions := int64(0)
	for _, l := range lines {
		transactions += l.transactions.Load()
	}
	return summary(latencies, took, transactions), err
}

// line is a partition, and the records that wait for it.
type line struct {
	client       *kgo.Client
	waiting      chan handed
	transactions atomic.Int64
	ended        chan struct{}
}

// handed is a record with who waits for it.
type handed struct {
	record *kgo.Record
	done   chan error
}

func newLine(ctx context.Context, client *kgo.Client, callers int) *line {
	l := &line{client: client, waiting: make(chan handed, callers), ended: make(chan struct{})}
	go func() {
		defer close(l.ended)
		for batch := l.next(); len(batch) > 0; batch = l.next() {
			l.transact(ctx, batch)
		}
	}()
	return l
}

// close ends the line. Nobody may wait any more.
func (l *line) close() {
	close(l.waiting)
	<-l.ended
	l.client.Close()
}

// commit waits until a record is committed.
func (l *line) commit(ctx context.Context, r *kgo.Record) error {
	h := handed{record: r, done: make(chan error, 1)}
	l.waiting <- h
	select {
	case err := <-h.done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// next waits for a record, and returns it with all others that wait. It returns
// none at the end.
func (l *line) next() []handed {
	first, more := <-l.waiting
	if !more {
		return nil
	}
	batch := []handed{first}
	for n := len(l.waiting); n > 0; n-- {
		batch = append(batch, <-l.waiting)
	}
	return batch
}

func (l *line) transact(ctx context.Context, batch []handed) {
	records := make([]*kgo.Record, len(batch))
	for i, h := range batch {
		records[i] = h.record
	}
	err := transact(ctx, l.client, records)
	l.transactions.Add(1)
	for _, h := range batch {
		h.done <- err
	}
}
