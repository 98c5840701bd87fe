package kafka

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// owner returns the owner of an aggregate's partition in this process. It
// waits while the group has not said who that is.
func (d *domain) owner(ctx context.Context, id string) (*owner, error) {
	for {
		d.mu.Lock()
		changed, err, joined := d.changed, d.err, d.joined
		var o *owner
		partition := int32(-1)
		if d.member != nil { // so the number of partitions is known
			partition = record.Partition(id, d.count)
			o = d.owned[partition]
		}
		d.mu.Unlock()
		switch {
		case d.ctx.Err() != nil:
			return nil, about(d.name, id, es.ErrClosed)
		case err != nil:
			return nil, err
		case o != nil:
			return o, nil
		case joined:
			return nil, &NotOwnerError{
				Aggregate: d.name, AggregateID: id, Partition: partition, Address: d.address(partition),
			}
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, about(d.name, id, ctx.Err())
		case <-d.ctx.Done():
		}
	}
}

// submit hands a request to the owner of its partition and waits for what
// becomes of it. The request is not to be used after that.
func (d *domain) submit(ctx context.Context, r *request) (reply, error) {
	for {
		o, err := d.owner(ctx, r.id)
		if err != nil {
			return reply{}, err
		}
		switch err := o.mailbox.put(r); {
		case errors.Is(err, errGone):
			if !sleep(ctx, time.Millisecond) { // until the group's callback is through
				return reply{}, about(d.name, r.id, ctx.Err())
			}
			continue
		case err != nil:
			return reply{}, about(d.name, r.id, err)
		}
		a, err := d.await(ctx, r)
		if err != nil {
			return reply{}, about(d.name, r.id, err)
		}
		if !errors.Is(a.err, errGone) {
			d.recycle(r)
			return a, a.err
		}
		r.claim.Store(unclaimed)
	}
}

func (d *domain) await(ctx context.Context, r *request) (reply, error) {
	select {
	case a := <-r.reply:
		return a, nil
	case <-ctx.Done():
	}
	switch {
	case r.drop(): // nobody had looked at it
		return reply{}, ctx.Err()
	case r.command == nil:
		return reply{}, ctx.Err()
	}
	r.claim.Store(abandoned)
	select {
	case a := <-r.reply: // the answer came at the same time
		if !errors.Is(a.err, errGone) {
			return a, nil
		}
		return reply{}, ctx.Err()
	default:
		return reply{}, fmt.Errorf("%w (%w)", es.ErrOutcomeUnknown, ctx.Err())
	}
}

// knownPartitions returns the number of partitions, or 0 while it is not known.
func (d *domain) knownPartitions() int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.member == nil {
		return 0
	}
	return d.count
}
