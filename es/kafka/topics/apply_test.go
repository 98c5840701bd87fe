package topics_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/esgen-dev/esgen/es/kafka/topics"
)

// changes counts the requests that change something.
func (c cluster) changes() *kfake.FaultHandle {
	return c.Fault(kfake.Fault{
		Keys: []kmsg.Key{kmsg.CreateTopics, kmsg.AlterConfigs, kmsg.IncrementalAlterConfigs, kmsg.CreatePartitions, kmsg.DeleteTopics},
		Err:  kerr.UnknownServerError, Count: -1, Observe: true,
	})
}

func TestApply(t *testing.T) {
	t.Parallel()
	c := start(t)
	want := orders(t)
	changes := c.changes()
	plan, err := topics.MakePlan(t.Context(), c.admin, want, topics.Options{})
	if err != nil || plan.Count(topics.Create) != 3 || changes.Hits() != 0 {
		t.Fatalf("a plan changes nothing: %v %v %d", plan, err, changes.Hits())
	}
	if diff := cmp.Diff([]string{"create orders", "create orders.state", "create orders.routes"}, c.apply(t, want, topics.Options{})); diff != "" {
		t.Error(diff)
	}
	for _, topic := range want {
		own := map[string]string{}
		for _, s := range topic.Settings {
			own[s.Name] = s.Value
		}
		if diff := cmp.Diff(own, c.settings(t, topic.Name)); diff != "" {
			t.Errorf("%s: %s", topic.Name, diff)
		}
		details, err := c.admin.ListTopics(t.Context(), topic.Name)
		if err != nil || len(details[topic.Name].Partitions) != topic.Partitions || details[topic.Name].Partitions.NumReplicas() != 3 {
			t.Error(topic.Name, details, err)
		}
	}

	before := changes.Hits()
	again := c.apply(t, want, topics.Options{Alter: true})
	if diff := cmp.Diff([]string{"unchanged orders", "unchanged orders.state", "unchanged orders.routes"}, again); diff != "" {
		t.Error(diff)
	}
	if hits := changes.Hits(); hits != before {
		t.Errorf("applying again made %d requests that change something", hits-before)
	}
}

func TestApply_altersWhatIsSafeWhenAsked(t *testing.T) {
	t.Parallel()
	c := start(t)
	want := orders(t)
	c.apply(t, want, topics.Options{})
	c.set(t, "orders", "retention.ms", "1000")
	c.set(t, "orders", "min.insync.replicas", "4") // unsafe: lowering it accepts what is refused now
	c.set(t, "orders", "segment.ms", "60000")      // none of its business

	plan, err := topics.MakePlan(t.Context(), c.admin, want, topics.Options{})
	if err != nil || plan.Steps[0].Action != topics.Differs {
		t.Fatalf("%v %v", plan, err)
	}
	text := "differs orders\n  retention.ms is 1000 (1s), wanted -1 (no limit)\n  min.insync.replicas is 4, wanted 2 (left to you)"
	if diff := cmp.Diff(text, plan.Steps[0].String()); diff != "" {
		t.Error(diff)
	}
	c.apply(t, want, topics.Options{})
	if got := c.settings(t, "orders")["retention.ms"]; got != "1000" {
		t.Errorf("altered to %s without leave", got)
	}
	if done := c.apply(t, want, topics.Options{Alter: true}); done[0] != "alter orders" {
		t.Error(done)
	}
	settings := c.settings(t, "orders")
	if settings["retention.ms"] != "-1" || settings["min.insync.replicas"] != "4" || settings["segment.ms"] != "60000" {
		t.Errorf("%v", settings)
	}
}

// Where both retentions get no limit with the same request, deletion may
// replace compaction; where one keeps a limit, events would be deleted.
func TestApply_replacesCompactionOnlyWhereNothingGoes(t *testing.T) {
	t.Parallel()
	c := start(t)
	c.apply(t, orders(t), topics.Options{})
	c.set(t, "orders", "cleanup.policy", "compact")
	c.set(t, "orders", "retention.ms", "1000")
	limited := wanted(t, topics.Production(), topics.Aggregate{Topic: "orders", Partitions: 4, Retention: 1e12})
	c.apply(t, limited, topics.Options{Alter: true})
	if got := c.settings(t, "orders"); got["cleanup.policy"] != "compact" || got["retention.ms"] != "1000000" {
		t.Errorf("%v", got)
	}
	c.apply(t, orders(t), topics.Options{Alter: true})
	if got := c.settings(t, "orders"); got["cleanup.policy"] != "delete" || got["retention.ms"] != "-1" {
		t.Errorf("%v", got)
	}
}

