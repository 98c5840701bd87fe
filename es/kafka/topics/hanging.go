package topics

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Outcome is what the coordinator of a transaction says that became of it.
type Outcome string

// The outcomes.
const (
	Committed Outcome = "committed" // and the marker was left out
	Aborted   Outcome = "aborted"   // and the marker was left out, which the next owner makes up for
	Open      Outcome = "open"      // nothing yet: the coordinator will end it
	Forgotten Outcome = "forgotten" // its producer has been replaced, or has begun others since
	Unlisted  Outcome = "unlisted"  // no coordinator lists its producer: one is away, it has expired, or may not be described
)

// Hanging is a transaction that has no end in a partition: readers of what is
// committed get nothing from its first record on.
type Hanging struct {
	Topic     string
	Partition int32
	Offset    int64     // of its first record
	Time      time.Time // of the last record of its producer, as that says
	ID        string    // the transactional id, "" when it is unlisted
	Outcome   Outcome

	producer         int64
	epoch            int16 // of the last record
	coordinatorEpoch int32
}

// String says it for people.
func (h Hanging) String() string {
	id := h.ID
	if id == "" {
		id = fmt.Sprintf("producer %d", h.producer)
	}
	return fmt.Sprintf("%s: topic %s, partition %d, offset %d: transaction of %s, %s",
		h.Outcome, h.Topic, h.Partition, h.Offset, id, h.Time.UTC().Format(time.RFC3339))
}

// HangingWait is for how long [FindHanging] waits unless told otherwise.
const HangingWait = 5 * time.Second

// HangingOptions are those of [FindHanging] and [CommitHanging].
type HangingOptions struct {
	// Wait is for how long a transaction has to be without an end to count:
	// markers are written a moment after a commit. 0 is [HangingWait].
	Wait time.Duration
	// Brokers are the addresses of the cluster, for commands and errors.
	Brokers []string
}

// FindHanging looks for transactions that have no end in the wanted topics of
// events, and changes nothing. Brokers leave out the marker of a transaction that
// is decided when they find no leader for a partition at that moment, as Kafka 4.3
// and 4.4 do after all replicas were stopped at once. They are in the order of the
// topics and partitions. Errors are an [*AccessError], an [*UnreachableError], or
// what the cluster answered. It takes Kafka 3.0 or later, and the rights Read on
// the topics and Describe on the transactional ids.
func FindHanging(ctx context.Context, client *kgo.Client, wanted []Topic, options HangingOptions) ([]Hanging, error) {
	i := inspector{client: kadm.NewClient(client), brokers: options.Brokers}
	there, err := i.topics(ctx, wanted)
	if err != nil {
		return nil, err
	}
	before, err := i.unended(ctx, wanted, there)
	if err != nil || len(before) == 0 {
		return nil, err
	}
	wait := options.Wait
	if wait <= 0 {
		wait = HangingWait
	}
	select {
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting for transactions to end: %w", ctx.Err())
	case <-time.After(wait):
	}
	after, err := i.unended(ctx, wanted, there)
	if err != nil {
		return nil, err
	}
	version, _, err := i.transactionVersion(ctx)
	if err != nil {
		return nil, err
	}
	var hanging []Hanging
	for _, h := range after {
		if !slices.Contains(before, h) {
			continue
		}
		if err := i.decided(ctx, client, version, &h); err != nil {
			return nil, err
		}
		hanging = append(hanging, h)
	}
	return hanging, nil
}

