// Package kafka is the engine that keeps events in Apache Kafka.
//
//	engine, err := kafka.Open("bank", kafka.Client(kgo.SeedBrokers("broker:9092")))
//	...
//	defer engine.Close()
//	accounts := bankv1.NewAccountAggregate(engine, Account{})
//
// It keeps the contract of package es, for any number of processes, and adds
// durability: what was acknowledged is replicated and committed.
//
// # Topics
//
// An aggregate type has three topics, which have to exist; package
// es/kafka/topics and the command esgen topics make them. That of Spec.Topic
// holds the events and nothing else. That of Spec.Topic with ".state" has the
// same number of partitions, which never changes, and is compacted: it holds
// the index, snapshots, and who owns each partition. That with ".routes" tells
// other processes who owns what. The formats are in internal/record. Readers
// outside of this package have to read what is committed only
// (isolation.level=read_committed). What the cluster gives is checked when an
// aggregate type is bound, and a [*topics.RequirementsError] says what is
// missing; see [Profile] and [Override].
//
// # How it works
//
// The processes of an application form a consumer group for each aggregate
// type. Each partition has one owner, which decides the commands of its
// aggregates one after the other, from memory, and stores the events of all
// commands that waited meanwhile in one transaction. A caller gets its answer
// when that is committed. An owner begins as follows; the file life.go says it
// as a state machine:
//
//   - it proves to the group that the partition is its own;
//   - it makes a producer with the transactional id of the partition, which
//     shuts out every older one and waits for its last transaction to end;
//   - it writes a record to all replicas and aborts it: what others committed
//     lies below;
//   - it commits the owner record;
//   - it reads the index from the state topic, then the events behind the last
//     checkpoint up to the barrier, and checks every number in them.
//
// After any error the producer is given up and all of this is done again,
// though the index is then in memory. Commands whose commit is in doubt are
// decided again after that: what is in the log is answered as if nothing had
// happened. So Handle may be called more than once for a command, which is why
// it is a pure function.
//
// An answer that stores nothing (a refusal, a duplicate, a fresh Load) is
// confirmed by a commit of a record that says nothing, or by that of other
// commands: an owner that slept while another one took over cannot answer from
// memory. A Load without es.Fresh is not confirmed, and may be out of date for
// as long as the group's session lasts.
//
// # Memory
//
// An owner knows of each aggregate of its partitions where its last event lies.
// States and command ids are decoded when they are needed, from the snapshot
// and the events behind it, and stay in memory as far as [Memory] goes. Each
// event says where the aggregate's event before it lies, so one aggregate is
// read without reading the others. A snapshot is written with the checkpoint
// (see [CheckpointEvery]) that comes after Spec.SnapshotEvery events. It is
// only good for code with the same fingerprint and version of the state; with
// all snapshots lost, and the whole state topic with them, the events give the
// same.
//
// # Reading
//
// Stores and readers yield the events of one aggregate and, as a Feed, those of
// all. [Consume] and [Project] share the partitions of a feed between processes,
// as a consumer group: with the progress kept by Kafka, each event is handled at
// least once; with the progress kept by the store of the handler, it has its
// effect there exactly once. [WaitFor] waits until one of them has come to an
// event.
//
// All of them read what is committed only, and hold each record against the one
// before it: they stop with a [*LogError] where an event is missing, is there
// twice, or is not of this engine. Where they go on from is checked too:
//
//   - Who begins at the start has to find the first event of the partition. If
//     the declaration says that events are deleted some day, the oldest that is
//     there will do.
//   - An [es.Cursor] has to point at an event. One that lies behind the end, in
//     a gap, or below the start of the log is of another log, or of one that
//     lost events. A cursor knows no numbers, so a topic that was made again
//     and is longer may go unnoticed; and of a log that expires it has to be
//     used before the event that it points at does.
//   - A [Progress] has to find its event, with the same number and time, or the
//     next one if the log begins behind it.
//
// # What goes wrong, and what is returned then
//
//   - [*NotOwnerError]: another process owns the partition, and no [Forwarder]
//     was set. Nothing was done.
//   - [es.ErrOutcomeUnknown]: the partition was taken away, or the context
//     ended, while the commit was in doubt. Retry with the same command id,
//     anywhere.
//   - [*OutdatedError]: the partition holds events that this code does not
//     know. The partition alone refuses everything here, until the group gives
//     it to a process whose code does.
//   - [*LogError]: the log is damaged. The partition alone refuses everything,
//     and does not heal by itself.
//   - [*StoppedError]: a consumer does not read a partition any further.
//   - [ErrOverloaded]: too many commands wait. Nothing was done.
//   - [ErrForgotten]: see [RefuseForgotten]. Nothing was done.
//   - Other errors, after several attempts: Kafka cannot be reached. Nothing
//     was done, unless the error is also [es.ErrOutcomeUnknown].
//
// A context that ends while the command waits for its turn ends it with the
// context's error, and nothing was done. Commands wait while the group decides
// who owns what, and while their partition is restored.
//
// # What it costs
//
// The index takes about 200 bytes for each aggregate, and a takeover reads it.
// An aggregate that is not in memory takes two requests and one for each batch
// that holds events behind its snapshot; History and a Load in the past read
// all of its events. History of an aggregate that another process owns reads
// the whole partition. A slow Handle holds up its partition. A panic of a
// Handle, Apply or Upcast method is returned as an error, since there is no
// caller to panic in.
//
// Each partition that is owned, and each that a consumer reads, has a client of
// its own, with connections to some brokers. One event with its envelope may have 1 MiB; the topic's
// max.message.bytes has to allow it. A command may have 65,535 events. A state
// that is larger than 1 MiB gets no snapshot.
//
// # Command ids
//
// The scope of a command id is one aggregate, and how many are remembered says
// [Window]. They are remembered as hashes of 64 bits. A command that succeeded
// without events, or failed, left nothing behind and is decided again.
//
// # What it does not do
//
// It makes no topics, registers no schemas, and has no transactions across
// aggregates. With [ServerSideAssignment] it does not hand a partition to another
// process because its own code is outdated.
package kafka

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
)