func TestApply_raisesNoCopiesInSyncAboveTheReplicas(t *testing.T) {
	t.Parallel()
	c := start(t, kfake.NumBrokers(1))
	c.apply(t, wanted(t, topics.SingleBroker(), topics.Aggregate{Topic: "orders", Partitions: 4}), topics.Options{})
	c.apply(t, orders(t), topics.Options{Alter: true})
	if got := c.settings(t, "orders")["min.insync.replicas"]; got != "1" {
		t.Errorf("%s copies in sync of 1: no write can succeed", got)
	}
}

func TestApply_notEnoughBrokers(t *testing.T) {
	t.Parallel()
	c := start(t, kfake.NumBrokers(1))
	plan, err := topics.MakePlan(t.Context(), c.admin, orders(t), topics.Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = topics.Apply(t.Context(), c.admin, plan, nil)
	if err == nil || !strings.Contains(err.Error(), "topic orders") || !strings.Contains(err.Error(), "not enough brokers for 3 replicas") {
		t.Error(err)
	}
}

// Each request that changes something fails once. What was done is told, and
// applying again does the rest.
func TestApply_goesOnAfterFailure(t *testing.T) {
	t.Parallel()
	for n, topic := range []string{"orders", "orders.state", "orders.routes"} {
		for _, key := range []kmsg.Key{kmsg.CreateTopics, kmsg.IncrementalAlterConfigs} {
			t.Run(key.Name()+" "+topic, func(t *testing.T) {
				t.Parallel()
				c := start(t)
				want := orders(t)
				if key == kmsg.IncrementalAlterConfigs {
					c.apply(t, want, topics.Options{})
					for _, w := range want {
						c.set(t, w.Name, "unclean.leader.election.enable", "true")
					}
				}
				fault := kfake.Fault{Keys: []kmsg.Key{key}, Topic: topic, Err: kerr.PolicyViolation}
				if key == kmsg.IncrementalAlterConfigs {
					fault.Topic, fault.Resource = "", topic
				}
				c.Fault(fault)
				plan, err := topics.MakePlan(t.Context(), c.admin, want, topics.Options{Alter: true})
				if err != nil {
					t.Fatal(err)
				}
				done := 0
				err = topics.Apply(t.Context(), c.admin, plan, func(topics.Step) { done++ })
				if !errors.Is(err, kerr.PolicyViolation) || !strings.Contains(err.Error(), "topic "+topic+":") || done != n {
					t.Fatalf("%v after %d steps, want %d", err, done, n)
				}
				again := c.apply(t, want, topics.Options{Alter: true})
				for i, line := range again {
					if strings.HasPrefix(line, "unchanged ") != (i < n) {
						t.Errorf("done again after %d steps: %v", n, again)
					}
				}
				wantProblems(t, c.check(t, want))
			})
		}
	}
}

// A topic that is created, though the answer says that it took too long, is
// found by the next run.
func TestApply_createdWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	c := start(t)
	c.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.CreateTopics}, Topic: "orders.state", Err: kerr.RequestTimedOut})
	plan, err := topics.MakePlan(t.Context(), c.admin, orders(t), topics.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := topics.Apply(t.Context(), c.admin, plan, nil); err != nil && !errors.Is(err, kerr.RequestTimedOut) {
		t.Fatal(err)
	}
	c.apply(t, orders(t), topics.Options{})
	wantProblems(t, c.check(t, orders(t)))
}

