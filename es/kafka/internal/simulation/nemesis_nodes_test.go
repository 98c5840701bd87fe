//go:build unix

package simulation

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/esgen-dev/esgen/internal/realkafka"
)

// machines are the nodes of Kafka itself. One fault begins when nothing is left
// of the one before, as three replicas promise no more than that: everything is
// replicated everywhere.
type machines struct {
	kafka *realkafka.Cluster
	admin *kadm.Client
}

// ofNodes is what can happen to nodes of Kafka.
func ofNodes(m *machines) []nemesis {
	all := []nemesis{
		{name: "restart of all", strike: m.restartAll},
		{name: "leaders", strike: m.moveLeaders},
		{name: "two killed", strike: func(c *chaos) { m.kill(c, m.two(c)...) }},
		{name: "two asleep", strike: func(c *chaos) { m.sleep(c, m.two(c)...) }},
	}
	for name, find := range map[string]func(*chaos) (int32, error){
		"leader": m.leader, "coordinator of transactions": m.ofTransactions, "coordinator of the group": m.ofGroup, "controller": m.controller,
	} {
		all = append(all,
			nemesis{name: name + " killed", strike: func(c *chaos) { m.kill(c, m.node(c, find)...) }},
			nemesis{name: name + " asleep", strike: func(c *chaos) { m.sleep(c, m.node(c, find)...) }},
			nemesis{name: name + " cut off", strike: func(c *chaos) { m.cut(c, m.node(c, find)...) }})
	}
	slices.SortFunc(all, func(a, b nemesis) int { return strings.Compare(a.name, b.name) })
	return all
}

// kill kills nodes, and starts them again after a while.
func (m *machines) kill(c *chaos, victims ...*realkafka.Node) {
	for _, n := range victims {
		n.Kill()
	}
	c.last(200*time.Millisecond, 6*time.Second)
	m.start(c, victims...)
}

// sleep stops the clocks of nodes for a while, perhaps longer than anybody
// waits for them.
func (m *machines) sleep(c *chaos, victims ...*realkafka.Node) {
	for _, n := range victims {
		n.Pause()
	}
	c.last(200*time.Millisecond, 8*time.Second)
	for _, n := range victims {
		n.Resume()
	}
}

// cut cuts nodes off from the others, and not from clients, for a while.
func (m *machines) cut(c *chaos, victims ...*realkafka.Node) {
	for _, n := range victims {
		m.kafka.Cut(n)
	}
	c.last(200*time.Millisecond, 10*time.Second)
	m.kafka.Mend()
}

// restartAll restarts one node after the other, as an upgrade does.
func (m *machines) restartAll(c *chaos) {
	for _, n := range m.kafka.Nodes {
		if !m.inSync(c) {
			return
		}
		n.Stop(10 * time.Second)
		m.start(c, n)
	}
}

func (m *machines) start(c *chaos, victims ...*realkafka.Node) {
	var wg sync.WaitGroup
	for _, n := range victims {
		wg.Go(func() {
			if err := n.Start(c.t.Context()); err != nil {
				c.t.Error(err)
			}
		})
	}
	wg.Wait()
}

// moveLeaders has other nodes lead the partitions.
func (m *machines) moveLeaders(c *chaos) {
	if !m.inSync(c) {
		return
	}
	var req kadm.AlterPartitionAssignmentsReq
	set := kadm.TopicsSet{}
	for _, topic := range []string{eventsTopic, stateTopic} {
		for p := range int32(partitions) {
			replicas := []int32{1, 2, 3}
			c.random.Shuffle(len(replicas), func(i, j int) { replicas[i], replicas[j] = replicas[j], replicas[i] })
			req.Assign(topic, p, replicas)
			set.Add(topic, p)
		}
	}
	if _, err := m.admin.AlterPartitionAssignments(c.ctx, req); err == nil {
		_, _ = m.admin.ElectLeaders(c.ctx, kadm.ElectPreferredReplica, set) // those that lead already say so
	}
}

// two returns two nodes, once all are in sync.
func (m *machines) two(c *chaos) []*realkafka.Node {
	if !m.inSync(c) {
		return nil
	}
	all := slices.Clone(m.kafka.Nodes)
	c.random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:2]
}

// node returns the node that has a role, once all are in sync.
func (m *machines) node(c *chaos, find func(*chaos) (int32, error)) []*realkafka.Node {
	if !m.inSync(c) {
		return nil
	}
	id, err := find(c)
	if err != nil {
		return nil // a coordinator moves, say
	}
	return []*realkafka.Node{m.kafka.Node(id)}
}

func (m *machines) leader(c *chaos) (int32, error) {
	found, err := m.admin.ListTopics(c.ctx, eventsTopic)
	if err != nil {
		return 0, err
	}
	partition := int32(c.random.IntN(partitions))
	return found[eventsTopic].Partitions[partition].Leader, found[eventsTopic].Partitions[partition].Err
}

func (m *machines) ofTransactions(c *chaos) (int32, error) {
	id := fmt.Sprintf("%s.%s.%d", application, eventsTopic, c.random.IntN(partitions))
	found := m.admin.FindTxnCoordinators(c.ctx, id)
	return found[id].NodeID, found[id].Err
}

func (m *machines) ofGroup(c *chaos) (int32, error) {
	group := application + "." + eventsTopic
	found := m.admin.FindGroupCoordinators(c.ctx, group)
	return found[group].NodeID, found[group].Err
}

func (m *machines) controller(c *chaos) (int32, error) {
	client, err := kgo.NewClient(kgo.SeedBrokers(m.kafka.Brokers()...))
	if err != nil {
		return 0, err
	}
	defer client.Close()
	req := kmsg.NewPtrDescribeQuorumRequest()
	req.Topics = []kmsg.DescribeQuorumRequestTopic{{Topic: "__cluster_metadata", Partitions: []kmsg.DescribeQuorumRequestTopicPartition{{}}}}
	resp, err := req.RequestWith(c.ctx, client)
	if err != nil {
		return 0, err
	}
	if len(resp.Topics) != 1 || len(resp.Topics[0].Partitions) != 1 {
		return 0, errors.New("no answer about the controllers")
	}
	return resp.Topics[0].Partitions[0].LeaderID, nil
}

// inSync waits until every replica of everything has what its leader has. It
// returns false when the simulation is over before.
func (m *machines) inSync(c *chaos) bool {
	for !m.allInSync(c) {
		if !sleep(c.ctx, 100*time.Millisecond) {
			return false
		}
	}
	return true
}

func (m *machines) allInSync(c *chaos) bool {
	found, err := m.admin.ListTopicsWithInternal(c.ctx)
	if err != nil || len(found) == 0 {
		return false
	}
	all := true
	found.EachPartition(func(p kadm.PartitionDetail) {
		all = all && p.Err == nil && p.Leader >= 0 && len(p.ISR) == len(m.kafka.Nodes)
	})
	return all
}
