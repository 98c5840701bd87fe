package kafka

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

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
		wanted, err := c.wanted()
		if err != nil {
			return err
		}
		return errors.Join(c.drop(ctx, admin, wanted), c.makeTopics(ctx, admin, wanted))
	})
}

// Forget takes the state topic away, so that the next owner has the events
// alone.
func (c *Cluster) Forget(ctx context.Context) error {
	return c.administer(func(admin *kadm.Client) error {
		wanted, err := c.wanted()
		if err != nil {
			return err
		}
		state := slices.DeleteFunc(wanted, func(t topics.Topic) bool { return t.Name != spec().Topic+".state" })
		return errors.Join(c.drop(ctx, admin, state), c.makeTopics(ctx, admin, state))
	})
}

// wanted returns the topics of the engine, and those of the raw producers.
func (c *Cluster) wanted() ([]topics.Topic, error) {
	return topics.Wanted([]topics.Aggregate{
		{Topic: spec().Topic, Partitions: c.Partitions}, {Topic: rawTopic, Partitions: c.Partitions},
	}, c.profile)
}

func (c *Cluster) drop(ctx context.Context, admin *kadm.Client, unwanted []topics.Topic) error {
	deleted, err := admin.DeleteTopics(ctx, names(unwanted)...)
	if err != nil {
		return err
	}
	for _, d := range deleted {
		if d.Err != nil && !errors.Is(d.Err, kerr.UnknownTopicOrPartition) {
			return fmt.Errorf("deleting %s: %w", d.Topic, d.Err)
		}
	}
	return c.await(ctx, unwanted, false)
}

func (c *Cluster) makeTopics(ctx context.Context, admin *kadm.Client, wanted []topics.Topic) error {
	plan, err := topics.MakePlan(ctx, admin, wanted, topics.Options{})
	if err != nil {
		return err
	}
	if err := topics.Apply(ctx, admin, plan, nil); err != nil {
		return err
	}
	return c.await(ctx, wanted, true)
}

// await waits until every broker knows of topics, or that they are gone: the
// controller that makes and deletes them is ahead of brokers.
func (c *Cluster) await(ctx context.Context, all []topics.Topic, there bool) error {
	client, err := c.client()
	if err != nil {
		return err
	}
	defer client.Close()
	for _, broker := range client.SeedBrokers() {
		for {
			response, err := kmsg.NewPtrMetadataRequest().RequestWith(ctx, broker) // of all topics
			if err != nil {
				return err
			}
			known := 0
			for _, t := range response.Topics {
				if t.Topic != nil && slices.Contains(names(all), *t.Topic) {
					known++
				}
			}
			if there && known == len(all) || !there && known == 0 {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	return nil
}

func names(all []topics.Topic) []string {
	names := make([]string, len(all))
	for i, t := range all {
		names[i] = t.Name
	}
	return names
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
