//go:build unix

package kafka_test

import (
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/esgen-dev/esgen/internal/realkafka"
)

// coordinate lets a node be the coordinator of all groups and transactions, so
// that they suffer nothing when the others are away.
func (c realCluster) coordinate(t *testing.T, node *realkafka.Node) {
	t.Helper()
	admin := kadm.NewClient(c.clients[0])
	for { // until the topics are there, which the question makes
		transactions := admin.FindTxnCoordinators(t.Context(), "x")["x"]
		groups := admin.FindGroupCoordinators(t.Context(), "x")["x"]
		if transactions.Err == nil && groups.Err == nil {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	nodes := slices.DeleteFunc(slices.Clone(c.Nodes), func(n *realkafka.Node) bool { return n == node })
	for _, topic := range []string{"__transaction_state", "__consumer_offsets"} {
		c.place(t, topic, 3, append([]*realkafka.Node{node}, nodes...)...)
	}
}

// place has nodes hold the partitions of a topic, and the first of them lead.
func (c realCluster) place(t *testing.T, topic string, partitions int32, nodes ...*realkafka.Node) {
	t.Helper()
	var replicas []int32
	for _, n := range nodes {
		replicas = append(replicas, n.ID)
	}
	var req kadm.AlterPartitionAssignmentsReq
	set := kadm.TopicsSet{}
	for p := range partitions {
		req.Assign(topic, p, replicas)
		set.Add(topic, p)
	}
	admin := kadm.NewClient(c.clients[0])
	if _, err := admin.AlterPartitionAssignments(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	c.until(t, topic, func(p kmsg.MetadataResponseTopicPartition) bool {
		return slices.Equal(p.Replicas, replicas) && len(p.ISR) == len(replicas)
	})
	_, _ = admin.ElectLeaders(t.Context(), kadm.ElectPreferredReplica, set) // those that lead already say so
	c.await(t, topic, nodes[0], len(nodes))
}

// await waits until a node leads all partitions of a topic, with so many
// replicas in sync.
func (c realCluster) await(t *testing.T, topic string, leader *realkafka.Node, inSync int) {
	t.Helper()
	c.until(t, topic, func(p kmsg.MetadataResponseTopicPartition) bool {
		return p.Leader == leader.ID && len(p.ISR) == inSync
	})
}

// until waits until all partitions of a topic are so, as the first node has it.
func (c realCluster) until(t *testing.T, topic string, so func(kmsg.MetadataResponseTopicPartition) bool) {
	t.Helper()
	req := kmsg.NewPtrMetadataRequest()
	of := kmsg.NewMetadataRequestTopic()
	of.Topic = &topic
	req.Topics = append(req.Topics, of)
	for limit := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		resp, err := req.RequestWith(t.Context(), c.clients[0].Broker(int(c.Nodes[0].ID)))
		if err != nil {
			t.Fatal(err)
		}
		there := resp.Topics[0].Partitions
		if len(there) > 0 && !slices.ContainsFunc(there, func(p kmsg.MetadataResponseTopicPartition) bool { return !so(p) }) {
			return
		}
		if time.Now().After(limit) {
			t.Fatalf("%s is not as it is to be: %+v", topic, there)
		}
	}
}
