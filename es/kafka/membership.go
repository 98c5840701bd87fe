package kafka

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// membership is what proves to a group that a process is its member.
type membership struct {
	member  *kgo.Client
	group   string
	topic   string
	topicID [16]byte
}

// offsetCommit is an offset to be committed.
type offsetCommit struct {
	partition int32
	offset    int64
	metadata  *string
}

// commit commits an offset as a member. It fails when the group has moved on.
// The request goes by another client than the member, which holds it back while
// it joins.
func (m *membership) commit(ctx context.Context, via *kgo.Client, c offsetCommit) error {
	req := kmsg.NewPtrOffsetCommitRequest()
	req.Group = m.group
	req.MemberID, req.Generation = m.member.GroupMetadata()
	partition := kmsg.NewOffsetCommitRequestTopicPartition()
	partition.Partition, partition.Offset, partition.Metadata = c.partition, c.offset, c.metadata
	topic := kmsg.NewOffsetCommitRequestTopic()
	topic.Topic, topic.TopicID = m.topic, m.topicID
	topic.Partitions = append(topic.Partitions, partition)
	req.Topics = append(req.Topics, topic)
	resp, err := req.RequestWith(ctx, via)
	if err != nil {
		return fmt.Errorf("group %s: %w", m.group, err)
	}
	if len(resp.Topics) != 1 || len(resp.Topics[0].Partitions) != 1 {
		return fmt.Errorf("group %s did not answer for the partition", m.group)
	}
	if err := kerr.ErrorForCode(resp.Topics[0].Partitions[0].ErrorCode); err != nil {
		return fmt.Errorf("group %s: %w", m.group, err)
	}
	return nil
}

// joining returns the options of a member of a group that takes so long, at
// most, to give a partition away.
func (c *config) joining(group, topic string, handover time.Duration, balancer kgo.GroupBalancer) []kgo.Opt {
	balance := []kgo.Opt{
		kgo.Balancers(balancer),
		kgo.SessionTimeout(c.session), kgo.HeartbeatInterval(c.session / 10),
		kgo.RebalanceTimeout(max(c.session, 2*handover)),
	}
	if c.serverSide { // the brokers say how often they want to hear of a member
		balance = []kgo.Opt{kgo.ServerSideBalancer(), kgo.RebalanceTimeout(max(time.Minute, 2*handover))}
	}
	return append(append(c.options(), balance...),
		kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic), kgo.DisableAutoCommit(),
	)
}

// attendance is how often a member of a group is asked what went wrong.
const attendance = 5 * time.Second

// attend passes what goes wrong with a member of a group to report, until the
// context ends. Nothing is fetched by members, and they stay what they are
// without being polled. A poll that waits would be woken by each error, while the
// client holds a lock and waits for brokers: in a simulation, whose time goes on
// when all do nothing but wait, one that waits for a lock keeps it from that.
func attend(ctx context.Context, member *kgo.Client, report func(error)) {
	for sleep(ctx, attendance) {
		for _, e := range member.PollFetches(nil).Errors() { //nolint:staticcheck // nil is how not to wait
			report(e.Err)
		}
	}
}
