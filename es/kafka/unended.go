package kafka

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// A commit is safe once its coordinator has stored it; the markers that make it
// so for readers come later. Brokers leave them out when they find no leader for
// the partition at that moment, and say that the transaction is complete: seen
// with Kafka 4.3.1 and 4.4.0, not with 4.0.2, after the only node was killed.
// Its records then wait for the next marker of the producer, and that is the
// barrier's, which aborts them. So an owner looks first, and refuses a partition
// that has lost a commit.

var errUnended = errors.New("a transaction has no end here, and no owner has one open: another program writes to the topic, " +
	"or the brokers have left out the marker of a commit, which would be lost with the next transaction")

// endedBefore reports whether the last transaction of the partition's producers
// was a commit, or may have been, as far as its coordinator says. One that is
// open, or was aborted, has nothing to lose.
func (o *owner) endedBefore(ctx context.Context) bool {
	d := o.domain
	id := d.engine.transactionalID(d.events, o.id)
	all, err := kadm.NewClient(d.engine.client).DescribeTransactions(ctx, id)
	if err != nil {
		return false // it cannot say, before Kafka 3.0, or is away: then so it is for the fence
	}
	switch all[id].State {
	case "PrepareCommit", "CompleteCommit", "Empty": // the last is what a fence leaves behind
		return true
	}
	return false
}

// awaitMarkers waits until all transactions in the partition have ended, which they
// have once the producer is made.
func (o *owner) awaitMarkers(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, o.domain.engine.budget, errUnended)
	defer cancel()
	for attempt := 1; ; attempt++ {
		end, err := o.endOffset(ctx, readUncommitted)
		if err != nil {
			return err
		}
		stable, err := o.endOffset(ctx, readCommitted)
		if err != nil || stable >= end {
			return err
		}
		if !sleep(ctx, backoff(attempt)) && errors.Is(context.Cause(ctx), errUnended) {
			return &LogError{Topic: o.domain.events, Partition: o.id, Offset: stable, Err: errUnended}
		}
	}
}

// The levels of isolation of requests.
const (
	readUncommitted int8 = iota
	readCommitted
)

// endOffset returns the end of the events for readers of a level of isolation.
func (o *owner) endOffset(ctx context.Context, isolation int8) (int64, error) {
	partition := kmsg.NewListOffsetsRequestTopicPartition()
	partition.Partition, partition.Timestamp = o.id, -1
	topic := kmsg.NewListOffsetsRequestTopic()
	topic.Topic, topic.Partitions = o.domain.events, append(topic.Partitions, partition)
	req := kmsg.NewPtrListOffsetsRequest()
	req.IsolationLevel, req.Topics = isolation, append(req.Topics, topic)
	resp, err := req.RequestWith(ctx, o.domain.engine.client)
	if err != nil {
		return 0, fmt.Errorf("end of partition %d: %w", o.id, err)
	}
	if len(resp.Topics) != 1 || len(resp.Topics[0].Partitions) != 1 {
		return 0, errors.New("the broker did not say where the partition ends")
	}
	answer := resp.Topics[0].Partitions[0]
	if err := kerr.ErrorForCode(answer.ErrorCode); err != nil {
		return 0, fmt.Errorf("end of partition %d: %w", o.id, err)
	}
	return answer.Offset, nil
}
