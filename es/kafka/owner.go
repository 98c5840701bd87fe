package kafka

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// owner runs the life of one partition that the group gave to this process.
// All of its fields but the mailbox belong to the goroutine of run.
type owner struct {
	domain  *domain
	id      int32
	mailbox *mailbox
	ctx     context.Context //nolint:containedctx // ends when the partition is taken away
	stop    context.CancelFunc
	ended   chan struct{}

	life    life
	why     error // of the last failure
	writer  *writer
	nonce   [16]byte // of the owner record
	barrier int64    // what others wrote lies below this offset
	memory  *memory
	carry   []*request // to be decided before those in the mailbox
	doubt   []*request // whose transaction may have been committed
}

func newOwner(d *domain, id int32) *owner {
	o := &owner{domain: d, id: id, mailbox: newMailbox(), ended: make(chan struct{}), memory: newMemory()}
	o.ctx, o.stop = context.WithCancel(d.ctx)
	return o
}

// run lives the life of the partition.
func (o *owner) run() {
	defer close(o.ended)
	defer o.stop()
	for o.life.phase != over {
		err := o.act()
		in := done
		var corrupt *LogError
		switch {
		case o.ctx.Err() != nil:
			in = taken
		case errors.As(err, &corrupt):
			in = broken
		case err != nil:
			in = failed
		}
		if err != nil {
			o.why = fmt.Errorf("%s: %w", o.life.phase, err)
		}
		o.life = o.life.on(in)
		if !o.life.fenced && o.writer != nil {
			o.domain.wg.Go(o.writer.close) // on a dead link it takes its time
			o.writer = nil
		}
		if o.life.failures >= patience {
			o.refuse(fmt.Errorf("partition %d cannot be served: %w", o.id, o.why))
		}
	}
	o.end()
}

// patience is how many failures in a row commands wait for.
const patience = 6

// act does what the phase is for.
func (o *owner) act() error {
	switch o.life.phase {
	case proving:
		return o.prove()
	case fencing:
		return o.fence()
	case barring:
		return o.bar()
	case claiming:
		return o.claim()
	case restoring:
		return o.restore()
	case resolving:
		o.resolve()
	case serving:
		return o.serve()
	case waiting:
		sleep(o.ctx, backoff(o.life.failures))
	case parked:
		o.park()
	case over:
	}
	return nil
}

// prove asks the group whether the partition is still ours, by a commit of an
// offset that nobody needs. Without it a process that slept through its
// session would fence the new owner.
func (o *owner) prove() error {
	ctx, cancel := context.WithTimeout(o.ctx, o.domain.engine.budget)
	defer cancel()
	d := o.domain
	d.mu.Lock()
	group, topicID := d.group, d.topicID
	d.mu.Unlock()
	req := kmsg.NewPtrOffsetCommitRequest()
	req.Group = d.groupName()
	req.MemberID, req.Generation = group.GroupMetadata()
	partition := kmsg.NewOffsetCommitRequestTopicPartition()
	partition.Partition, partition.Offset = o.id, o.memory.next
	topic := kmsg.NewOffsetCommitRequestTopic()
	topic.Topic, topic.TopicID = d.events, topicID
	topic.Partitions = append(topic.Partitions, partition)
	req.Topics = append(req.Topics, topic)
	// Not by the group's own client: that waits for a join to end.
	resp, err := req.RequestWith(ctx, d.engine.client)
	if err != nil {
		return fmt.Errorf("group %s: %w", req.Group, err)
	}
	if len(resp.Topics) != 1 || len(resp.Topics[0].Partitions) != 1 {
		return errors.New("the group did not answer for the partition")
	}
	if err := kerr.ErrorForCode(resp.Topics[0].Partitions[0].ErrorCode); err != nil {
		return fmt.Errorf("group %s: %w", req.Group, err)
	}
	return nil
}

// fence makes the producer of the partition.
func (o *owner) fence() error {
	d := o.domain
	id := fmt.Sprintf("%s.%s.%d", d.engine.application, d.events, o.id)
	w, err := newWriter(o.ctx, d.engine.options(), id, d.engine.budget)
	o.writer = w
	return err
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

// claim commits the owner record: it proves that the producer can commit, and
// tells others where to turn to.
func (o *owner) claim() error {
	o.nonce = newNonce()
	first, err := o.ownerRecord()
	if err != nil {
		return err
	}
	records := []*kgo.Record{first}
	if o.id == 0 && !o.domain.settledBefore { // set before there were owners
		meta, err := o.domain.metaRecord()
		if err != nil {
			return err
		}
		records = append(records, meta)
	}
	return o.writer.commit(o.ctx, records...)
}

// confirm commits the owner record, which only the last producer can.
func (o *owner) confirm(ctx context.Context) error {
	r, err := o.ownerRecord()
	if err != nil {
		return err
	}
	return o.writer.commit(ctx, r)
}

// serve commits one batch after the other.
func (o *owner) serve() error {
	for o.ctx.Err() == nil {
		b := o.fill()
		if len(b.pending) == 0 {
			select {
			case <-o.mailbox.wake:
			case <-o.ctx.Done():
			}
			continue
		}
		if err := o.commit(b); err != nil {
			o.doubt = append(o.doubt, b.requests()...)
			return err
		}
		b.answer()
	}
	return nil
}

// What one transaction may hold. A single command may hold more.
const (
	maxBatch      = 256
	maxBytes      = 4 << 20
	maxBatchBytes = 1 << 20 // of one record with its envelope; Kafka's default for a topic
	overhead      = 128     // of a batch with one record
)

// fill decides the requests that wait.
func (o *owner) fill() *batch {
	b := &batch{id: o.id, partition: o.memory}
	for len(b.pending) < maxBatch && b.bytes < maxBytes {
		r := o.next()
		if r == nil {
			break
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
	if len(o.carry) == 0 {
		return o.mailbox.pop()
	}
	r := o.carry[0]
	o.carry = o.carry[1:]
	return r
}

// commit stores a batch. It does not end with the partition: what was begun is
// brought to an end.
func (o *owner) commit(b *batch) error {
	ctx := context.WithoutCancel(o.ctx)
	if len(b.records) == 0 {
		if !b.confirm {
			return nil
		}
		// What was decided from memory is only true if nobody has taken the
		// partition over: a commit that began after the decision proves it.
		return o.confirm(ctx)
	}
	if err := o.writer.commit(ctx, b.encoded...); err != nil {
		return err
	}
	for i, rec := range b.records {
		rec.Position.Offset = b.encoded[i].Offset
	}
	o.memory.next = b.encoded[len(b.encoded)-1].Offset + 1
	return nil
}
