package topics_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.uber.org/goleak"

	"github.com/esgen-dev/esgen/es/kafka/topics"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// cluster is a Kafka cluster in this process, reached over TCP.
type cluster struct {
	*kfake.Cluster

	client *kgo.Client
	admin  *kadm.Client
}

func start(t *testing.T, options ...kfake.Opt) cluster {
	t.Helper()
	c, err := kfake.NewCluster(append([]kfake.Opt{kfake.NumBrokers(3)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	client := dial(t, c.ListenAddrs())
	return cluster{c, client, kadm.NewClient(client)}
}

func connect(t *testing.T, brokers []string, options ...kgo.Opt) *kadm.Client {
	t.Helper()
	return kadm.NewClient(dial(t, brokers, options...))
}

func dial(t *testing.T, brokers []string, options ...kgo.Opt) *kgo.Client {
	t.Helper()
	client, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(brokers...)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// orders are the topics of one aggregate.
func orders(t *testing.T) []topics.Topic {
	t.Helper()
	return wanted(t, topics.Production(), topics.Aggregate{Topic: "orders", Partitions: 4})
}

func wanted(t *testing.T, profile topics.Profile, aggregates ...topics.Aggregate) []topics.Topic {
	t.Helper()
	all, err := topics.Wanted(aggregates, profile)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// apply brings a cluster up to what is wanted, and returns what was done.
func (c cluster) apply(t *testing.T, want []topics.Topic, options topics.Options) []string {
	t.Helper()
	plan, err := topics.MakePlan(t.Context(), c.admin, want, options)
	if err != nil {
		t.Fatal(err)
	}
	var done []string
	report := func(s topics.Step) { done = append(done, string(s.Action)+" "+s.Topic.Name) }
	if err := topics.Apply(t.Context(), c.admin, plan, report); err != nil {
		t.Fatal(err)
	}
	return done
}

func (c cluster) set(t *testing.T, topic, setting, value string) {
	t.Helper()
	set := []kadm.AlterConfig{{Op: kadm.SetConfig, Name: setting, Value: &value}}
	responses, err := c.admin.AlterTopicConfigs(t.Context(), set, topic)
	if err != nil || responses[0].Err != nil {
		t.Fatal(err, responses)
	}
}

// recreate makes a topic anew with the settings that it has.
func (c cluster) recreate(t *testing.T, topic string, partitions, replicas int) {
	t.Helper()
	settings := c.settings(t, topic)
	if _, err := c.admin.DeleteTopic(t.Context(), topic); err != nil {
		t.Fatal(err)
	}
	configs := map[string]*string{}
	for name, value := range settings {
		configs[name] = &value
	}
	if _, err := c.admin.CreateTopic(t.Context(), int32(partitions), int16(replicas), configs, topic); err != nil {
		t.Fatal(err)
	}
}

// settings returns those of a topic that are its own.
func (c cluster) settings(t *testing.T, topic string) map[string]string {
	t.Helper()
	configs, err := c.admin.DescribeTopicConfigs(t.Context(), topic)
	if err != nil || configs[0].Err != nil {
		t.Fatal(err, configs)
	}
	settings := map[string]string{}
	for _, config := range configs[0].Configs {
		if config.Source.String() == "DYNAMIC_TOPIC_CONFIG" {
			settings[config.Key] = *config.Value
		}
	}
	return settings
}

func (c cluster) check(t *testing.T, want []topics.Topic, override ...string) topics.Report {
	t.Helper()
	report, err := topics.Check(t.Context(), c.admin, want, topics.CheckOptions{Override: override, Brokers: []string{"kafka:9092"}})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// run carries out a line of Kafka's own tools as they would.
func (c cluster) run(ctx context.Context, t *testing.T, line string) {
	t.Helper()
	word := func(flag string) string {
		_, rest, _ := strings.Cut(line+" ", " "+flag+" ")
		value, _, _ := strings.Cut(rest, " ")
		return value
	}
	count := func(flag string) int { n, _ := strconv.Atoi(word(flag)); return n }
	if word("--bootstrap-server") != "kafka:9092" {
		t.Fatalf("not for this cluster: %s", line)
	}
	switch {
	case strings.HasPrefix(line, "kafka-configs.sh") && word("--entity-type") == "topics":
		name, value, _ := strings.Cut(word("--add-config"), "=")
		c.set(t, word("--entity-name"), name, value)
	case strings.HasPrefix(line, "kafka-topics.sh"):
		configs := map[string]*string{}
		for _, part := range strings.Split(line, " --config ")[1:] {
			name, value, _ := strings.Cut(part, "=")
			configs[name] = &value
		}
		if _, err := c.admin.CreateTopic(ctx, int32(count("--partitions")), int16(count("--replication-factor")), configs, word("--topic")); err != nil {
			t.Fatal(err)
		}
	case strings.HasPrefix(line, "kafka-features.sh"):
		name, level, _ := strings.Cut(word("--feature"), "=")
		n, _ := strconv.Atoi(level)
		if _, err := c.admin.UpdateFeatures(ctx, false, kadm.FeatureUpdate{Feature: name, MaxVersionLevel: int16(n), UpgradeType: 1}); err != nil {
			t.Fatal(err)
		}
	case strings.HasPrefix(line, "echo '"):
		c.reassign(t, line)
	default:
		t.Fatalf("no such tool: %s", line)
	}
}

func TestWanted(t *testing.T) {
	t.Parallel()
	all := wanted(t, topics.Production(),
		topics.Aggregate{Topic: "bank.v1.account", Partitions: 12, Recorded: 12},
		topics.Aggregate{Topic: "visits", Partitions: 3, Retention: 30 * 24 * time.Hour})
	var got strings.Builder
	for _, topic := range all {
		fmt.Fprintf(&got, "%s %s %d/%d x%d %v\n", topic.Kind, topic.Name, topic.Partitions, topic.Recorded, topic.ReplicationFactor, topic.Settings)
	}
	safety := "{min.insync.replicas 2} {unclean.leader.election.enable false} {max.message.bytes 1048588}]\n"
	compact := "[{cleanup.policy compact} {delete.retention.ms 604800000} " + safety
	want := "events bank.v1.account 12/12 x3 [{cleanup.policy delete} {retention.ms -1} {retention.bytes -1} " + safety +
		"state bank.v1.account.state 12/12 x3 " + compact +
		"routes bank.v1.account.routes 1/0 x3 " + compact +
		"events visits 3/0 x3 [{cleanup.policy delete} {retention.ms 2592000000} {retention.bytes -1} " + safety +
		"state visits.state 3/0 x3 " + compact +
		"routes visits.routes 1/0 x3 " + compact
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Error(diff)
	}
}

func TestWanted_refuses(t *testing.T) {
	t.Parallel()
	good := topics.Aggregate{Topic: "orders", Partitions: 1}
	odd := topics.Production()
	odd.MinInsyncReplicas = 4
	for want, c := range map[string]struct {
		profile    topics.Profile
		aggregates []topics.Aggregate
	}{
		`"a b" is not a valid topic name`:                    {topics.Production(), []topics.Aggregate{{Topic: "a b", Partitions: 1}}},
		`".." is not a valid topic name`:                     {topics.Production(), []topics.Aggregate{{Topic: "..", Partitions: 1}}},
		"at most 242":                                        {topics.Production(), []topics.Aggregate{{Topic: strings.Repeat("a", 243), Partitions: 1}}},
		"topic orders: 0 partitions":                         {topics.Production(), []topics.Aggregate{{Topic: "orders"}}},
		"topic orders: 3000000000 partitions":                {topics.Production(), []topics.Aggregate{{Topic: "orders", Partitions: 3e9}}},
		"topic orders: a retention of 1ns":                   {topics.Production(), []topics.Aggregate{{Topic: "orders", Partitions: 1, Retention: 1}}},
		"topic orders: a retention of -1s":                   {topics.Production(), []topics.Aggregate{{Topic: "orders", Partitions: 1, Retention: -time.Second}}},
		"topics orders.state and orders.state would collide": {topics.Production(), []topics.Aggregate{good, {Topic: "orders.state", Partitions: 1}}},
		"topics a.b and a_b would collide":                   {topics.Production(), []topics.Aggregate{{Topic: "a.b", Partitions: 1}, {Topic: "a_b", Partitions: 1}}},
		`profile "": every value has to be set`:              {topics.Profile{}, []topics.Aggregate{good}},
		"4 copies in sync of 3: no write could succeed":      {odd, []topics.Aggregate{good}},
	} {
		if _, err := topics.Wanted(c.aggregates, c.profile); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
