package kafka_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"
	"go.uber.org/goleak"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/conformance"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/internal/expire"
	"github.com/esgen-dev/esgen/es/kafka/topics"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		brokers, partitions int
		kafka               []kfake.Opt
		engine              []kafka.Option
	}{
		"1 broker, 1 partition":    {1, 1, nil, nil},
		"3 brokers, 12 partitions": {3, 12, nil, nil},
		"checkpoints all the time": {1, 1, nil, []kafka.Option{kafka.CheckpointEvery(1)}},
		"nothing stays in memory":  {3, 12, nil, []kafka.Option{kafka.CheckpointEvery(5), kafka.Memory(0)}},
		"groups of KIP-848":        {3, 12, quickGroups(), []kafka.Option{kafka.ServerSideAssignment()}},
		"Kafka 3.6":                {1, 1, []kfake.Opt{kfake.MaxVersions(kversion.V3_6_0())}, nil},
		"Kafka 2.8":                {3, 12, []kfake.Opt{kfake.MaxVersions(kversion.V2_8_0())}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if raceEnabled && tc.kafka != nil {
				t.Skip("what other versions of Kafka change is no matter of races")
			}
			var clusters sync.Map // by engine
			open := func(t *testing.T, c *cluster, o conformance.Options) es.Engine {
				t.Helper()
				e := c.open(t, append(tc.engine, kafka.Clock(o.Clock), kafka.Validate(o.Validate))...)
				clusters.Store(e, c)
				return e
			}
			opts := []conformance.Option{conformance.Reopen(func(t *testing.T, e es.Engine, o conformance.Options) es.Engine {
				t.Helper()
				if err := e.(*kafka.Engine).Close(); err != nil {
					t.Fatal(err)
				}
				c, _ := clusters.Load(e)
				return open(t, c.(*cluster), o)
			})}
			if tc.kafka != nil || tc.engine != nil { // variations
				opts = append(opts, conformance.Small())
			}
			conformance.Run(t, func(t *testing.T, o conformance.Options) es.Engine {
				t.Helper()
				return open(t, newCluster(t, tc.brokers, tc.partitions, tc.kafka...), o)
			}, opts...)
		})
	}
}

// quickGroups makes the brokers ask members of groups of KIP-848 often, as the
// brokers decide that.
func quickGroups() []kfake.Opt {
	return []kfake.Opt{kfake.BrokerConfigs(map[string]string{"group.consumer.heartbeat.interval.ms": "100"})}
}

// cluster is a Kafka in this process, with the topics of the ledger.
type cluster struct {
	*kfake.Cluster

	fences atomic.Int64 // how often a producer id was asked for
}

func newCluster(t *testing.T, brokers, partitions int, opts ...kfake.Opt) *cluster {
	t.Helper()
	k, err := kfake.NewCluster(append(opts, kfake.NumBrokers(brokers), kfake.GroupMinSessionTimeout(100*time.Millisecond))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Close)
	t.Cleanup(expire.Members(k))
	c := &cluster{Cluster: k}
	k.ControlKey(int16(kmsg.InitProducerID), func(kmsg.Request) (kmsg.Response, error, bool) {
		k.KeepControl()
		c.fences.Add(1)
		return nil, nil, false
	})
	c.makeTopics(t, partitions)
	return c
}

func (c *cluster) makeTopics(t *testing.T, partitions int) {
	t.Helper()
	client := c.client(t)
	defer client.Close()
	if err := makeTopics(t.Context(), client, partitions); err != nil {
		t.Fatal(err)
	}
}

// makeTopics makes the topics of the ledger.
func makeTopics(ctx context.Context, client *kgo.Client, partitions int) error {
	wanted, err := topics.Wanted([]topics.Aggregate{{Topic: topic, Partitions: partitions}}, topics.SingleBroker())
	if err != nil {
		return err
	}
	admin := kadm.NewClient(client)
	plan, err := topics.MakePlan(ctx, admin, wanted, topics.Options{})
	if err != nil {
		return err
	}
	return topics.Apply(ctx, admin, plan, func(topics.Step) {})
}

func (c *cluster) client(t *testing.T, opts ...kgo.Opt) *kgo.Client {
	t.Helper()
	client, err := kgo.NewClient(append(opts, kgo.SeedBrokers(c.ListenAddrs()...))...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func (c *cluster) open(t *testing.T, opts ...kafka.Option) *kafka.Engine {
	t.Helper()
	e, err := kafka.Open("test", append([]kafka.Option{
		kafka.Client(kgo.SeedBrokers(c.ListenAddrs()...)),
		kafka.Profile(topics.SingleBroker()),
		kafka.Override(topics.Partitions), // the ledger declares 4
	}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}
