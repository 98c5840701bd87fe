package kafka

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
	"github.com/esgen-dev/esgen/es/kafka/topics"
)

// domain is one aggregate type on an engine that decides its commands: the
// member of its consumer group, and the partitions that the group gave it.
// Safe for concurrent use.
type domain struct {
	engine      *Engine
	aggregate   es.Aggregate // of the first binding
	local       *store       // for what others forward
	spec        *es.Spec
	fingerprint string // of its states
	name        string
	events      string // topics
	state       string
	routesTopic string
	format      record.Format
	log         *fetcher        // of events
	snapshots   *fetcher        // of the state topic
	ctx         context.Context //nolint:containedctx // ends with the engine
	wg          sync.WaitGroup
	spent       sync.Pool // requests that are over, for their memory

	schemas       schemas // set before partitions are assigned, as are the next four
	count         int32   // partitions of the topic; 0 while not known
	topicID       [16]byte
	describes     bool // whether the brokers say what became of a transaction
	settledBefore bool // whether the topics hold the record that says how many there are

	mu       sync.Mutex
	member   *kgo.Client // of the group
	owned    map[int32]*owner
	declined map[int32]struct{} // partitions with events that this code does not know
	routes   map[int32]string   // addresses of owners, by partition
	joined   bool               // whether the group said what is owned
	err      error              // why the group could not be joined
	changed  chan struct{}      // closed when any of the above changes
}

func newDomain(e *Engine, a es.Aggregate) *domain {
	spec := a.Spec()
	d := &domain{
		engine: e, aggregate: a, spec: spec, fingerprint: fingerprint(spec), name: spec.Name,
		events: eventsTopic(spec), state: stateTopic(spec), routesTopic: routesTopic(spec),
		format: record.Format{Source: eventsTopic(spec)},
		ctx:    e.ctx, changed: make(chan struct{}),
		owned: make(map[int32]*owner), declined: make(map[int32]struct{}), routes: make(map[int32]string),
	}
	if e.compact {
		d.format.Envelope = record.Compact
	}
	d.local = &store{reader: e.reader(a, d), aggregate: a, fingerprint: d.fingerprint, local: true}
	d.log, d.snapshots = e.fetcher(d.events), e.fetcher(d.state)
	d.wg.Go(d.start)
	d.wg.Go(d.followRoutes)
	return d
}

func eventsTopic(s *es.Spec) string { return s.Topic }
func stateTopic(s *es.Spec) string  { return s.Topic + ".state" }
func routesTopic(s *es.Spec) string { return s.Topic + ".routes" }

// fingerprint names the states that fit the code: those with the same schema
// that were folded by Apply methods of the same meaning.
func fingerprint(s *es.Spec) string {
	return fmt.Sprintf("%s.%d", cmp.Or(s.Fingerprint, "none"), s.StateVersion)
}

// update changes the domain and wakes who waits for that.
func (d *domain) update(change func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change()
	close(d.changed)
	d.changed = make(chan struct{})
}

// start joins the group, as soon as the cluster is as it has to be.
func (d *domain) start() {
	var member *kgo.Client
	for attempt := 1; ; attempt++ {
		var err error
		if member, err = d.join(); err == nil {
			break
		}
		if d.ctx.Err() != nil {
			return
		}
		d.update(func() { d.err = about(d.name, d.events, err) })
		d.engine.log.Warn("the group cannot be joined", "aggregate", d.name, "error", err)
		if !sleep(d.ctx, backoff(attempt)) {
			return
		}
	}
	d.update(func() { d.err = nil })
	member.PauseFetchTopics(d.events) // the group says who owns what; nothing is read by it
	attend(d.ctx, member, func(error) {})
}

func (d *domain) join() (*kgo.Client, error) {
	ctx, cancel := context.WithTimeout(d.ctx, 2*d.engine.budget)
	defer cancel()
	if err := d.prepare(ctx); err != nil {
		return nil, err
	}
	// The group may assign partitions before the client is returned.
	member, err := kgo.NewClient(d.groupOptions()...)
	if err != nil {
		return nil, fmt.Errorf("member of group %s: %w", d.groupName(), err)
	}
	d.update(func() { d.member = member })
	return member, nil
}

