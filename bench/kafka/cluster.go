package kafka

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	benchv1 "github.com/esgen-dev/esgen/bench/gen/bench/v1"
	"github.com/esgen-dev/esgen/bench/replay"
	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/topics"
)

// Cluster is a Kafka with the topics of the accounts.
type Cluster struct {
	Brokers    []string
	Partitions int

	profile topics.Profile
	fake    *kfake.Cluster
}

// Start makes the topics of the accounts anew on the brokers, or in this
// process where no brokers are given.
func Start(ctx context.Context, brokers []string, partitions int) (*Cluster, error) {
	c := &Cluster{Brokers: brokers, Partitions: partitions}
	if len(brokers) == 0 {
		fake, err := kfake.NewCluster(kfake.NumBrokers(1))
		if err != nil {
			return nil, fmt.Errorf("kfake: %w", err)
		}
		c.Brokers, c.fake = fake.ListenAddrs(), fake
	}
	if err := c.prepare(ctx); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// Close stops what Start started.
func (c *Cluster) Close() {
	if c.fake != nil {
		c.fake.Close()
	}
}

// prepare replaces what an earlier run left. Three brokers or more get what
// production would have.
func (c *Cluster) prepare(ctx context.Context) error {
	return c.administer(func(admin *kadm.Client) error {
		brokers, err := admin.ListBrokers(ctx)
		if err != nil {
			return err
		}
		c.profile = topics.SingleBroker()
		if len(brokers) >= 3 {
			c.profile = topics.Production()
		}
		there, err := admin.ListTopics(ctx)
		if err != nil {
			return err
		}
		var old []string
		for _, name := range there.Names() {
			if strings.HasPrefix(name, spec().Topic) || strings.HasPrefix(name, rawTopic) {
				old = append(old, name)
			}
		}
		return errors.Join(drop(ctx, admin, old...), c.makeTopics(ctx, admin))
	})
}

func drop(ctx context.Context, admin *kadm.Client, names ...string) error {
	if len(names) == 0 {
		return nil
	}
	deleted, err := admin.DeleteTopics(ctx, names...)
	return errors.Join(err, deleted.Error())
}

// makeTopics makes those that are not there.
func (c *Cluster) makeTopics(ctx context.Context, admin *kadm.Client) error {
	wanted, err := topics.Wanted([]topics.Aggregate{
		{Topic: spec().Topic, Partitions: c.Partitions}, {Topic: rawTopic, Partitions: c.Partitions},
	}, c.profile)
	if err != nil {
		return err
	}
	plan, err := topics.MakePlan(ctx, admin, wanted, topics.Options{})
	if err != nil {
		return err
	}
	return topics.Apply(ctx, admin, plan, func(topics.Step) {})
}

// Forget takes the state topic away, so that the next owner has the events
// alone.
func (c *Cluster) Forget(ctx context.Context) error {
	return c.administer(func(admin *kadm.Client) error {
		return errors.Join(drop(ctx, admin, spec().Topic+".state"), c.makeTopics(ctx, admin))
	})
}

func (c *Cluster) administer(do func(*kadm.Client) error) error {
	client, err := c.client()
	if err != nil {
		return err
	}
	defer client.Close()
	return do(kadm.NewClient(client))
}

func (c *Cluster) client(opts ...kgo.Opt) (*kgo.Client, error) {
	return kgo.NewClient(append(opts, kgo.SeedBrokers(c.Brokers...))...)
}

// Open opens an engine on the cluster.
func (c *Cluster) Open(opts ...kafka.Option) (*kafka.Engine, error) {
	return kafka.Open("bench", append([]kafka.Option{
		kafka.Client(kgo.SeedBrokers(c.Brokers...)),
		kafka.Profile(c.profile), kafka.Override(topics.Partitions),
	}, opts...)...)
}

func spec() *es.Spec { return benchv1.AccountType(replay.Account{}).Spec() }