// Two that apply at the same time, and one with an old plan.
func TestApply_together(t *testing.T) {
	t.Parallel()
	c := start(t)
	want := orders(t)
	plan, err := topics.MakePlan(t.Context(), c.admin, want, topics.Options{Alter: true})
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 4 {
		admin := connect(t, c.ListenAddrs())
		group.Go(func() {
			if err := topics.Apply(t.Context(), admin, plan, nil); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	wantProblems(t, c.check(t, want))

	old, err := topics.MakePlan(t.Context(), c.admin, want, topics.Options{Alter: true})
	if err != nil {
		t.Fatal(err)
	}
	for i := range old.Steps {
		old.Steps[i].Action = topics.Create // as planned before they were there
	}
	changes := c.changes()
	var done []topics.Action
	if err := topics.Apply(t.Context(), c.admin, old, func(s topics.Step) { done = append(done, s.Action) }); err != nil {
		t.Error(err)
	}
	if !slices.Equal(done, []topics.Action{topics.Unchanged, topics.Unchanged, topics.Unchanged}) || changes.Hits() != 0 {
		t.Errorf("%v, %d changes", done, changes.Hits())
	}
}

// hide keeps the brokers from showing a topic, as they do while they have yet
// to learn of it.
func (c cluster) hide(topic string, times int) *kfake.FaultHandle {
	return c.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Metadata}, Topic: topic, Err: kerr.UnknownTopicOrPartition, Count: times})
}

func TestApply_createdMeanwhile(t *testing.T) {
	t.Parallel()
	for _, alter := range []bool{false, true} {
		c := start(t)
		want := orders(t)
		c.apply(t, want, topics.Options{})
		c.set(t, "orders", "retention.ms", "1000")
		c.hide("orders", 2) // from the plan, and from the look before the change
		done := c.apply(t, want, topics.Options{Alter: alter})
		got := done[0] + " " + c.settings(t, "orders")["retention.ms"]
		if wants := map[bool]string{false: "differs orders 1000", true: "alter orders -1"}[alter]; got != wants {
			t.Errorf("got %s, want %s", got, wants)
		}
	}
}

func TestApply_waitsUntilTheBrokersShowTopics(t *testing.T) {
	t.Parallel()
	c := start(t)
	plan, err := topics.MakePlan(t.Context(), c.admin, orders(t), topics.Options{})
	if err != nil {
		t.Fatal(err)
	}
	hidden := c.hide("orders.routes", 4) // once from the look before it is created
	if err := topics.Apply(t.Context(), c.admin, plan, nil); err != nil || hidden.Hits() != 4 {
		t.Errorf("%v, looked %d times", err, hidden.Hits())
	}

	plan, err = topics.MakePlan(t.Context(), c.admin, wanted(t, topics.Production(), topics.Aggregate{Topic: "carts", Partitions: 1}), topics.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	c.hide("carts", -1)
	err = topics.Apply(ctx, c.admin, plan, nil)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestApply_waitsForLeaders(t *testing.T) {
	t.Parallel()
	c := start(t)
	want := wanted(t, topics.Production(), topics.Aggregate{Topic: "carts", Partitions: 1})[:1]
	plan, err := topics.MakePlan(t.Context(), c.admin, want, topics.Options{})
	if err != nil {
		t.Fatal(err)
	}
	looks := 0
	c.ControlKey(int16(kmsg.Metadata), func(request kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		looks++
		if looks != 2 { // the first after it was created
			return nil, nil, false
		}
		response := request.ResponseKind().(*kmsg.MetadataResponse)
		for n, address := range c.ListenAddrs() {
			host, port, _ := net.SplitHostPort(address)
			number, _ := strconv.Atoi(port)
			response.Brokers = append(response.Brokers, kmsg.MetadataResponseBroker{NodeID: int32(n), Host: host, Port: int32(number)})
		}
		response.Topics = []kmsg.MetadataResponseTopic{{
			Topic: &want[0].Name, Partitions: []kmsg.MetadataResponseTopicPartition{{Leader: -1, Replicas: []int32{0, 1, 2}}},
		}}
		return response, nil, true
	})
	if err := topics.Apply(t.Context(), c.admin, plan, nil); err != nil || looks != 3 {
		t.Errorf("%v, looked %d times", err, looks)
	}
}

func TestApply_goneMeanwhile(t *testing.T) {
	t.Parallel()
	c := start(t)
	want := orders(t)
	c.apply(t, want, topics.Options{})
	c.set(t, "orders", "retention.ms", "1000")
	plan, err := topics.MakePlan(t.Context(), c.admin, want, topics.Options{Alter: true})
	if err != nil {
		t.Fatal(err)
	}
	must(t)(c.admin.DeleteTopic(t.Context(), "orders"))
	err = topics.Apply(t.Context(), c.admin, plan, nil)
	if err == nil || !strings.Contains(err.Error(), "topic orders is gone since the plan was made") {
		t.Error(err)
	}
}
