package expire_test

import (
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
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
	cluster := watched(t)
	survivor := client(t, cluster, kgo.Balancers(kgo.RangeBalancer()), kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic), kgo.DisableAutoCommit(),
		kgo.SessionTimeout(session), kgo.HeartbeatInterval(session/2), kgo.RebalanceTimeout(session))
	admin := kadm.NewClient(client(t, cluster))
	await(t, "one member", func() bool { return members(t, admin) == 1 })

	joined := make(chan struct{})
	killed := &member{client: client(t, cluster), patience: session}
	go func() {
		defer close(joined)
		_ = killed.join(t.Context())
	}()
	await(t, "a member that waits", func() bool { return state(t, admin) == "PreparingRebalance" })
	killed.client.Close()
	<-joined
	await(t, "a group with both", func() bool { return state(t, admin) == "Stable" && members(t, admin) == 2 })
	await(t, "a group without it", func() bool { return state(t, admin) == "Stable" && members(t, admin) == 1 })

	time.Sleep(2 * session) // who joins, and lives, stays
	if n := members(t, admin); n != 1 {
		t.Errorf("%d members, want 1", n)
	}
	survivor.Close()
}

// TestMembers_lostCount lets a member expire that was let in and waits for its
// share. From then on kfake waits for one more than there are. Members that give
// up and come again by turns have to be let in nevertheless.
func TestMembers_lostCount(t *testing.T) {
	t.Parallel()
	const patience = 4 * session
	cluster := watched(t)
	admin := kadm.NewClient(client(t, cluster))
	leader := &member{client: client(t, cluster), patience: patience}
	must(t, leader.join(t.Context()))
	must(t, leader.sync(t.Context()))
	answers := make(chan error, 2)
	for range 2 {
		m := &member{client: client(t, cluster), patience: patience}
		go func() {
			if err := m.join(t.Context()); err != nil {
				answers <- err
				return
			}
			answers <- m.sync(t.Context())
		}()
	}
	await(t, "three members", func() bool { return members(t, admin) == 3 })
	must(t, leader.join(t.Context()))
	time.Sleep(session / 2)
	must(t, leader.heartbeat(t.Context()))                 // so that another one expires first, as nobody says who has what
	if err := <-answers; err != kerr.RebalanceInProgress { //nolint:errorlint // as it is
		t.Fatalf("%v, want %v for who did not expire first", err, kerr.RebalanceInProgress)
	}

	const giveUp = patience / 2
	in := make(chan struct{})
	for range 2 {
		m := &member{client: client(t, cluster), patience: patience}
		go func() {
			for !m.within(t.Context(), giveUp) {
			}
			in <- struct{}{}
		}()
		time.Sleep(giveUp / 2)
	}
	for range 2 {
		select {
		case <-in:
		case <-time.After(20 * time.Second):
			t.Fatal("a member was never let in")
		}
	}
}

// watched starts a cluster whose groups are kept from what those of Kafka never
// do.
func watched(t *testing.T) *kfake.Cluster {
	t.Helper()
	cluster, err := kfake.NewCluster(
		kfake.NumBrokers(1), kfake.SeedTopics(4, topic), kfake.GroupMinSessionTimeout(session),
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	t.Cleanup(expire.Members(cluster))
	return cluster
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

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
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
