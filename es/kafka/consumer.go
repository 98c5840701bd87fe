package kafka

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
)

// consumer is a member of a group that reads the events of an aggregate type:
// one call of [Consume] or [Project].
type consumer struct {
	consumeConfig

	engine  *Engine
	name    string // as the service gave it
	group   string
	events  es.Events
	topic   string
	topicID [16]byte
	count   int32 // partitions
	tracker Tracker
	handle  func(context.Context, *portion) error
	// commit stores the progress, unless handle does.
	commit func(context.Context, *membership, *portion) error

	ctx    context.Context //nolint:containedctx // that of run, whose end ends the consumer
	cancel context.CancelCauseFunc

	mu          sync.Mutex
	assignments map[int32]*assignment // the last one of each partition
}

func newConsumer(e *Engine, name string, events es.Events, opts []ConsumeOption) *consumer {
	g := e.group(name, events.Spec())
	c := &consumer{
		consumeConfig: consumeConfig{
			batch: 500, attempts: 10, grace: handover, onStopped: func(*StoppedError) {},
		},
		engine: e, name: name, group: g.name, events: events, topic: g.topic,
		assignments: make(map[int32]*assignment),
	}
	for _, opt := range opts {
		opt(&c.consumeConfig)
	}
	return c
}

// errAllStopped ends a consumer that has nothing left to read.
var errAllStopped = errors.New("all partitions that were assigned are stopped")

// run is the consumer from its joining the group to its leaving it.
func (c *consumer) run(ctx context.Context) error {
	err := c.consume(ctx)
	for _, a := range c.stopped() {
		err = errors.Join(err, a.err)
	}
	return fmt.Errorf("consumer %q of %s: %w", c.name, c.topic, err)
}

func (c *consumer) consume(ctx context.Context) error {
	if c.name == "" {
		return errors.New("the name of the consumer is empty")
	}
	if err := c.engine.ready(ctx); err != nil {
		return err
	}
	within, stop := c.engine.within(ctx)
	defer stop()
	c.ctx, c.cancel = context.WithCancelCause(within)
	defer c.cancel(nil)
	if err := c.find(); err != nil {
		return failure(c.ctx, c.topic, err)
	}
	member, err := kgo.NewClient(c.groupOptions()...)
	if err != nil {
		return fmt.Errorf("member of group %s: %w", c.group, err)
	}
	member.PauseFetchTopics(c.topic) // the group says who reads what; each partition is read apart
	attend(c.ctx, member, func(err error) {
		c.engine.log.Warn("consumer", "name", c.name, "group", c.group, "error", err)
	})
	c.end(member)
	return context.Cause(c.ctx) //nolint:wrapcheck // the caller's own error, or ours
}

// lookUps is how often the topic is looked up while no broker answers: for some
// ten seconds, which a broker that is started again may take.
const lookUps = 10

// find looks up what has to be known of the topic.
func (c *consumer) find() error {
	found, err := c.lookUp()
	for attempt := 1; err != nil && attempt < lookUps && sleep(c.ctx, backoff(attempt)); attempt++ {
		c.engine.log.Warn("consumer", "name", c.name, "group", c.group, "error", err)
		found, err = c.lookUp()
	}
	if err == nil {
		err = found.Error()
	}
	if err != nil {
		return err //nolint:wrapcheck // the caller says what it was about
	}
	t := found[c.topic]
	c.topicID, c.count = t.ID, int32(len(t.Partitions)) //nolint:gosec // Kafka counts in int32
	return nil
}

func (c *consumer) lookUp() (kadm.TopicDetails, error) {
	ctx, cancel := context.WithTimeout(c.ctx, c.engine.budget)
	defer cancel()
	return kadm.NewClient(c.engine.client).ListTopics(ctx, c.topic) //nolint:wrapcheck // as above
}

func (c *consumer) groupOptions() []kgo.Opt {
	return append(c.engine.joining(c.group, c.topic, 2*c.grace, kgo.CooperativeStickyBalancer()),
		kgo.OnPartitionsAssigned(func(_ context.Context, m *kgo.Client, p map[string][]int32) { c.assign(m, p[c.topic]) }),
		kgo.OnPartitionsRevoked(func(_ context.Context, _ *kgo.Client, p map[string][]int32) { c.revoke(p[c.topic]) }),
		kgo.OnPartitionsLost(func(_ context.Context, _ *kgo.Client, p map[string][]int32) { c.lose(p[c.topic]) }),
	)
}

// assign begins to read partitions.
func (c *consumer) assign(member *kgo.Client, partitions []int32) {
	m := &membership{member: member, group: c.group, topic: c.topic, topicID: c.topicID}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range partitions {
		if before := c.assignments[p]; c.ctx.Err() == nil && (before == nil || before.left) {
			a := newAssignment(c, m, p, before)
			c.assignments[p] = a
			go a.run()
		}
	}
}

// revoke gives partitions away: no batch begins any more, and those that are
// being handled have their time to end.
func (c *consumer) revoke(partitions []int32) {
	given := c.drop(partitions)
	awaitAll(given, c.grace)
	for _, a := range given {
		a.abort()
	}
	awaitAll(given, c.grace)
}

// lose gives up what the group took away without asking.
func (c *consumer) lose(partitions []int32) {
	for _, a := range c.drop(partitions) {
		a.abort()
	}
}

func (c *consumer) drop(partitions []int32) []*assignment {
	c.mu.Lock()
	defer c.mu.Unlock()
	var dropped []*assignment
	for _, p := range partitions {
		if a := c.assignments[p]; a != nil && !a.left {
			a.left = true
			a.finish()
			dropped = append(dropped, a)
		}
	}
	return dropped
}

// awaitAll waits for the end of assignments, but not for ever.
func awaitAll(assignments []*assignment, limit time.Duration) {
	timeout := time.NewTimer(limit)
	defer timeout.Stop()
	for _, a := range assignments {
		select {
		case <-a.ended:
		case <-timeout.C:
			return
		}
	}
}

// stop takes note of a partition that is not read any further.
func (c *consumer) stop(a *assignment, err *StoppedError) {
	c.engine.log.Error("a consumer stopped at an event", "name", c.name, "group", c.group,
		"aggregate", err.Partition.Aggregate, "topic", c.topic, "partition", a.id,
		"position", err.Progress.Position.String(), "error", err.Err)
	c.mu.Lock()
	a.err = err
	reading := 0
	for _, other := range c.assignments {
		if !other.left && other.err == nil {
			reading++
		}
	}
	c.mu.Unlock()
	c.onStopped(err)
	if reading == 0 {
		c.cancel(errAllStopped)
	}
}

// stopped returns the partitions that were stopped, and not assigned anew since.
func (c *consumer) stopped() []*assignment {
	c.mu.Lock()
	defer c.mu.Unlock()
	var stopped []*assignment
	for p := range c.count {
		if a := c.assignments[p]; a != nil && a.err != nil {
			stopped = append(stopped, a)
		}
	}
	return stopped
}

// end gives everything away, leaves the group, and waits for the handlers.
func (c *consumer) end(member *kgo.Client) {
	c.mu.Lock()
	all := make([]*assignment, 0, len(c.assignments))
	partitions := make([]int32, 0, len(c.assignments))
	for p, a := range c.assignments {
		all, partitions = append(all, a), append(partitions, p)
	}
	c.mu.Unlock()
	c.revoke(partitions)
	leave(member, 2*c.engine.budget)
	for _, a := range all {
		<-a.ended
	}
}

func (c *consumer) partition(id int32) Partition {
	return Partition{Aggregate: c.events.Spec().Name, Topic: c.topic, ID: id}
}