// unended returns the transactions that have no end at the moment.
func (i inspector) unended(ctx context.Context, wanted []Topic, there map[string]found) ([]Hanging, error) {
	var open []Hanging
	for _, t := range wanted {
		at, exists := there[t.Name]
		if t.Kind != Events || !exists { // in a state topic, the next owner's commit ends it, and nothing hangs on it
			continue
		}
		set := kadm.TopicsSet{}
		for p := range at.partitions {
			set.Add(t.Name, int32(p))
		}
		described, err := i.client.DescribeProducers(ctx, set)
		if err != nil {
			return nil, i.failure(err, actProducers, t.Name)
		}
		for _, p := range described[t.Name].Partitions.Sorted() {
			if p.Err != nil {
				return nil, i.failure(because(p.Err, p.ErrMessage), actProducers, t.Name)
			}
			for _, producer := range p.ActiveProducers.Sorted() {
				if producer.CurrentTxnStartOffset < 0 {
					continue
				}
				open = append(open, Hanging{
					Topic: t.Name, Partition: p.Partition, Offset: producer.CurrentTxnStartOffset,
					Time:     time.UnixMilli(producer.LastTimestamp),
					producer: producer.ProducerID, epoch: producer.ProducerEpoch, coordinatorEpoch: max(producer.CoordinatorEpoch, 0),
				})
			}
		}
	}
	return open, nil
}

// decided asks the coordinator of a transaction what became of it.
func (i inspector) decided(ctx context.Context, client *kgo.Client, version int, h *Hanging) error {
	h.Outcome = Unlisted
	listed, err := i.client.ListTransactions(ctx, []int64{h.producer}, nil)
	if err != nil {
		return i.failure(err, actTransactions, "")
	}
	for _, id := range listed.TransactionalIDs() {
		all, err := i.client.DescribeTransactions(ctx, id)
		last := all[id]
		switch {
		case errors.Is(last.Err, kerr.TransactionalIDNotFound):
		case err != nil || last.Err != nil:
			return i.failure(errors.Join(err, last.Err), actTransactions, "")
		case last.ProducerID == h.producer:
			h.ID, h.Outcome = id, h.outcome(last, version)
		}
	}
	if h.Outcome != Committed {
		return nil
	}
	begun, err := h.began(ctx, client)
	if err == nil && !begun {
		h.Outcome = Forgotten
	}
	return err
}

// outcome returns what became of the transaction, by what its coordinator says of
// the last one. From transaction.version 2 on each has an epoch of its own, and
// its end begins the next one. Before, or with a producer that does not know of
// that, nothing tells the last one from those before it: so it has to be that of
// an engine, whose id names the partition.
func (h Hanging) outcome(last kadm.DescribedTransaction, version int) Outcome {
	further := last.ProducerEpoch - h.epoch
	exact := further == 1 && version >= wantedTransactionVersion &&
		strings.HasSuffix(last.TxnID, fmt.Sprintf(".%s.%d", h.Topic, h.Partition))
	switch {
	case last.State == "Ongoing" && further == 0,
		last.State == "PrepareCommit", last.State == "PrepareAbort", last.State == "PrepareEpochFence":
		return Open
	case last.State == "CompleteCommit" && exact:
		return Committed
	case last.State == "CompleteAbort" && exact:
		return Aborted
	}
	return Forgotten
}

// began reports whether the first record is of the same transaction as the last
// one: a producer may have gone on after a marker was left out.
func (h Hanging) began(ctx context.Context, client *kgo.Client) (bool, error) {
	reader, err := kgo.NewClient(append(client.Opts(),
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{h.Topic: {h.Partition: kgo.NewOffset().At(h.Offset)}}),
		kgo.ConsumeResetOffset(kgo.NoResetOffset()), kgo.FetchIsolationLevel(kgo.ReadUncommitted()),
	)...)
	if err != nil {
		return false, fmt.Errorf("reader of %s: %w", h.Topic, err)
	}
	defer reader.Close()
	fetches := reader.PollRecords(ctx, 1)
	if err := fetches.Err(); err != nil {
		return false, fmt.Errorf("%s, partition %d, offset %d: %w", h.Topic, h.Partition, h.Offset, err)
	}
	return slices.ContainsFunc(fetches.Records(), func(r *kgo.Record) bool {
		return r.Offset == h.Offset && r.ProducerID == h.producer && r.ProducerEpoch == h.epoch
	}), nil
}
