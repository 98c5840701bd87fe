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

// repair ends the transactions that were open when the process was killed, and
// returns them. kfake aborts them when it begins with a directory, but writes
// nothing into the log that says so: a reader takes what the same producer
// commits later for a part of them, and skips it. So the markers are written
// here, by a cluster that nobody else knows of.
func repair(log *journal, dir string) (transactions, error) {
	if err := cutBatches(dir); err != nil {
		return nil, err
	}
	fake, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.DataDir(dir), kfake.SyncWrites(), kfake.WithLogger(log))
	if err != nil {
		return nil, err //nolint:wrapcheck // the caller says what it was about
	}
	defer fake.Close()
	ctx, cancel := context.WithTimeout(context.Background(), repairWithin)
	defer cancel()
	client, err := kgo.NewClient(kgo.SeedBrokers(fake.ListenAddrs()...), kgo.KeepControlRecords())
	if err != nil {
		return nil, err //nolint:wrapcheck // as above
	}
	defer client.Close()
	found, err := findTransactions(ctx, client)
	if err != nil {
		return nil, fmt.Errorf("look for transactions that a crash has left open: %w", err)
	}
	for at, t := range found {
		if t.ended {
			continue
		}
		written, err := kadm.NewClient(client).WriteTxnMarkers(ctx, t.abort(at))
		written.EachPartition(func(p kadm.TxnMarkersPartitionResponse) { err = errors.Join(err, p.Err) })
		if err != nil {
			return nil, fmt.Errorf("end a transaction that a crash has left open: %w", err)
		}
	}
	return found, nil
}

// partition is one of a topic.
type partition struct {
	topic string
	id    int32
}

// place is what a producer writes to.
type place struct {
	partition

	producer int64
}

// transactions are those that their producers have not ended themselves. There
// is one at most in each place.
type transactions map[place]transaction

type transaction struct {
	epoch int16 // of the producer
	ended bool  // by a repair, which was killed itself, or because it took too long
}

// abort is the marker that ends a transaction. It has the next epoch, as those
// that Kafka writes for producers that are gone.
func (t transaction) abort(at place) kadm.TxnMarkers {
	topics := kadm.TopicsSet{}
	topics.Add(at.topic, at.id)
	return kadm.TxnMarkers{ProducerID: at.producer, ProducerEpoch: t.epoch + 1, Topics: topics}
}

// refuse sees to it that no producer hears that one of them was committed. kfake
// knows no more of the past of a producer than how its last transaction ended,
// and may take a request to commit this one for a repetition.
func (ts transactions) refuse(fake *kfake.Cluster) {
	type producer struct {
		id    int64
		epoch int16
	}
	gone := make(map[producer]bool, len(ts))
	for at, t := range ts {
		gone[producer{at.producer, t.epoch}] = true
	}
	fake.ControlKey(int16(kmsg.EndTxn), func(r kmsg.Request) (kmsg.Response, error, bool) {
		fake.KeepControl()
		req, ok := r.(*kmsg.EndTxnRequest)
		if !ok || !req.Commit || !gone[producer{req.ProducerID, req.ProducerEpoch}] {
			return nil, nil, false
		}
		resp := kmsg.NewPtrEndTxnResponse()
		resp.Version, resp.ErrorCode = req.Version, kerr.ProducerFenced.Code
		return resp, nil, true
	})
}

// findTransactions reads the log.
func findTransactions(ctx context.Context, client *kgo.Client) (transactions, error) {
	left, err := notEmpty(ctx, kadm.NewClient(client))
	if err != nil {
		return nil, err
	}
	for p := range left {
		client.AddConsumePartitions(map[string]map[int32]kgo.Offset{p.topic: {p.id: kgo.NewOffset().AtStart()}})
	}
	found := transactions{}
	for len(left) > 0 {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return nil, err
		}
		fetches.EachRecord(func(r *kgo.Record) {
			found.next(r)
			if p := (partition{r.Topic, r.Partition}); r.Offset+1 >= left[p] {
				delete(left, p)
			}
		})
	}
	return found, nil
}

// next takes in a record, or a marker.
func (ts transactions) next(r *kgo.Record) {
	at := place{partition{r.Topic, r.Partition}, r.ProducerID}
	switch t, found := ts[at]; {
	case r.Attrs.IsControl() && found && r.ProducerEpoch != t.epoch:
		ts[at] = transaction{epoch: t.epoch, ended: true}
	case r.Attrs.IsControl():
		delete(ts, at)
	case r.Attrs.IsTransactional():
		ts[at] = transaction{epoch: r.ProducerEpoch}
	}
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
