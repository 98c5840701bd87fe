package topics_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl/plain"

	"github.com/esgen-dev/esgen/es/kafka/topics"
)

// guarded returns a cluster with access control, seen by its administrator, and
// a client that has the given rights.
func guarded(t *testing.T, rights ...kfake.ACL) (cluster, *kgo.Client) {
	t.Helper()
	c, err := kfake.NewCluster(kfake.NumBrokers(3), kfake.EnableSASL(), kfake.EnableACLs(),
		kfake.Superuser("PLAIN", "root", "r"), kfake.User("PLAIN", "service", "s", rights...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	as := func(user, pass string) *kgo.Client {
		return dial(t, c.ListenAddrs(), kgo.SASL(plain.Auth{User: user, Pass: pass}.AsMechanism()))
	}
	root := as("root", "r")
	return cluster{c, root, kadm.NewClient(root)}, as("service", "s")
}

func right(resource kmsg.ACLResourceType, name string, operation kmsg.ACLOperation) kfake.ACL {
	return kfake.ACL{Resource: resource, Name: name, Pattern: kmsg.ACLResourcePatternTypePrefixed, Operation: operation, Allow: true}
}

func TestAccess(t *testing.T) {
	t.Parallel()
	topic := func(operation kmsg.ACLOperation) kfake.ACL {
		return right(kmsg.ACLResourceTypeTopic, "orders", operation)
	}
	literal := topic(kmsg.ACLOperationDescribe)
	literal.Pattern = kmsg.ACLResourcePatternTypeLiteral
	for name, c := range map[string]struct {
		rights []kfake.ACL
		exists bool
		want   []string
	}{
		"none": {nil, true, []string{"may not describe topic orders: ", `--operation Describe --topic orders`}},
		"describe one": {
			[]kfake.ACL{literal}, true, []string{"may not describe topic orders.state: "},
		},
		"describe": {
			[]kfake.ACL{topic(kmsg.ACLOperationDescribe)},
			false,
			[]string{"may not create topic orders: ", "kafka-acls.sh --bootstrap-server a:1,b:2 --add --allow-principal", "--operation Create --topic orders"},
		},
		"read": {
			[]kfake.ACL{topic(kmsg.ACLOperationDescribe), topic(kmsg.ACLOperationDescribeConfigs)},
			true,
			[]string{"may not alter topic orders: ", "--operation AlterConfigs --topic orders"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cluster, client := guarded(t, c.rights...)
			service := kadm.NewClient(client)
			want := orders(t)
			if c.exists {
				cluster.apply(t, want, topics.Options{})
				cluster.set(t, "orders", "retention.ms", "1")
			}
			plan, err := topics.MakePlan(t.Context(), service, want, topics.Options{Alter: true, Brokers: []string{"a:1", "b:2"}})
			if err == nil {
				err = topics.Apply(t.Context(), service, plan, nil)
			}
			var access *topics.AccessError
			if !errors.As(err, &access) || access.Command == "" {
				t.Fatalf("%v", err)
			}
			for _, text := range c.want {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("no %q in:\n%v", text, err)
				}
			}
		})
	}
}

// A service that may not read settings is told so by name, and can do without.
func TestAccess_settings(t *testing.T) {
	t.Parallel()
	cluster, client := guarded(t, right(kmsg.ACLResourceTypeTopic, "orders", kmsg.ACLOperationDescribe),
		right(kmsg.ACLResourceTypeTopic, "orders.state", kmsg.ACLOperationDescribeConfigs))
	service := kadm.NewClient(client)
	want := orders(t)
	cluster.apply(t, want, topics.Options{})
	for _, override := range [][]string{nil, {"settings.readable"}} {
		report, err := topics.Check(t.Context(), service, want, topics.CheckOptions{Override: override})
		if err != nil {
			t.Fatal(err)
		}
		if len(report.Problems) != 2 || report.Problems[0].Topic != "orders" || report.Problems[1].Topic != "orders.routes" ||
			report.Problems[0].Requirement != topics.SettingsReadable || len(report.Unknown) != 11 {
			t.Errorf("%+v", report)
		}
		command := `kafka-acls.sh --bootstrap-server "$KAFKA_BROKERS" --add --allow-principal "User:$PRINCIPAL" --operation DescribeConfigs --topic orders`
		if report.Problems[0].Command != command {
			t.Error(report.Problems[0].Command)
		}
		if (report.Err() == nil) != (override != nil) {
			t.Error(report.Err())
		}
	}
	plan, err := topics.MakePlan(t.Context(), service, want, topics.Options{})
	if err != nil || !plan.Steps[0].Hidden || plan.Steps[1].Hidden || !strings.Contains(plan.Steps[0].String(), "may not be read") {
		t.Errorf("%v %v", plan, err)
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	c := start(t)
	brokers := c.ListenAddrs()
	c.Close()
	admin := connect(t, brokers, kgo.RequestRetries(0), kgo.RetryTimeout(time.Second))
	_, err := topics.MakePlan(t.Context(), admin, orders(t), topics.Options{Brokers: brokers})
	wantUnreachable(t, err, brokers)
	_, err = topics.Check(t.Context(), admin, orders(t), topics.CheckOptions{Brokers: brokers})
	wantUnreachable(t, err, brokers)
}

func wantUnreachable(t *testing.T, err error, brokers []string) {
	t.Helper()
	var away *topics.UnreachableError
	if !errors.As(err, &away) || !strings.Contains(err.Error(), "no answer from Kafka at "+strings.Join(brokers, ", ")+": ") {
		t.Errorf("%v", err)
	}
}

// The brokers go away in the middle.
func TestUnreachable_between(t *testing.T) {
	t.Parallel()
	c := start(t)
	brokers := c.ListenAddrs()
	admin := connect(t, brokers, kgo.RequestRetries(0), kgo.RetryTimeout(time.Second))
	plan, err := topics.MakePlan(t.Context(), admin, orders(t), topics.Options{Brokers: brokers})
	if err != nil {
		t.Fatal(err)
	}
	err = topics.Apply(t.Context(), admin, plan, func(topics.Step) { c.Close() })
	wantUnreachable(t, err, brokers)
}

// A context ends while the brokers are silent.
func TestContext(t *testing.T) {
	t.Parallel()
	for _, key := range []kmsg.Key{kmsg.Metadata, kmsg.DescribeConfigs, kmsg.CreateTopics} {
		t.Run(key.Name(), func(t *testing.T) {
			t.Parallel()
			c := start(t)
			want := orders(t)
			if key == kmsg.DescribeConfigs {
				c.apply(t, want, topics.Options{})
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			release := make(chan struct{})
			defer close(release)
			c.ControlKey(int16(key), func(kmsg.Request) (kmsg.Response, error, bool) {
				cancel()
				<-release // the whole cluster is silent until then
				return nil, nil, false
			})
			plan, err := topics.MakePlan(ctx, c.admin, want, topics.Options{})
			if err == nil {
				err = topics.Apply(ctx, c.admin, plan, nil)
			}
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%v", err)
			}
			if _, away := errors.AsType[*topics.UnreachableError](err); away {
				t.Errorf("who gives up is not told that the brokers are away: %v", err)
			}
		})
	}
}

// What a cluster answers is told with the topic that it is about.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key   kmsg.Key
		fault kfake.Fault
		want  string
	}{
		{kmsg.Metadata, kfake.Fault{Topic: "orders.state", Err: kerr.InvalidTopicException}, "describe topic orders.state: INVALID_TOPIC_EXCEPTION"},
		{kmsg.DescribeConfigs, kfake.Fault{Resource: "orders", Err: kerr.InvalidRequest}, "describe the settings of topic orders: INVALID_REQUEST"},
	} {
		cluster := start(t)
		cluster.apply(t, orders(t), topics.Options{})
		c.fault.Keys, c.fault.Count = []kmsg.Key{c.key}, -1
		cluster.Fault(c.fault)
		_, err := topics.MakePlan(t.Context(), cluster.admin, orders(t), topics.Options{})
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}
