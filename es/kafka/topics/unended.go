package topics

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
)

// Outcome is what the coordinator of a transaction has decided.
type Outcome string

// The outcomes.
const (
	Committed Outcome = "committed" // and the marker was left out
	Aborted   Outcome = "aborted"   // and the marker was left out, which the next owner writes
	Open      Outcome = "open"      // nothing yet: the coordinator will end it
	Forgotten Outcome = "forgotten" // nobody can say any more: its producer has begun others since, or is not known
)

// Transaction is one that has no end in a partition: readers of what is committed
// get nothing from its first record on.
type Transaction struct {
	Topic     string
	Partition int32
	Offset    int64     // of its first record
	Time      time.Time // of its last record, as its producer said
	ID        string    // the transactional id; "" when no coordinator knows its producer
	Outcome   Outcome

	producer         int64
	epoch            int16 // of its records
	coordinatorEpoch int32
}

// String says it for people.
func (t Transaction) String() string {
	id := "an unknown producer"
	if t.ID != "" {
		id = t.ID
	}
	return fmt.Sprintf("%s: topic %s, partition %d, offset %d: transaction of %s, %s",
		t.Outcome, t.Topic, t.Partition, t.Offset, id, t.Time.UTC().Format(time.RFC3339))
}

// What is done, for errors.
const (
	actProducers = "read the producers of"
	actComplete  = "end a transaction of"
)

// UnendedWait is for how long [Unended] waits unless told otherwise.
const UnendedWait = 5 * time.Second

// UnendedOptions are those of [Unended].
type UnendedOptions struct {
	// Wait is for how long a transaction has to be without an end to count:
	// markers are written a moment after a commit. The default is [UnendedWait].
	Wait time.Duration
	// Brokers are the addresses of the cluster, for commands and errors.
	Brokers []string
}

// Unended looks for transactions that have no end in the wanted topics, and
// changes nothing. Brokers leave out the marker of a transaction that is decided
// when they find no leader for a partition at that moment, as Kafka 4.3 and 4.4 do
// after all replicas were stopped at once. They are in the order of the topics and
// partitions. Errors are an [*AccessError], an [*UnreachableError], or what the
// cluster answered. It takes brokers of Kafka 3.0 or later.
func Unended(ctx context.Context, client *kadm.Client, wanted []Topic, options UnendedOptions) ([]Transaction, error) {
	if options.Wait == 0 {
		options.Wait = UnendedWait
	}
	i := inspector{client: client, brokers: options.Brokers}
	there, err := i.topics(ctx, wanted)
	if err != nil || len(there) == 0 {
		return nil, err
	}
	before, err := i.unended(ctx, wanted, there)
	if err != nil || len(before) == 0 {
		return nil, err
	}
	select {
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting for transactions to end: %w", ctx.Err())
	case <-time.After(options.Wait):
	}
	after, err := i.unended(ctx, wanted, there)
	if err != nil {
		return nil, err
	}
	seen := make(map[Transaction]bool, len(before))
	for _, t := range before {
		seen[t] = true
	}
	var unended []Transaction
	for _, t := range after {
		if !seen[t] {
			continue
		}
		if err := i.decided(ctx, &t); err != nil {
			return nil, err
		}
		unended = append(unended, t)
	}
	return unended, nil
}

// unended returns the transactions that have no end at the moment.
func (i inspector) unended(ctx context.Context, wanted []Topic, there map[string]found) ([]Transaction, error) {
	set := kadm.TopicsSet{}
	for name, at := range there {
		for p := range at.partitions {
			set.Add(name, int32(p))
		}
	}
	described, err := i.client.DescribeProducers(ctx, set)
	if err != nil {
		return nil, i.failure(err, actProducers, wanted[0].Name)
	}
	var open []Transaction
	for _, t := range wanted {
		for _, p := range described[t.Name].Partitions.Sorted() {
			if p.Err != nil {
				return nil, i.failure(because(p.Err, p.ErrMessage), actProducers, t.Name)
			}
			for _, producer := range p.ActiveProducers.Sorted() {
				if producer.CurrentTxnStartOffset < 0 {
					continue
				}
				open = append(open, Transaction{
					Topic: t.Name, Partition: p.Partition, Offset: producer.CurrentTxnStartOffset,
					Time:     time.UnixMilli(producer.LastTimestamp),
					producer: producer.ProducerID, epoch: producer.ProducerEpoch, coordinatorEpoch: max(producer.CoordinatorEpoch, 0),
				})
			}
		}
	}
	return open, nil
}

// decided asks the coordinator of a transaction what became of it. From
// transaction.version 2 on, each has an epoch of its own, and its decision begins
// the next one. Before, nothing tells the last transaction of a producer from
// those before it.
func (i inspector) decided(ctx context.Context, t *Transaction) error {
	t.Outcome = Forgotten
	version, _, err := i.transactionVersion(ctx)
	if err != nil {
		return err
	}
	listed, err := i.client.ListTransactions(ctx, []int64{t.producer}, nil)
	if err != nil {
		return i.failure(err, "list the transactions of", "")
	}
	for _, id := range listed.TransactionalIDs() {
		all, err := i.client.DescribeTransactions(ctx, id)
		last := all[id]
		switch {
		case errors.Is(last.Err, kerr.TransactionalIDNotFound):
		case err != nil || last.Err != nil:
			return i.failure(errors.Join(err, last.Err), "describe the transactions of", "")
		case last.ProducerID == t.producer:
			t.ID, t.Outcome = id, outcome(last.State, last.ProducerEpoch-t.epoch, version)
		}
	}
	return nil
}

// outcome returns that of a transaction whose producer is some epochs further.
func outcome(state string, further int16, version int) Outcome {
	exact := further == 1 && version >= wantedTransactionVersion
	switch {
	case state == "Ongoing" && further == 0, state == "PrepareCommit", state == "PrepareAbort", state == "PrepareEpochFence":
		return Open
	case state == "CompleteCommit" && exact:
		return Committed
	case state == "CompleteAbort" && exact:
		return Aborted
	}
	return Forgotten
}

// Complete writes the marker of a transaction that [Unended] has found to be
// committed, and does nothing about others. After that readers go on. It takes
// the right ClusterAction on the cluster. No owner may serve the partition
// meanwhile, and none does: an engine refuses one that has lost a marker. Doing it
// twice adds a marker that says the same.
func Complete(ctx context.Context, client *kadm.Client, t Transaction, options UnendedOptions) error {
	if t.Outcome != Committed {
		return nil
	}
	set := kadm.TopicsSet{}
	set.Add(t.Topic, t.Partition)
	written, err := client.WriteTxnMarkers(ctx, kadm.TxnMarkers{
		ProducerID: t.producer, ProducerEpoch: t.epoch + 1, CoordinatorEpoch: t.coordinatorEpoch,
		Commit: true, Topics: set,
	})
	written.EachPartition(func(p kadm.TxnMarkersPartitionResponse) { err = errors.Join(err, p.Err) })
	if err != nil {
		i := inspector{client: client, brokers: options.Brokers}
		return i.failure(err, actComplete, t.Topic)
	}
	return nil
}