// Engine is an engine on Kafka. Make one with [Open]. Safe for concurrent use.
type Engine struct {
	config

	application string
	node        string // for people

	client *kgo.Client     // for questions, never for consuming or producing
	ctx    context.Context //nolint:containedctx // ends with the engine
	cancel context.CancelFunc
	ended  chan struct{} // closed when Close is through
	owned  atomic.Int32  // partitions
	slots  slots         // for fences and restores
	loads  slots         // for aggregates that are being decoded

	mu      sync.Mutex
	domains map[string]*domain // by the name of the aggregate type
	closing bool
}

var _ es.Engine = (*Engine)(nil)

// Open returns an engine. The processes of one application share the name: it
// is the prefix of their consumer groups and transactional ids, and no other
// program may use it on the same cluster. Open does not wait for Kafka: what
// is wrong there is returned by the methods of the stores and readers.
func Open(application string, opts ...Option) (*Engine, error) {
	e := &Engine{
		application: application,
		node:        nodeName(),
		config:      defaults(),
		ended:       make(chan struct{}),
		slots:       make(slots, 8),
		loads:       make(slots, 32),
		domains:     make(map[string]*domain),
	}
	for _, opt := range opts {
		opt(&e.config)
	}
	if application == "" {
		return nil, fmt.Errorf("es/kafka: the name of the application is empty")
	}
	client, err := kgo.NewClient(e.config.options()...)
	if err != nil {
		return nil, fmt.Errorf("es/kafka: %w", err)
	}
	e.client = client
	e.ctx, e.cancel = context.WithCancel(context.Background())
	return e, nil
}

// Bind implements [es.Engine]. The process joins the group of the aggregate
// type when it is bound for the first time. A store keeps what it decoded for
// as long as the engine lives, so a service binds a type once, not once per
// request.
func (e *Engine) Bind(a es.Aggregate) es.Store {
	spec := a.Spec()
	e.mu.Lock()
	defer e.mu.Unlock()
	d := e.domains[spec.Name]
	if d == nil {
		d = newDomain(e, a)
		e.domains[spec.Name] = d
	}
	return &store{reader: e.reader(a, d), aggregate: a, fingerprint: fingerprint(spec)}
}

// Local returns the aggregate type of a name as it was bound first, and a store
// that never forwards: for what takes the commands that a [Forwarder] sends. It
// reports false when the type was not bound.
func (e *Engine) Local(aggregate string) (es.Aggregate, es.Store, bool) {
	e.mu.Lock()
	d := e.domains[aggregate]
	e.mu.Unlock()
	if d == nil {
		return nil, nil, false
	}
	return d.aggregate, d.local, true
}

// Reader implements [es.Engine]. It reads the log and joins no group.
func (e *Engine) Reader(events es.Events) es.Reader {
	r := e.reader(events, nil)
	return &r
}

func (e *Engine) reader(events es.Events, d *domain) reader {
	spec := events.Spec()
	return reader{engine: e, events: events, name: spec.Name, topic: eventsTopic(spec), domain: d}
}

// Close makes every further call return [es.ErrClosed], and ends the loops
// over History and Feed with it. What is being committed is brought to an end,
// and the partitions are handed to other processes. It never fails, and may be
// called again.
func (e *Engine) Close() error {
	e.mu.Lock()
	first := !e.closing
	e.closing = true
	domains := e.domains
	e.mu.Unlock()
	if !first {
		<-e.ended
		return nil
	}
	defer close(e.ended)
	e.cancel()
	var wg sync.WaitGroup
	for _, d := range domains {
		wg.Go(d.close)
	}
	wg.Wait()
	e.client.Close()
	return nil
}

func (e *Engine) transactionalID(topic string, partition int32) string {
	return fmt.Sprintf("%s.%s.%d", e.application, topic, partition)
}

func (e *Engine) fetcher(topic string) *fetcher {
	return &fetcher{client: e.client, topic: topic, budget: e.budget}
}

// inject returns the headers that carry the context of a trace.
func (e *Engine) inject(ctx context.Context) []kgo.RecordHeader {
	if e.tracer == nil {
		return nil
	}
	return e.tracer.Inject(ctx)
}

// ready reports why nothing may be done any more: the engine is closed or the
// context has ended.
func (e *Engine) ready(ctx context.Context) error {
	if e.ctx.Err() != nil {
		return es.ErrClosed
	}
	return ctx.Err()
}

// within returns a context that ends with the engine too.
func (e *Engine) within(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(e.ctx, func() { cancel(es.ErrClosed) })
	return ctx, func() {
		stop()
		cancel(nil)
	}
}
