package kafka

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
)

// What one transaction may hold. A single command may hold more.
const (
	maxBatch      = 512
	maxBytes      = 4 << 20
	maxBatchBytes = 1 << 20 // of one record with its envelope; Kafka's default for a topic
	overhead      = 128     // of a batch with one record
)

// serve commits one batch after the other. What waits meanwhile is the next
// one, so nothing has to linger.
func (o *owner) serve() error {
	o.nothingToLose = false
	for o.ctx.Err() == nil {
		if err := o.receive(); err != nil {
			return err
		}
		b := o.fill()
		if len(b.pending) > 0 {
			if err := o.commit(b); err != nil {
				return err
			}
			b.answer()
			if err := o.evict(context.WithoutCancel(o.ctx)); err != nil {
				return err
			}
		}
		o.spare = *b
		wrote, err := o.advanceCheckpoint(context.WithoutCancel(o.ctx))
		if err != nil {
			return err
		}
		if len(b.pending) == 0 && !wrote {
			if err := o.rest(); err != nil {
				return err
			}
		}
	}
	return o.part()
}

// rest waits for something to do. While the group is lost there is something
// now and then: to find out whether there is a new owner, or loads that need not
// be fresh would be answered for as long as nobody else calls.
func (o *owner) rest() error {
	var look <-chan time.Time
	if o.orphan.Load() {
		look = time.After(o.domain.engine.session)
	}
	select {
	case <-o.mailbox.wake:
	case <-o.ctx.Done():
	case <-look:
		return o.confirm(context.WithoutCancel(o.ctx))
	}
	return nil
}

// part writes what makes the next owner's restore short, if there is time.
func (o *owner) part() error {
	ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(o.ctx), handover, errBudget)
	defer cancel()
	if o.checkpoint == nil && o.index.since > 0 {
		o.checkpoint = o.beginCheckpoint()
	}
	for o.checkpoint != nil {
		if _, err := o.advanceCheckpoint(ctx); err != nil {
			return err
		}
	}
	return nil
}

// fill decides the requests that wait.
func (o *owner) fill() *batch {
	b := o.newBatch()
	for len(b.pending) < maxBatch && b.bytes < maxBytes && o.parked < mailboxSize {
		r := o.next()
		if r == nil {
			break
		}
		if o.await(r) {
			continue
		}
		if !b.decide(r) {
			o.carry = append([]*request{r}, o.carry...)
			break
		}
	}
	return b
}

// next returns the request that is to be decided next, or nil.
func (o *owner) next() *request {
	for len(o.carry) > 0 {
		r := o.carry[0]
		o.carry = o.carry[1:]
		if !r.abandoned() {
			return r
		}
	}
	return o.mailbox.pop()
}

// await reports whether a request has to wait until its aggregate is decoded,
// and sees to that.
func (o *owner) await(r *request) bool {
	a := o.index.aggregates[r.id]
	if a == nil || !r.decodes() || !a.committed() || a.live.state(r.store.fingerprint) != nil {
		return false
	}
	key := loading{fingerprint: r.store.fingerprint, id: r.id}
	waiting, running := o.loading[key]
	o.loading[key] = append(waiting, r)
	o.parked++
	if !running {
		o.decode(key, r.store.aggregate, *a)
	}
	return true
}

// decode loads an aggregate, apart from the goroutine of the partition.
func (o *owner) decode(key loading, typ es.Aggregate, a aggregate) {
	d := o.domain
	a.live = nil
	d.wg.Go(func() {
		release, err := d.engine.loads.take(o.ctx)
		if err != nil {
			o.mailbox.deliver(loaded{loading: key, err: err})
			return
		}
		defer release()
		o.mailbox.deliver(d.load(o.ctx, o.id, key, typ, a))
	})
}

