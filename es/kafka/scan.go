package kafka

import (
	"context"
	"errors"
	"fmt"
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
	for {
		fetches := client.PollFetches(ctx)
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, e := range fetches.Errors() {
			return fetchError(e, from[e.Partition])
		}
		for it := fetches.RecordIter(); !it.Done(); {
			if more, err := visit(it.Next()); err != nil || !more {
				return err
			}
		}
	}
}

// fetchError tells what is missing for good from what may come back.
func fetchError(e kgo.FetchError, from int64) error {
	var loss *kgo.ErrDataLoss
	if errors.Is(e.Err, kerr.OffsetOutOfRange) || errors.As(e.Err, &loss) {
		return &LogError{Topic: e.Topic, Partition: e.Partition, Offset: from, Err: fmt.Errorf(
			"the log does not reach this offset: events were deleted, or the topic was made again: %w", e.Err)}
	}
	return fmt.Errorf("%s, partition %d: %w", e.Topic, e.Partition, e.Err)
}
