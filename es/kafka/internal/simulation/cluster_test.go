package simulation

import (
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"

	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/internal/expire"
	"github.com/esgen-dev/esgen/es/kafka/topics"
)

// The names of what the tests use.
const (
	application = "sim"
	eventsTopic = "ledger.v1.ledger"
	stateTopic  = eventsTopic + ".state"
	partitions  = 4
)

// session is how long the group waits for a sign of life of a process.
const session = 1500 * time.Millisecond

// setting is what may differ between clusters.
type setting struct {
	real       bool // Kafka itself, in the time of the wall clock
	brokers    int
	serverSide bool          // the brokers assign the partitions
	version    string        // of an old Kafka; empty is the newest
	forward    bool          // processes forward commands to each other
	compact    bool          // events have short headers
	project    bool          // processes project events into a database
	disk       string        // where the brokers keep what they have; empty is nowhere
	expiration time.Duration // of producers that are idle; 0 is a week
}

// cluster is a Kafka in a bubble of testing/synctest, where time passes when
// there is nothing to do. It has the topics of the ledger. Its network has no
// weather: that is for the links of processes.
type cluster struct {
	*kfake.Cluster // nil when it is Kafka itself

	setting setting
	network *kfake.VirtualNetwork
	dial    dialer
	brokers []string     // where they listen
	fences  atomic.Int64 // how often a producer was made
	revived atomic.Int64 // how often one was to go on after an error
}

// newCluster starts a cluster. All that runs on it ends before the test does.
func newCluster(t *testing.T, s setting) *cluster {
	t.Helper()
	t.Cleanup(func() { time.Sleep(time.Minute) }) // for what was closed to end
	c := &cluster{setting: s, network: new(kfake.VirtualNetwork)}
	c.dial = c.network.DialContext
	c.boot(t)
	c.createTopics(t)
	return c
}

// boot starts the brokers.
func (c *cluster) boot(t *testing.T) {
	t.Helper()
	k, err := kfake.NewCluster(c.brokerOptions()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Close)
	t.Cleanup(expire.Members(k, kgo.Dialer(c.dial)))
	c.Cluster, c.brokers = k, k.ListenAddrs()
	c.watchProducers()
}

// restart stops the brokers, and starts them again with what is on their disks.
func (c *cluster) restart(t *testing.T) {
	t.Helper()
	c.Close()
	c.boot(t)
}

func (c *cluster) brokerOptions() []kfake.Opt {
	s := c.setting
	configs := map[string]string{
		"group.consumer.heartbeat.interval.ms": "150",
		"group.consumer.session.timeout.ms":    strconv.FormatInt(session.Milliseconds(), 10),
	}
	if s.expiration > 0 {
		configs["transactional.id.expiration.ms"] = strconv.FormatInt(s.expiration.Milliseconds(), 10)
	}
	opts := []kfake.Opt{
		kfake.ListenFn(c.network.Listen), kfake.NumBrokers(s.brokers), kfake.Ports(ports(s.brokers)...),
		kfake.GroupMinSessionTimeout(session / 3), kfake.BrokerConfigs(configs),
	}
	if s.version != "" {
		opts = append(opts, kfake.MaxVersions(kversion.FromString(s.version)))
	}
	if s.disk != "" {
		opts = append(opts, kfake.DataDir(s.disk), kfake.SyncWrites())
	}
	return opts
}

const firstPort = 9092

func ports(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = firstPort + i
	}
	return all
}

// watchProducers refuses producers that were used before: after an error the
// engine has to make a new one. The fake broker would accept them, and shut out
// the one that owns the partition.
func (c *cluster) watchProducers() {
	c.ControlKey(int16(kmsg.InitProducerID), func(r kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		req := r.(*kmsg.InitProducerIDRequest)
		if req.TransactionalID == nil || req.ProducerID < 0 {
			c.fences.Add(1)
			return nil, nil, false
		}
		c.revived.Add(1)
		resp := req.ResponseKind().(*kmsg.InitProducerIDResponse)
		resp.ErrorCode = kerr.ProducerFenced.Code
		return resp, nil, true
	})
}

func (c *cluster) createTopics(t *testing.T) {
	t.Helper()
	client := c.client(t)
	defer client.Close()
	wanted, err := topics.Wanted([]topics.Aggregate{{Topic: eventsTopic, Partitions: partitions}}, c.profile())
	if err != nil {
		t.Fatal(err)
	}
	admin := kadm.NewClient(client)
	plan, err := topics.MakePlan(t.Context(), admin, wanted, topics.Options{})
	if err == nil {
		err = topics.Apply(t.Context(), admin, plan, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// client returns a client on a network without weather.
func (c *cluster) client(t *testing.T, opts ...kgo.Opt) *kgo.Client {
	t.Helper()
	client, err := kgo.NewClient(append(opts, kgo.SeedBrokers(c.brokers...), kgo.Dialer(c.dial))...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// options are those of every engine on the cluster.
func (c *cluster) options() []kafka.Option {
	opts := []kafka.Option{kafka.Session(session), kafka.Budget(2 * time.Second), kafka.Profile(c.profile())}
	if c.setting.serverSide {
		opts = append(opts, kafka.ServerSideAssignment())
	}
	if c.setting.version != "" {
		opts = append(opts, kafka.Override(topics.TransactionVersion))
	}
	return opts
}

// profile is what the topics have to be like.
func (c *cluster) profile() topics.Profile {
	if c.setting.real && c.setting.brokers >= 3 {
		return topics.Production()
	}
	return topics.SingleBroker()
}
