package kafka

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"google.golang.org/protobuf/proto"

	benchv1 "github.com/esgen-dev/esgen/bench/gen/bench/v1"
)

const rawTopic = "bench.v1.raw"

// Produce commits records in batches for a while, with one transactional
// producer for each partition and nothing else: such as the engine has written.
// The first transaction of each is not counted: it looks for coordinators, as the
// engine did before.
func (c *Cluster) Produce(ctx context.Context, batch, producers int, d time.Duration) (Commands, error) {
	sample, err := c.sample(ctx, 4096)
	if err != nil {
		return Commands{}, err
	}
	var mu sync.Mutex
	var latencies []time.Duration
	rate := 0.0
	err = together(ctx, producers, func(ctx context.Context, p int) error {
		client, err := c.transactional(p)
		if err != nil {
			return err
		}
		defer client.Close()
		once := func() error { return transact(ctx, client, again(sample, batch, int32(p))) }
		if err := once(); err != nil {
			return err
		}
		began := time.Now()
		took, err := repeatAlone(d, once)
		mu.Lock()
		defer mu.Unlock()
		latencies = append(latencies, took...)
		rate += float64(len(took)*batch) / time.Since(began).Seconds()
		return err
	})
	return Commands{
		PerSecond: rate,
		Median:    Median(latencies),
		P99:       quantile(latencies, 0.99),
		Batch:     float64(batch),
	}, err
}

// transactional returns a producer of the raw topic.
func (c *Cluster) transactional(partition int) (*kgo.Client, error) {
	return c.client(
		kgo.TransactionalID(fmt.Sprintf("raw-%d", partition)), kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.ProducerLinger(0),
	)
}

func transact(ctx context.Context, client *kgo.Client, records []*kgo.Record) error {
	if err := client.BeginTransaction(); err != nil {
		return err
	}
	if err := client.ProduceSync(ctx, records...).FirstErr(); err != nil {
		return err
	}
	return client.EndTransaction(ctx, kgo.TryCommit)
}

// again returns some records of a sample for another partition.
func again(sample []*kgo.Record, n int, partition int32) []*kgo.Record {
	records := make([]*kgo.Record, n)
	from := rand.IntN(len(sample))
	for i := range records {
		r := sample[(from+i)%len(sample)]
		records[i] = &kgo.Record{Topic: rawTopic, Partition: partition, Key: r.Key, Value: r.Value, Headers: r.Headers}
	}
	return records
}

// sample returns events as the engine has written them, n at most.
func (c *Cluster) sample(ctx context.Context, n int) ([]*kgo.Record, error) {
	client, err := c.consumer()
	if err != nil {
		return nil, err
	}
	defer client.Close()
	enough, stop := context.WithTimeout(ctx, time.Second) // there may be fewer
	defer stop()
	var sample []*kgo.Record
	for len(sample) < n {
		fetches := client.PollRecords(enough, n-len(sample))
		if enough.Err() != nil {
			break
		}
		if err := fetches.Err0(); err != nil {
			return nil, err
		}
		sample = append(sample, fetches.Records()...)
	}
	if len(sample) == 0 {
		return nil, fmt.Errorf("no events to take as a sample within a second: %w", context.Cause(enough))
	}
	return sample, nil
}

func (c *Cluster) consumer() (*kgo.Client, error) {
	return c.client(kgo.ConsumeTopics(spec().Topic), kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
}

// Consume reads events with a raw consumer, and unmarshals each if asked to.
func (c *Cluster) Consume(ctx context.Context, events int, unmarshal bool) (time.Duration, error) {
	client, err := c.consumer()
	if err != nil {
		return 0, err
	}
	defer client.Close()
	began := time.Now()
	for seen := 0; seen < events; {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err0(); err != nil {
			return 0, err
		}
		for it := fetches.RecordIter(); !it.Done(); seen++ {
			r := it.Next()
			if !unmarshal {
				continue
			}
			if err := proto.Unmarshal(r.Value, message(r)); err != nil {
				return 0, err
			}
		}
	}
	return time.Since(began), nil
}

// message returns the message for an event, by the header that every consumer
// would look at.
func message(r *kgo.Record) proto.Message {
	for _, h := range r.Headers {
		if h.Key != "ce_type" {
			continue
		}
		switch string(h.Value) {
		case "bench.v1.AccountOpened":
			return new(benchv1.AccountOpened)
		case "bench.v1.Deposited":
			return new(benchv1.Deposited)
		}
	}
	return new(benchv1.Withdrawn)
}

// Median returns the value in the middle.
func Median(d []time.Duration) time.Duration { return quantile(d, 0.5) }

// quantile sorts, and returns the value that a part of the others are below.
func quantile(d []time.Duration, part float64) time.Duration {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	return d[int(float64(len(d))*part)]
}
