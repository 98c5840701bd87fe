package kafka

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// fromStart is the offset that stands for the first record there is.
const fromStart = -2

// scan passes the committed records of some partitions of a topic to visit,
// from the given offsets on, until visit says that it is enough or fails, or
// the context ends. The records of each partition come in their order, and
// with them the control records that end transactions: so a caller learns how
// far it has come, even where what was written is not visible.
func scan(
	ctx context.Context, opts []kgo.Opt, topic string, from map[int32]int64,
	visit func(r *kgo.Record) (more bool, err error),
) error {
	return scanFetches(ctx, opts, topic, from, func(fetches kgo.Fetches) (bool, error) {
		for it := fetches.RecordIter(); !it.Done(); {
			if more, err := visit(it.Next()); err != nil || !more {
				return false, err
			}
		}
		return true, nil
	})
}

// scanState is scan for the state topic, which only saves work: that records of
// it are gone is no damage, and it is to be read anew.
func (d *domain) scanState(
	ctx context.Context, from map[int32]int64, visit func(r *kgo.Record) (more bool, err error),
) error {
	err := scan(ctx, d.engine.options(), d.state, from, visit)
	if _, lost := errors.AsType[*kgo.ErrDataLoss](err); lost || errors.Is(err, kerr.OffsetOutOfRange) {
		return fmt.Errorf("records were deleted before they could be read: %s", err.Error())
	}
	return err
}

// scanFetches is scan for who wants all records at once that are there.
func scanFetches(
	ctx context.Context, opts []kgo.Opt, topic string, from map[int32]int64,
	visit func(kgo.Fetches) (more bool, err error),
) error {
	offsets := make(map[int32]kgo.Offset, len(from))
	for p, offset := range from {
		offsets[p] = kgo.NewOffset().At(offset)
	}
	client, err := kgo.NewClient(append(slices.Clip(opts),
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{topic: offsets}),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.KeepControlRecords(),
		kgo.ConsumeResetOffset(kgo.NoResetOffset()),
		kgo.FetchMaxWait(100*time.Millisecond),
	)...)
	if err != nil {
		return fmt.Errorf("reader of %s: %w", topic, err)
	}
	defer client.Close()
	next := maps.Clone(from)
	for {
		fetches := client.PollFetches(ctx)
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, e := range fetches.Errors() {
			return fetchError(ctx, client, e, next[e.Partition])
		}
		fetches.EachPartition(func(p kgo.FetchTopicPartition) {
			if n := len(p.Records); n > 0 {
				next[p.Partition] = p.Records[n-1].Offset + 1
			}
		})
		if more, err := visit(fetches); err != nil || !more {
			return err
		}
	}
}

// fetchError tells what is missing for good from what may come back.
func fetchError(ctx context.Context, client *kgo.Client, e kgo.FetchError, offset int64) error {
	_, lost := errors.AsType[*kgo.ErrDataLoss](e.Err)
	beyond := errors.Is(e.Err, kerr.OffsetOutOfRange)
	switch {
	case lost, beyond && deleted(ctx, client, e.Topic, e.Partition, offset):
		return &LogError{Topic: e.Topic, Partition: e.Partition, Offset: offset, Err: fmt.Errorf(
			"the log does not reach this offset: events were deleted, or the topic was made again: %w", e.Err)}
	case beyond:
		return fmt.Errorf("%s, partition %d, offset %d: %w: %w", e.Topic, e.Partition, offset, errLags, e.Err)
	}
	return fmt.Errorf("%s, partition %d: %w", e.Topic, e.Partition, e.Err)
}
