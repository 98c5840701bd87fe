package kafka

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
)

// domain is one aggregate type on an engine that decides its commands: the
// member of its consumer group, and the partitions that the group gave it.
// Safe for concurrent use.
type domain struct {
	engine    *Engine
	aggregate es.Aggregate // of the first binding
	spec      *es.Spec

	name   string
	events string // topics
	state  string
	ctx    context.Context //nolint:containedctx // ends with the engine
	wg     sync.WaitGroup

	mu            sync.Mutex
	count         int32    // partitions of the topic; 0 while not known
	topicID       [16]byte // of the topic of events
	settledBefore bool     // whether the topics hold the record that says how many there are
	group         *kgo.Client
	owned         map[int32]*owner
	joined        bool          // whether the group said what is owned
	err           error         // why the group could not be joined
	changed       chan struct{} // closed when any of the above changes
}

func newDomain(e *Engine, a es.Aggregate) *domain {
	spec := a.Spec()
	d := &domain{
		engine: e, aggregate: a, spec: spec, name: spec.Name, events: eventsTopic(spec), state: stateTopic(spec),
		ctx: e.ctx, owned: make(map[int32]*owner), changed: make(chan struct{}),
	}
	d.wg.Go(d.start)
	return d
}

func eventsTopic(s *es.Spec) string { return s.Topic }
func stateTopic(s *es.Spec) string  { return s.Topic + ".state" }

// update changes the domain and wakes who waits for that.
func (d *domain) update(change func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change()
	close(d.changed)
	d.changed = make(chan struct{})
}

// start joins the group, as soon as the topics are as they have to be.
func (d *domain) start() {
	var member *kgo.Client
	for attempt := 1; ; attempt++ {
		var err error
		if member, err = d.join(); err == nil {
			break
		}
		d.update(func() { d.err = about(d.name, d.events, err) })
		if !sleep(d.ctx, backoff(attempt)) {
			return
		}
	}
	member.PauseFetchTopics(d.events) // the group says who owns what; nothing is read by it
	for d.ctx.Err() == nil {
		member.PollFetches(d.ctx)
	}
}

func (d *domain) join() (member *kgo.Client, err error) {
	ctx, cancel := context.WithTimeout(d.ctx, d.engine.budget)
	defer cancel()
	topics, err := kadm.NewClient(d.engine.client).ListTopics(ctx, d.events, d.state)
	if err != nil {
		return nil, fmt.Errorf("metadata: %w", err)
	}
	if err := topics.Error(); err != nil {
		return nil, fmt.Errorf("the topics %s and %s have to exist: %w", d.events, d.state, err)
	}
	events, state := topics[d.events], topics[d.state]
	if e, s := len(events.Partitions), len(state.Partitions); e == 0 || e != s {
		return nil, fmt.Errorf("%s has %d partitions and %s has %d: they need the same number", d.events, e, d.state, s)
	}
	count := int32(len(events.Partitions)) //nolint:gosec // Kafka counts in int32
	settled, err := d.settled(ctx, count)
	if err != nil {
		return nil, err
	}
	// The group may assign partitions before the client is returned.
	d.update(func() { d.count, d.settledBefore, d.topicID = count, settled, events.ID })
	member, err = kgo.NewClient(d.groupOptions()...)
	if err != nil {
		return nil, fmt.Errorf("member of group %s: %w", d.groupName(), err)
	}
	d.update(func() { d.err, d.group = nil, member })
	return member, nil
}

func (d *domain) groupOptions() []kgo.Opt {
	opts := d.engine.options()
	return append(opts,
		kgo.ConsumerGroup(d.groupName()), kgo.ConsumeTopics(d.events), kgo.DisableAutoCommit(),
		kgo.Balancers(kgo.CooperativeStickyBalancer()),
		kgo.SessionTimeout(d.engine.session), kgo.HeartbeatInterval(d.engine.session/10),
		kgo.RebalanceTimeout(max(d.engine.session, 2*handover)),
		kgo.OnPartitionsAssigned(func(_ context.Context, c *kgo.Client, m map[string][]int32) { d.assign(c, m[d.events]) }),
		kgo.OnPartitionsRevoked(func(_ context.Context, _ *kgo.Client, m map[string][]int32) { d.revoke(m[d.events]) }),
		kgo.OnPartitionsLost(func(_ context.Context, _ *kgo.Client, m map[string][]int32) { d.lose(m[d.events]) }),
	)
}

func (d *domain) groupName() string { return d.engine.application + "." + d.events }

// assign starts the owners of partitions. It may be called before the maker of
// the client has been given it.
func (d *domain) assign(group *kgo.Client, partitions []int32) {
	d.update(func() {
		d.joined, d.group = true, group
		for _, p := range partitions {
			if d.owned[p] != nil || d.ctx.Err() != nil {
				continue
			}
			o := newOwner(d, p)
			d.owned[p] = o
			d.wg.Go(o.run)
		}
	})
}

// handover is how long a member that gives a partition away waits for the
// commit in flight.
const handover = time.Second

func (d *domain) revoke(partitions []int32) {
	timeout := time.After(handover)
	for _, o := range d.drop(partitions, true) {
		select {
		case <-o.ended:
		case <-timeout:
			return // the next owner's fence decides what becomes of the commit
		}
	}
}

// lose gives up what the group took away without asking. Until it says again
// what is owned, callers wait.
func (d *domain) lose(partitions []int32) { d.drop(partitions, false) }

func (d *domain) drop(partitions []int32, joined bool) []*owner {
	var dropped []*owner
	d.update(func() {
		d.joined = joined
		for _, p := range partitions {
			if o := d.owned[p]; o != nil {
				delete(d.owned, p)
				o.stop()
				dropped = append(dropped, o)
			}
		}
	})
	return dropped
}

func (d *domain) partitions() int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.count
}

// close waits for what is being committed, and leaves the group.
func (d *domain) close() {
	ended := make(chan struct{})
	go func() {
		d.wg.Wait()
		close(ended)
	}()
	wait(ended, 2*d.engine.budget)
	d.mu.Lock()
	group := d.group // of a join that was under way, too
	d.mu.Unlock()
	if group == nil {
		return
	}
	left := make(chan struct{})
	go func() {
		group.CloseAllowingRebalance()
		close(left)
	}()
	wait(left, 2*d.engine.budget) // on a dead link the client takes its time
}
