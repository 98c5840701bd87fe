package expire_test

import (
	"context"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"go.uber.org/goleak"

	"github.com/esgen-dev/esgen/es/kafka/internal/expire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	group   = "g"
	topic   = "t"
	session = 500 * time.Millisecond
)

// TestMembers kills a member while it waits to join a group. It must not keep
// the partitions that it was given.
func TestMembers(t *testing.T) {
	t.Parallel()
	cluster, err := kfake.NewCluster(
		kfake.NumBrokers(1), kfake.SeedTopics(4, topic), kfake.GroupMinSessionTimeout(session),
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	t.Cleanup(expire.Members(cluster))
	survivor := client(t, cluster, kgo.Balancers(kgo.RangeBalancer()), kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic), kgo.DisableAutoCommit(),
		kgo.SessionTimeout(session), kgo.HeartbeatInterval(session/2), kgo.RebalanceTimeout(session))
	admin := kadm.NewClient(client(t, cluster))
	await(t, "one member", func() bool { return members(t, admin) == 1 })

	joined := make(chan struct{})
	killed := client(t, cluster)
	go func() {
		defer close(joined)
		join(killed)
	}()
	await(t, "a member that waits", func() bool { return state(t, admin) == "PreparingRebalance" })
	killed.Close()
	<-joined
	await(t, "a group with both", func() bool { return state(t, admin) == "Stable" && members(t, admin) == 2 })
	await(t, "a group without it", func() bool { return state(t, admin) == "Stable" && members(t, admin) == 1 })

	time.Sleep(2 * session) // who joins, and lives, stays
	if n := members(t, admin); n != 1 {
		t.Errorf("%d members, want 1", n)
	}
	survivor.Close()
}

func client(t *testing.T, cluster *kfake.Cluster, options ...kgo.Opt) *kgo.Client {
	t.Helper()
	c, err := kgo.NewClient(append(options, kgo.SeedBrokers(cluster.ListenAddrs()...))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// join asks to join the group until the client is closed.
func join(c *kgo.Client) {
	req := kmsg.NewPtrJoinGroupRequest()
	req.Group, req.ProtocolType = group, "consumer"
	req.SessionTimeoutMillis, req.RebalanceTimeoutMillis = int32(session.Milliseconds()), int32(session.Milliseconds())
	protocol := kmsg.NewJoinGroupRequestProtocol()
	protocol.Name = kgo.RangeBalancer().ProtocolName()
	protocol.Metadata = kgo.RangeBalancer().JoinGroupMetadata([]string{topic}, nil, 0)
	req.Protocols = append(req.Protocols, protocol)
	resp, err := req.RequestWith(context.Background(), c)
	if err == nil && resp.MemberID != "" {
		req.MemberID = resp.MemberID
		_, _ = req.RequestWith(context.Background(), c)
	}
}

func await(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !condition(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("there is never %s", what)
		}
	}
}

func describe(t *testing.T, admin *kadm.Client) kadm.DescribedGroup {
	t.Helper()
	groups, err := admin.DescribeGroups(t.Context(), group)
	if err != nil {
		t.Fatal(err)
	}
	return groups[group]
}

func state(t *testing.T, admin *kadm.Client) string { t.Helper(); return describe(t, admin).State }
func members(t *testing.T, admin *kadm.Client) int {
	t.Helper()
	return len(describe(t, admin).Members)
}