// prepare checks the cluster, and looks up what has to be known of it.
func (d *domain) prepare(ctx context.Context) error {
	admin := kadm.NewClient(d.engine.client)
	found, err := admin.ListTopics(ctx, d.events, d.state)
	if err != nil {
		return fmt.Errorf("metadata: %w", err)
	}
	recorded := int32(0)
	if found[d.state].Err == nil {
		if recorded, err = d.recorded(ctx); err != nil {
			return err
		}
	}
	wanted, err := topics.Wanted([]topics.Aggregate{{
		Topic: d.events, Partitions: d.spec.Partitions, Recorded: int(recorded), Retention: d.spec.Retention,
	}}, d.engine.profile)
	if err != nil {
		return fmt.Errorf("topics: %w", err)
	}
	report, err := topics.Check(ctx, admin, wanted, topics.CheckOptions{Override: d.engine.override})
	if err == nil {
		err = report.Err()
	}
	if err != nil {
		return fmt.Errorf("topics: %w", err)
	}
	if d.describes, err = describes(ctx, admin); err != nil {
		return err
	}
	if d.schemas, err = d.engine.framing.lookUp(ctx, d.spec); err != nil {
		return err
	}
	return d.settle(found[d.events], found[d.state], recorded)
}

// settle checks what no override can set aside.
func (d *domain) settle(events, state kadm.TopicDetail, recorded int32) error {
	if err := cmp.Or(events.Err, state.Err); err != nil {
		return fmt.Errorf("the topics %s and %s have to exist: %w", d.events, d.state, err)
	}
	e, s := len(events.Partitions), len(state.Partitions)
	switch {
	case e == 0 || e != s:
		return fmt.Errorf("%s has %d partitions and %s has %d: they need the same number", d.events, e, d.state, s)
	case recorded > 0 && int(recorded) != e:
		return fmt.Errorf("%s has %d partitions, and was made with %d: the number must not change, "+
			"or aggregates are sought where they are not", d.events, e, recorded)
	}
	d.count = int32(e) //nolint:gosec // Kafka counts in int32
	d.settledBefore, d.topicID = recorded > 0, events.ID
	return nil
}

func (d *domain) groupOptions() []kgo.Opt {
	return append(d.engine.joining(d.groupName(), d.events, handover, newBalancer(d.events, d.declines)),
		kgo.OnPartitionsAssigned(func(_ context.Context, c *kgo.Client, m map[string][]int32) { d.assigned(c, m[d.events]) }),
		kgo.OnPartitionsRevoked(func(_ context.Context, _ *kgo.Client, m map[string][]int32) { d.revoke(m[d.events]) }),
		kgo.OnPartitionsLost(func(context.Context, *kgo.Client, map[string][]int32) { d.lose() }),
	)
}

func (d *domain) groupName() string { return d.engine.application + "." + d.events }

// membership returns what proves that a partition is owned.
func (d *domain) membership() *membership {
	d.mu.Lock()
	defer d.mu.Unlock()
	return &membership{member: d.member, group: d.groupName(), topic: d.events, topicID: d.topicID}
}

// share is how many bytes the decoded aggregates of one partition may take.
func (d *domain) share() int64 {
	return d.engine.memory / int64(max(1, d.engine.owned.Load()))
}

// close waits for what is being committed, and leaves the group.
func (d *domain) close() {
	d.wg.Wait()
	d.mu.Lock()
	member := d.member
	d.mu.Unlock()
	if member != nil {
		leave(member, 2*d.engine.budget)
	}
}

// leave closes a member of a group. It says goodbye, unless that takes too
// long, as on a dead link.
func leave(member *kgo.Client, limit time.Duration) {
	left := make(chan struct{})
	go func() {
		member.CloseAllowingRebalance()
		close(left)
	}()
	wait(left, limit)
}
