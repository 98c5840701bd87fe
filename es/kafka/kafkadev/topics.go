package kafkadev

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/topics"
)

// Aggregate returns what topics have to know of an aggregate type.
func Aggregate(spec *es.Spec) topics.Aggregate {
	return topics.Aggregate{Topic: spec.Topic, Partitions: spec.Partitions, Retention: spec.Retention}
}

// patience is how long brokers are asked that are on the same machine.
const patience = 5 * time.Second

// CreateTopics creates the topics of aggregates that are not there yet, as
// [topics.SingleBroker] wants them, and alters what may be altered. It fails
// when a declaration makes no sense, when a topic from an earlier run has
// another number of partitions, when the context ends, or after Close.
func (c *Cluster) CreateTopics(ctx context.Context, aggregates ...topics.Aggregate) error {
	wanted, err := topics.Wanted(aggregates, topics.SingleBroker())
	if err != nil {
		return err
	}
	client, err := kgo.NewClient(kgo.SeedBrokers(c.addresses...), kgo.RetryTimeout(patience))
	if err != nil {
		return fmt.Errorf("make a client of Kafka: %w", err)
	}
	defer client.Close()
	admin := kadm.NewClient(client)
	plan, err := topics.MakePlan(ctx, admin, wanted, topics.Options{Alter: true, Brokers: c.addresses})
	if err != nil {
		return err
	}
	for _, step := range plan.Steps {
		if step.Action == topics.Differs {
			return fmt.Errorf("topic %s of an earlier run: %s: declare what it has, or begin anew with another directory",
				step.Topic.Name, step.Differences[0])
		}
	}
	return topics.Apply(ctx, admin, plan, nil)
}
