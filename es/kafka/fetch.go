package kafka

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// fetcher reads records of a topic by their offset, which consumers are not
// made for. It does not look at transactions: its callers know that what they
// ask for is committed. Safe for concurrent use.
type fetcher struct {
	client *kgo.Client
	topic  string
	budget time.Duration // for one answer

	mu      sync.Mutex
	id      [16]byte
	leaders []int32 // by partition; nil when not known
}

// page is the batch of records that an offset lies in.
type page []*kgo.Record

// at returns the record at an offset, or nil when it is not in the page.
func (p page) at(offset int64) *kgo.Record {
	i, found := slices.BinarySearchFunc(p, offset, func(r *kgo.Record, offset int64) int {
		return int(r.Offset - offset)
	})
	if !found {
		return nil
	}
	return p[i]
}

// fetchAttempts is how often a page is asked for: leaders move.
const fetchAttempts = 6

// page returns the batch that an offset lies in, or the next one behind it. It
// fails with a [*LogError] when the log begins behind the offset. A broker that
// has nothing there may lag behind, so it is asked again.
func (f *fetcher) page(ctx context.Context, partition int32, offset int64) (page, error) {
	var failed error
	for attempt := range fetchAttempts {
		if attempt > 0 && !sleep(ctx, backoff(attempt)) {
			break
		}
		p, err := f.ask(ctx, partition, offset)
		if err == nil && len(p) > 0 {
			return p, nil
		}
		if errors.Is(err, kerr.OffsetOutOfRange) {
			err = fetchError(ctx, f.client, kgo.FetchError{Topic: f.topic, Partition: partition, Err: err}, offset)
		}
		if _, gone := errors.AsType[*LogError](err); gone {
			return nil, err
		}
		failed = err
		f.forget()
	}
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx) //nolint:wrapcheck // the caller's own error
	case errors.Is(failed, errLags):
		return nil, failed
	case failed != nil:
		return nil, fmt.Errorf("%s, partition %d, offset %d: %w", f.topic, partition, offset, failed)
	}
	return nil, nil
}

func (f *fetcher) ask(ctx context.Context, partition int32, offset int64) (page, error) {
	ctx, cancel := context.WithTimeout(ctx, f.budget)
	defer cancel()
	leader, id, err := f.leader(ctx, partition)
	if err != nil {
		return nil, err
	}
	ask := kmsg.NewFetchRequestTopicPartition()
	ask.Partition, ask.FetchOffset, ask.PartitionMaxBytes = partition, offset, 1 // one batch, whatever its size
	topic := kmsg.NewFetchRequestTopic()
	topic.Topic, topic.TopicID, topic.Partitions = f.topic, id, append(topic.Partitions, ask)
	req := kmsg.NewPtrFetchRequest()
	req.MaxWaitMillis, req.MinBytes, req.Topics = 100, 1, append(req.Topics, topic)
	answer, err := f.client.Broker(int(leader)).Request(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	resp, ok := answer.(*kmsg.FetchResponse)
	if !ok || len(resp.Topics) != 1 || len(resp.Topics[0].Partitions) != 1 {
		return nil, errors.Join(errors.New("fetch: the broker did not answer for the partition"), f.code(resp))
	}
	fetched, _ := kgo.ProcessFetchPartition(kgo.ProcessFetchPartitionOpts{
		Topic: f.topic, Partition: partition, IsolationLevel: kgo.ReadUncommitted(),
	}, &resp.Topics[0].Partitions[0], kgo.DefaultDecompressor(), nil)
	if fetched.Err != nil {
		return nil, fmt.Errorf("fetch: %w", fetched.Err)
	}
	return fetched.Records, nil
}

// The levels of isolation of requests.
const (
	readUncommitted int8 = iota
	readCommitted
)

// end returns where a partition ends for readers of a level of isolation. A
// leader that does not answer may be none any more, so it is looked up again.
func (f *fetcher) end(ctx context.Context, partition int32, isolation int8) (int64, error) {
	end, err := f.askEnd(ctx, partition, isolation)
	if err == nil {
		return end, nil
	}
	f.forget()
	if end, err = f.askEnd(ctx, partition, isolation); err != nil {
		f.forget()
		return 0, fmt.Errorf("end of partition %d of %s: %w", partition, f.topic, err)
	}
	return end, nil
}

func (f *fetcher) askEnd(ctx context.Context, partition int32, isolation int8) (int64, error) {
	leader, _, err := f.leader(ctx, partition)
	if err != nil {
		return 0, err
	}
	ask := kmsg.NewListOffsetsRequestTopicPartition()
	ask.Partition, ask.Timestamp = partition, -1
	topic := kmsg.NewListOffsetsRequestTopic()
	topic.Topic, topic.Partitions = f.topic, append(topic.Partitions, ask)
	req := kmsg.NewPtrListOffsetsRequest()
	req.IsolationLevel, req.Topics = isolation, append(req.Topics, topic)
	answer, err := f.client.Broker(int(leader)).Request(ctx, req)
	if err != nil {
		return 0, fmt.Errorf("list offsets: %w", err)
	}
	resp, ok := answer.(*kmsg.ListOffsetsResponse)
	if !ok || len(resp.Topics) != 1 || len(resp.Topics[0].Partitions) != 1 {
		return 0, errors.New("list offsets: the broker did not answer for the partition")
	}
	found := resp.Topics[0].Partitions[0]
	return found.Offset, kerr.ErrorForCode(found.ErrorCode) //nolint:wrapcheck // end does
}

func (f *fetcher) code(resp *kmsg.FetchResponse) error {
	if resp == nil {
		return nil
	}
	return kerr.ErrorForCode(resp.ErrorCode) //nolint:wrapcheck // joined to an error of ours
}

// leader returns the broker to ask about a partition.
func (f *fetcher) leader(ctx context.Context, partition int32) (int32, [16]byte, error) {
	f.mu.Lock()
	id, leaders := f.id, f.leaders
	f.mu.Unlock()
	if leaders == nil {
		var err error
		if id, leaders, err = f.lookUp(ctx); err != nil {
			return 0, id, fmt.Errorf("metadata: %w", err)
		}
		f.mu.Lock()
		f.id, f.leaders = id, leaders
		f.mu.Unlock()
	}
	if int(partition) >= len(leaders) || leaders[partition] < 0 {
		return 0, id, fmt.Errorf("partition %d has no leader", partition)
	}
	return leaders[partition], id, nil
}

// lookUp asks for the leaders. It does not take what the client remembers of
// them, which may be what has just proven wrong.
func (f *fetcher) lookUp(ctx context.Context) (id [16]byte, leaders []int32, err error) {
	topic := kmsg.NewMetadataRequestTopic()
	topic.Topic = &f.topic
	req := kmsg.NewPtrMetadataRequest()
	req.Topics = append(req.Topics, topic)
	resp, err := req.RequestWith(ctx, f.client)
	if err != nil {
		return id, nil, err //nolint:wrapcheck // the caller adds what it was for
	}
	if len(resp.Topics) != 1 {
		return id, nil, errors.New("the broker did not answer for the topic")
	}
	found := resp.Topics[0]
	leaders = make([]int32, len(found.Partitions))
	for i := range leaders {
		leaders[i] = -1
	}
	for _, p := range found.Partitions {
		if int(p.Partition) < len(leaders) {
			leaders[p.Partition] = p.Leader
		}
	}
	return found.TopicID, leaders, kerr.ErrorForCode(found.ErrorCode) //nolint:wrapcheck // as above
}

func (f *fetcher) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.leaders = nil
}
