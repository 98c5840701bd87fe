package kafkadev

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// repairWithin bounds a repair, which reads the whole directory.
const repairWithin = time.Minute

// repair ends the transactions that were open when the process was killed.
// kfake aborts them when it begins with a directory, but writes nothing into the
// log that says so: a reader takes what the same producer commits later for a
// part of them, and skips it. So the markers are written here, by a cluster that
// nobody else knows of. Their producers are shut out, and first: kfake may take a
// request to commit such a transaction for a repetition of the one before.
func repair(log *journal, dir string) error {
	if err := rebuild(dir); err != nil {
		return err
	}
	fake, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.DataDir(dir), kfake.SyncWrites(), kfake.WithLogger(log))
	if err != nil {
		return err //nolint:wrapcheck // the caller says what it was about
	}
	defer fake.Close()
	ctx, cancel := context.WithTimeout(context.Background(), repairWithin)
	defer cancel()
	client, err := kgo.NewClient(kgo.SeedBrokers(fake.ListenAddrs()...), kgo.KeepControlRecords())
	if err != nil {
		return err //nolint:wrapcheck // as above
	}
	defer client.Close()
	open, err := openTransactions(ctx, client)
	if err != nil {
		return fmt.Errorf("look for transactions that a crash has left open: %w", err)
	}
	if err := shutOut(ctx, client, open); err != nil {
		return fmt.Errorf("shut out a producer whose transaction a crash has left open: %w", err)
	}
	for t := range open {
		written, err := kadm.NewClient(client).WriteTxnMarkers(ctx, t.abort())
		written.EachPartition(func(p kadm.TxnMarkersPartitionResponse) { err = errors.Join(err, p.Err) })
		if err != nil {
			return fmt.Errorf("end a transaction that a crash has left open: %w", err)
		}
	}
	return nil
}

// partition is one of a topic.
type partition struct {
	topic string
	id    int32
}

// transaction is one that a producer has begun in a partition.
type transaction struct {
	partition

	producer int64
}

func (t transaction) abort() kadm.TxnMarkers {
	topics := kadm.TopicsSet{}
	topics.Add(t.topic, t.id)
	return kadm.TxnMarkers{ProducerID: t.producer, Topics: topics}
}

// shutOut gives the producers of transactions another epoch, of which they do not
// know, by ending a transaction for each that has nothing in it.
func shutOut(ctx context.Context, client *kgo.Client, of map[transaction]bool) error {
	producers := make(map[int64]bool, len(of))
	for t := range of {
		producers[t.producer] = true
	}
	all, err := kadm.NewClient(client).DescribeTransactions(ctx)
	if err != nil {
		return err //nolint:wrapcheck // the caller says what it was about
	}
	for _, p := range all {
		if !producers[p.ProducerID] {
			continue
		}
		req := kmsg.NewPtrEndTxnRequest()
		req.TransactionalID, req.ProducerID, req.ProducerEpoch = p.TxnID, p.ProducerID, p.ProducerEpoch
		resp, err := req.RequestWith(ctx, client)
		if err == nil {
			err = kerr.ErrorForCode(resp.ErrorCode)
		}
		if err != nil {
			return err //nolint:wrapcheck // as above
		}
	}
	return nil
}

// openTransactions reads the log for transactions that nothing ends.
func openTransactions(ctx context.Context, client *kgo.Client) (map[transaction]bool, error) {
	left, err := notEmpty(ctx, kadm.NewClient(client))
	if err != nil {
		return nil, err
	}
	for p := range left {
		client.AddConsumePartitions(map[string]map[int32]kgo.Offset{p.topic: {p.id: kgo.NewOffset().AtStart()}})
	}
	open := map[transaction]bool{}
	for len(left) > 0 {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return nil, err
		}
		fetches.EachRecord(func(r *kgo.Record) {
			p := partition{r.Topic, r.Partition}
			switch t := (transaction{p, r.ProducerID}); {
			case r.Attrs.IsControl():
				delete(open, t)
			case r.Attrs.IsTransactional():
				open[t] = true
			}
			if r.Offset+1 >= left[p] {
				delete(left, p)
			}
		})
	}
	return open, nil
}

// notEmpty returns where the partitions end that hold something.
func notEmpty(ctx context.Context, admin *kadm.Client) (map[partition]int64, error) {
	starts, err := admin.ListStartOffsets(ctx)
	if err != nil {
		return nil, err //nolint:wrapcheck // the caller says what it was about
	}
	ends, err := admin.ListEndOffsets(ctx)
	if err != nil {
		return nil, err //nolint:wrapcheck // as above
	}
	left := map[partition]int64{}
	ends.Each(func(end kadm.ListedOffset) {
		if start, ok := starts.Lookup(end.Topic, end.Partition); ok && start.Offset < end.Offset {
			left[partition{end.Topic, end.Partition}] = end.Offset
		}
	})
	return left, nil
}