// receive takes in the aggregates that were decoded. It fails with a
// [*LogError] when one of them could not be, because the log is damaged.
func (o *owner) receive() error {
	for _, l := range o.mailbox.loaded() {
		waiting := o.loading[l.loading]
		delete(o.loading, l.loading)
		o.parked -= len(waiting)
		if _, damaged := errors.AsType[*LogError](l.err); damaged {
			o.carry = append(waiting, o.carry...)
			return l.err
		}
		if l.err != nil {
			for _, r := range waiting {
				o.reject(r, l.err)
			}
			continue
		}
		// If it went on meanwhile, in another process, it is loaded once more.
		if a := o.index.aggregates[l.id]; a != nil && a.version == l.version && a.committed() {
			o.cache.add(a, l.fingerprint, l.state, l.window, l.size)
			if o.domain.due(a) {
				o.index.touch(a, 0)
			}
		}
		o.carry = append(waiting, o.carry...)
	}
	return nil
}

// commit stores a batch. It does not end with the partition: what was begun is
// brought to an end. After an error the outcome of its commands is in doubt:
// they are decided again when the log has been read, which tells them.
func (o *owner) commit(b *batch) error {
	ctx := context.WithoutCancel(o.ctx)
	if len(b.records) == 0 {
		if !b.confirm {
			return nil
		}
		// What was decided from memory is only true if nobody has taken the
		// partition over: a commit that began after the decision proves it.
		if err := o.confirm(ctx); err != nil {
			o.carry = append(b.requests(), o.carry...)
			return err
		}
		return nil
	}
	if err := o.awaitCommitted(o.ctx); err != nil {
		b.withdraw()
		o.undo(b)
		return err
	}
	records, err := o.withTypes(b.records)
	if err == nil {
		began := now()
		err = o.writer.commit(ctx, records...)
		b.report(began, err)
	}
	if err == nil {
		err = o.appended(b)
	}
	if err != nil {
		b.doubt(o.writer.sender())
		o.undo(b)
		return err
	}
	o.shutOut = 0
	b.publish()
	o.index.storedTypes = len(o.index.types)
	return nil
}

// undo takes a batch back that was not committed, as far as is known.
func (o *owner) undo(b *batch) {
	b.rollback()
	o.carry = append(b.requests(), o.carry...)
}

// appended checks that a batch, which is committed, came behind what the log had.
func (o *owner) appended(b *batch) error {
	at := b.records[0].Offset
	if at >= o.index.next {
		return nil
	}
	return &LogError{Topic: o.domain.events, Partition: o.id, Offset: at, Err: fmt.Errorf(
		"an event was stored here, and the log had reached offset %d: the topic was made again", o.index.next)}
}

// withTypes adds a record that names the types of events in the partition, if
// the state topic does not hold them all.
func (o *owner) withTypes(records []*kgo.Record) ([]*kgo.Record, error) {
	if len(o.index.types) == o.index.storedTypes {
		return records, nil
	}
	types, err := o.typesRecord()
	return append(slices.Clip(records), types), err
}

// refuse answers everything that waits with an error.
func (o *owner) refuse(err error) {
	for r := o.next(); r != nil; r = o.next() {
		o.reject(r, about(o.domain.name, r.id, err))
	}
	for key, waiting := range o.loading {
		delete(o.loading, key)
		o.parked -= len(waiting)
		for _, r := range waiting {
			o.reject(r, about(o.domain.name, r.id, err))
		}
	}
}

// reject answers a request with an error.
func (o *owner) reject(r *request, err error) {
	if r.staged.last > 0 { // an attempt may have been committed
		// Not wrapped: it may say that nothing was done.
		err = about(o.domain.name, r.id, fmt.Errorf("%w: %s", es.ErrOutcomeUnknown, err.Error()))
	}
	r.answer(reply{err: err})
}

// park refuses everything until the partition is taken away.
func (o *owner) park() {
	for {
		o.refuse(fmt.Errorf("partition %d is refused: %w", o.id, o.why))
		select {
		case <-o.mailbox.wake:
		case <-o.ctx.Done():
			return
		}
	}
}

// end answers everything that the partition left behind. What was not decided
// is handed back to its callers, who turn to the new owner.
func (o *owner) end() {
	left := slices.Concat(o.carry, o.mailbox.close())
	for _, waiting := range o.loading {
		left = append(left, waiting...)
	}
	for _, r := range left {
		o.reject(r, errGone)
	}
}
