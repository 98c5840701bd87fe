package kafka

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// owner runs the life of one partition that the group gave to this process.
// All of its fields but the first ones, to stop, belong to the goroutine of run.
type owner struct {
	domain  *domain
	id      int32
	mailbox *mailbox
	orphan  atomic.Bool     // the group is lost: it serves on, and begins nothing anew
	ctx     context.Context //nolint:containedctx // ends when the partition is taken away
	stop    context.CancelFunc
	ended   chan struct{}

	life          life
	why           error // of the last failure
	shutOut       int   // how often the producer was fenced since it last stored events
	writer        *writer
	nothingToLose bool  // what the last fence has ended was no commit, and there was none since
	claimed       int64 // where the owner record lies in the state topic
	barrier       int64 // what others wrote lies below this offset

	index      *index
	warm       bool // the index holds what was committed at its next offset
	cache      cache
	checkpoint *checkpoint // that is being written, or nil
	carry      []*request  // to be decided before those in the mailbox
	loading    map[loading][]*request
	parked     int   // how many requests are in there
	spare      batch // memory for the next one
}

func newOwner(d *domain, id int32) *owner {
	o := &owner{
		domain: d, id: id, mailbox: newMailbox(), ended: make(chan struct{}), life: newLife(),
		index: newIndex(), loading: make(map[loading][]*request),
	}
	o.ctx, o.stop = context.WithCancel(d.ctx)
	return o
}

// run lives the life of the partition.
func (o *owner) run() {
	defer close(o.ended)
	defer o.stop()
	o.entered(nil)
	for o.life.phase != Over {
		before := o.life.phase
		err := o.act()
		if err != nil {
			err = o.explain(err)
			o.why = fmt.Errorf("%s: %w", before, err)
		}
		o.life = o.life.on(o.input(err))
		if !o.life.fenced && o.writer != nil {
			o.domain.wg.Go(o.writer.close)
			o.writer = nil
		}
		if o.life.phase != before {
			o.entered(err)
		}
		if o.life.failures >= patience {
			o.refuse(fmt.Errorf("partition %d cannot be served: %w: %w", o.id, errUnavailable, o.why))
		}
	}
	o.end()
}

// patience is how many failures in a row commands wait for.
const patience = 6

// explain says what it means that the producer is fenced again and again, while
// the group holds that the partition is ours.
func (o *owner) explain(err error) error {
	if !errors.Is(err, kerr.InvalidProducerEpoch) && !errors.Is(err, kerr.ProducerFenced) {
		return err
	}
	if o.shutOut++; o.shutOut < 3 {
		return err
	}
	e := o.domain.engine
	return fmt.Errorf("another program keeps taking the transactional id %q: no other one may use %q as its application, or as a prefix: %w",
		e.transactionalID(o.domain.events, o.id), e.application, err)
}

func (o *owner) input(err error) input {
	var broken *LogError
	var unknown *OutdatedError
	switch {
	case o.ctx.Err() != nil, err != nil && o.orphan.Load() && o.domain.disown(o):
		return taken
	case errors.Is(err, errUnended): // it may be another program's, and end some day
		return failed
	case errors.As(err, &unknown), errors.Is(err, record.ErrNewer):
		return newer
	case errors.As(err, &broken):
		return damaged
	case err != nil:
		return failed
	}
	return done
}

// act does what the phase is for.
func (o *owner) act() error {
	switch o.life.phase {
	case Proving:
		return o.prove()
	case Fencing:
		return o.fence()
	case Barring:
		return o.bar()
	case Claiming:
		return o.claim()
	case Restoring:
		return o.restore()
	case Serving:
		return o.serve()
	case Waiting:
		sleep(o.ctx, backoff(o.life.failures))
	case Outdated:
		o.domain.decline(o.id)
		o.park()
	case Corrupt:
		o.park()
	case Over:
	}
	return nil
}

func (o *owner) partition() Partition {
	return Partition{Aggregate: o.domain.name, Topic: o.domain.events, ID: o.id}
}

// entered tells observers and the log of a new phase.
func (o *owner) entered(err error) {
	e := o.domain.engine
	e.observer.Entered(o.partition(), o.life.phase, err)
	logger := e.log.With("aggregate", o.domain.name, "topic", o.domain.events, "partition", o.id, "phase", string(o.life.phase))
	switch {
	case o.life.phase == Corrupt || o.life.phase == Outdated:
		logger.ErrorContext(o.ctx, "partition is refused", "error", err)
	case err != nil:
		logger.WarnContext(o.ctx, "partition failed", "error", err)
	case o.life.phase == Serving || o.life.phase == Over:
		logger.InfoContext(o.ctx, "partition", "aggregates", len(o.index.aggregates), "events", o.index.seq)
	default:
		logger.DebugContext(o.ctx, "partition")
	}
}

// prove asks the group whether the partition is still ours, by a commit of an
// offset that nobody needs. Without it a process that slept through its
// session would fence the new owner.
func (o *owner) prove() error {
	ctx, cancel := context.WithTimeout(o.ctx, o.domain.engine.budget)
	defer cancel()
	d := o.domain
	return d.membership().commit(ctx, d.engine.client, offsetCommit{partition: o.id, offset: o.index.next})
}

// fence makes the producer of the partition, and checks that what older ones
// committed has come to its end.
func (o *owner) fence() error {
	began := now()
	err := o.replace()
	o.domain.engine.observer.Fenced(o.partition(), since(began), err)
	return err
}

// replace makes the producer once the last transaction of older ones has ended.
func (o *owner) replace() error {
	d := o.domain
	opts := d.engine.options() // first: it finds out which brokers are gone that may have been coordinators
	committed, err := o.endedBefore()
	if err != nil {
		return err
	}
	release, err := d.engine.slots.take(o.ctx)
	if err != nil {
		return err
	}
	defer release()
	o.writer, err = newWriter(o.ctx, opts, d.engine.transactionalID(d.events, o.id), d.engine.budget)
	if err != nil {
		return err
	}
	if o.nothingToLose = !committed; o.nothingToLose {
		return nil
	}
	return o.awaitMarkers()
}

// bar writes a record that nobody will see. Once all replicas have it, what
// older owners ever committed lies below it, whatever a broker that was
// deposed may still say.
func (o *owner) bar() error {
	r := &kgo.Record{Topic: o.domain.events, Partition: o.id}
	if err := o.writer.abort(o.ctx, r); err != nil {
		return err
	}
	o.barrier = r.Offset + 1
	return nil
}

// claim commits the owner record: it proves that the producer can commit, marks
// the end of what is to be read of the state topic, and tells others where to
// turn to.
func (o *owner) claim() error {
	records, err := o.claims()
	if err != nil {
		return err
	}
	if err := o.writer.commit(o.ctx, records...); err != nil {
		return err
	}
	o.claimed = records[0].Offset
	return nil
}

// confirm commits a record that says nothing, which only the last producer can.
func (o *owner) confirm(ctx context.Context) error {
	key, err := record.Key{Kind: record.ProbeKind, Partition: o.id}.Encode()
	if err != nil {
		return err
	}
	if err := o.awaitCommitted(o.ctx); err != nil {
		return err
	}
	return o.writer.commit(ctx, o.stateRecord(key, record.Probe(key)))
}

// stateRecord is a record of the state topic.
func (o *owner) stateRecord(key, value []byte) *kgo.Record {
	return &kgo.Record{Topic: o.domain.state, Partition: o.id, Key: key, Value: value}
}
