package kafka_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"go.uber.org/goleak"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/conformance"
	"github.com/esgen-dev/esgen/es/kafka"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConformance(t *testing.T) {
	t.Parallel()
	for _, size := range []struct{ brokers, partitions int }{{1, 1}, {3, 12}} {
		t.Run(fmt.Sprintf("%d brokers, %d partitions", size.brokers, size.partitions), func(t *testing.T) {
			t.Parallel()
			var clusters sync.Map // by engine
			open := func(t *testing.T, c *cluster, o conformance.Options) es.Engine {
				t.Helper()
				e := c.open(t, kafka.Clock(o.Clock), kafka.Validate(o.Validate))
				clusters.Store(e, c)
				return e
			}
			conformance.Run(t, func(t *testing.T, o conformance.Options) es.Engine {
				t.Helper()
				return open(t, newCluster(t, size.brokers, size.partitions), o)
			}, conformance.Reopen(func(t *testing.T, e es.Engine, o conformance.Options) es.Engine {
				t.Helper()
				if err := e.(*kafka.Engine).Close(); err != nil {
					t.Fatal(err)
				}
				c, _ := clusters.Load(e)
				return open(t, c.(*cluster), o)
			}))
		})
	}
}

// cluster is a Kafka in this process, with the topics of the ledger.
type cluster struct {
	*kfake.Cluster

	fences atomic.Int64 // how often a producer id was asked for
}

func newCluster(t *testing.T, brokers, partitions int) *cluster {
	t.Helper()
	k, err := kfake.NewCluster(kfake.NumBrokers(brokers), kfake.GroupMinSessionTimeout(100*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Close)
	c := &cluster{Cluster: k}
	k.ControlKey(int16(kmsg.InitProducerID), func(kmsg.Request) (kmsg.Response, error, bool) {
		k.KeepControl()
		c.fences.Add(1)
		return nil, nil, false
	})
	client := c.client(t)
	defer client.Close()
	responses, err := kadm.NewClient(client).CreateTopics(t.Context(), int32(partitions), 1, nil,
		"ledger.v1.ledger", "ledger.v1.ledger.state")
	if err == nil {
		err = responses.Error()
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
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
	e, err := kafka.Open("test", append(opts, kafka.Client(kgo.SeedBrokers(c.ListenAddrs()...)))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}
