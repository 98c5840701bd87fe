//go:build unix

package kafka_test

import (
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/conformance"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/topics"
	"github.com/esgen-dev/esgen/internal/realkafka"
)

// TestReal runs the suite on Kafka itself, as TestConformance does on kfake.
func TestReal(t *testing.T) {
	for name, tc := range map[string]struct {
		nodes, partitions int
		engine            []kafka.Option
	}{
		"1 node, 1 partition":       {1, 1, nil},
		"1 node, groups of KIP-848": {1, 4, []kafka.Option{kafka.ServerSideAssignment(), kafka.CheckpointEvery(5), kafka.Memory(0)}},
		"3 nodes, 4 partitions":     {3, 4, []kafka.Option{kafka.Profile(topics.Production())}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newReal(t, tc.nodes)
			conformance.Run(t, func(t *testing.T, o conformance.Options) es.Engine {
				t.Helper()
				return c.open(t, c.makeTopics(t, tc.partitions), append(tc.engine, kafka.Clock(o.Clock), kafka.Validate(o.Validate))...)
			}, conformance.Reopen(func(t *testing.T, e es.Engine, o conformance.Options) es.Engine {
				t.Helper()
				before := e.(elsewhere)
				if err := before.Close(); err != nil {
					t.Fatal(err)
				}
				return c.open(t, before.topic, append(tc.engine, kafka.Clock(o.Clock), kafka.Validate(o.Validate))...)
			}))
		})
	}
}

// realCluster is a Kafka that many tests share.
type realCluster struct {
	*realkafka.Cluster

	profile topics.Profile
	clients []*kgo.Client // for questions to each node
	ledgers *atomic.Int64 // how many have topics
}

func newReal(t *testing.T, nodes int) realCluster {
	t.Helper()
	return realClusterOf(t, realkafka.Options{Nodes: nodes})
}

func realClusterOf(t *testing.T, o realkafka.Options) realCluster {
	t.Helper()
	c := realCluster{Cluster: realkafka.ForTest(t, o), profile: topics.SingleBroker(), ledgers: new(atomic.Int64)}
	if o.Nodes >= 3 {
		c.profile = topics.Production()
	}
	for _, n := range c.Nodes {
		client, err := kgo.NewClient(kgo.SeedBrokers(n.Address))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(client.Close)
		c.clients = append(c.clients, client)
	}
	return c
}

// makeTopics makes topics for ledgers that nobody else uses, and returns the
// name of that of the events.
func (c realCluster) makeTopics(t *testing.T, partitions int) string {
	t.Helper()
	name := fmt.Sprintf("%s.%d", topic, c.ledgers.Add(1))
	wanted, err := topics.Wanted([]topics.Aggregate{{Topic: name, Partitions: partitions}}, c.profile)
	if err != nil {
		t.Fatal(err)
	}
	admin := kadm.NewClient(c.clients[0])
	plan, err := topics.MakePlan(t.Context(), admin, wanted, topics.Options{})
	if err == nil {
		err = topics.Apply(t.Context(), admin, plan, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range c.Nodes {
		c.awaitTopics(t, c.clients[i].Broker(int(n.ID)), len(wanted), name)
	}
	return name
}

// awaitTopics waits until a node knows of the topics with a prefix, which may
// take a moment longer than on the node that Apply asked.
func (realCluster) awaitTopics(t *testing.T, node *kgo.Broker, count int, prefix string) {
	t.Helper()
	for {
		resp, err := kmsg.NewPtrMetadataRequest().RequestWith(t.Context(), node)
		if err != nil {
			t.Fatal(err)
		}
		known := 0
		for _, topic := range resp.Topics {
			if topic.Topic != nil && (*topic.Topic == prefix || strings.HasPrefix(*topic.Topic, prefix+".")) && topic.ErrorCode == 0 {
				known++
			}
		}
		if known >= count {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// open returns an engine that has its ledgers in a topic.
func (c realCluster) open(t *testing.T, topic string, opts ...kafka.Option) elsewhere {
	t.Helper()
	e, err := kafka.Open("test", append([]kafka.Option{
		kafka.Client(kgo.SeedBrokers(c.Brokers()...)),
		kafka.Profile(c.profile), kafka.Override(topics.Partitions), // the ledger declares 4
		kafka.Logger(slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))),
	}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return elsewhere{Engine: e, topic: topic}
}

// elsewhere is an engine that has the events of whatever is bound to it in one
// topic, so that tests with the same aggregate type share a cluster.
type elsewhere struct {
	*kafka.Engine

	topic string
}

func (e elsewhere) Bind(a es.Aggregate) es.Store {
	return e.Engine.Bind(movedAggregate{Aggregate: a, spec: e.moved(a)})
}

func (e elsewhere) Reader(events es.Events) es.Reader {
	return e.Engine.Reader(movedEvents{Events: events, spec: e.moved(events)})
}

func (e elsewhere) moved(events es.Events) *es.Spec {
	spec := *events.Spec()
	spec.Topic = e.topic
	return &spec
}

type movedAggregate struct {
	es.Aggregate

	spec *es.Spec
}

func (m movedAggregate) Spec() *es.Spec { return m.spec }

type movedEvents struct {
	es.Events

	spec *es.Spec
}

func (m movedEvents) Spec() *es.Spec { return m.spec }
