//go:build unix

package simulation

import (
	"context"
	"flag"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/internal/realkafka"
)

var wallClock = flag.Duration("sim.real", 20*time.Second, "how long the simulation on Kafka itself is to last")

// TestReal runs a simulation on three nodes of Kafka itself, in the time of the
// wall clock. The processes and their networks are harmed as in the others; in
// place of the fake brokers, processes of Kafka are killed, cut off,
// stopped for a while and started again.
func TestReal(t *testing.T) {
	s := settingOf(*first)
	s.version = ""
	c, m := newReal(t, s)
	sim := newSimulation(t, c, *first)
	sim.nemeses = [][]nemesis{ofProcesses(), ofNodes(m)}
	found := sim.simulate(*wallClock)
	found.fences = sim.watcher.fences.Load()
	r := found.judge()
	t.Logf("%s on Kafka itself: %s; %s", *wallClock, r, found.worked)
	for _, problem := range r.problems[:min(len(r.problems), 10)] {
		t.Error(problem)
	}
}

// newReal starts three nodes of Kafka, with the topics of the ledger.
func newReal(t *testing.T, s setting) (*cluster, *machines) {
	t.Helper()
	k := realkafka.ForTest(t, realkafka.Options{Nodes: nodes, Cuttable: true})
	s.real, s.brokers = true, nodes
	c := &cluster{setting: s, dial: new(net.Dialer).DialContext, brokers: k.Brokers()}
	c.createTopics(t)
	client := c.client(t)
	t.Cleanup(client.Close)
	return c, &machines{kafka: k, admin: kadm.NewClient(client)}
}

// TestRealBarrier cuts the leader of a partition off from the other nodes, and
// not from clients. While another node leads the partition and takes an event, a
// new owner is told by nobody but the old one, which still thinks that it leads
// and knows nothing of the event. The owner must not go by that.
func TestRealBarrier(t *testing.T) {
	c, m := newReal(t, small())
	p := c.start(t)
	p.eventually(t, openLedger(), "open")
	old := m.lead(t)
	m.kafka.Cut(old)
	posted := p.patiently(t, postAmount(5), "post") // by way of the new leader
	p.crash()

	phases := &watcher{alarm: func(err error) { t.Error(err) }}
	misled := c.start(t, kafka.Observe(phases), kafka.Client(
		kgo.RequestRetries(100), kgo.RetryBackoffFn(func(int) time.Duration { return 10 * time.Millisecond }), // until it asks the old one
	))
	misled.link.judgeBy(func(r request) fate {
		if r.key == kmsg.Metadata && r.broker != old.Address {
			return lost
		}
		return delivered
	})
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	for ctx.Err() == nil {
		if rev, err := misled.load(ctx, "a", es.Fresh()); err == nil {
			t.Errorf("version %d is what a fresh load says, and version %d was acknowledged", rev.Version, posted.Version)
			break
		}
		sleep(ctx, 100*time.Millisecond)
	}
	misled.link.judgeBy(nil)
	m.kafka.Mend()
	if again := misled.patiently(t, postAmount(5), "post"); !again.Duplicate {
		t.Errorf("%+v, want a duplicate", again.Receipt)
	}
	t.Logf("the one that was misled:\n%s", strings.Join(phases.phases, "\n"))
}

// lead has a node lead the events of the partition of "a" that is needed for
// nothing else to do with it, and returns that node.
func (m *machines) lead(t *testing.T) *realkafka.Node {
	t.Helper()
	id, group := fmt.Sprintf("%s.%s.%d", application, eventsTopic, home()), application+"."+eventsTopic
	others := map[int32]bool{
		m.admin.FindTxnCoordinators(t.Context(), id)[id].NodeID:         true,
		m.admin.FindGroupCoordinators(t.Context(), group)[group].NodeID: true,
	}
	replicas := map[bool][]int32{}
	for _, n := range m.kafka.Nodes {
		replicas[others[n.ID]] = append(replicas[others[n.ID]], n.ID)
	}
	leader := replicas[false][0]
	var req kadm.AlterPartitionAssignmentsReq
	req.Assign(eventsTopic, home(), append([]int32{leader}, append(replicas[true], replicas[false][1:]...)...))
	req.Assign(stateTopic, home(), append(replicas[true], replicas[false]...))
	set := kadm.TopicsSet{}
	set.Add(eventsTopic, home())
	set.Add(stateTopic, home())
	if _, err := m.admin.AlterPartitionAssignments(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	for {
		_, _ = m.admin.ElectLeaders(t.Context(), kadm.ElectPreferredReplica, set) // those that lead already say so
		found, err := m.admin.ListTopics(t.Context(), eventsTopic, stateTopic)
		if err == nil && found[eventsTopic].Partitions[home()].Leader == leader && found[stateTopic].Partitions[home()].Leader != leader {
			return m.kafka.Node(leader)
		}
		if !sleep(t.Context(), 100*time.Millisecond) {
			t.Fatal(err)
		}
	}
}
