package kafka

import (
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// settling is how long a new member may have nothing before that is what the
// group means. Brokers that assign partitions begin so: others have to give
// some up, and they think about it once a second.
const settling = 2 * time.Second

// assigned is told by the group what is owned from now on, beside the rest. It
// may be called before the maker of the client has been given it.
func (d *domain) assigned(member *kgo.Client, partitions []int32) {
	if !d.engine.serverSide || len(partitions) > 0 {
		d.assign(member, partitions)
		return
	}
	d.update(func() {
		if d.ctx.Err() != nil {
			return
		}
		d.wg.Go(func() {
			if sleep(d.ctx, settling) {
				d.assign(member, nil)
			}
		})
	})
}

// assign starts the owners of partitions, and ends those that the group means
// to be elsewhere since it was lost.
func (d *domain) assign(member *kgo.Client, partitions []int32) {
	d.update(func() {
		d.joined, d.member = true, member
		for p, o := range d.owned {
			if o.orphan.Load() && !slices.Contains(partitions, p) {
				delete(d.owned, p)
				o.stop()
			}
		}
		for _, p := range partitions {
			if o := d.owned[p]; o != nil {
				o.orphan.Store(false)
				continue
			}
			if d.ctx.Err() == nil {
				d.own(p)
			}
		}
	})
}

// own starts the owner of a partition. The lock is held.
func (d *domain) own(partition int32) {
	o := newOwner(d, partition)
	d.owned[partition] = o
	d.engine.owned.Add(1)
	d.wg.Go(func() {
		defer d.engine.owned.Add(-1)
		o.run()
	})
}

// handover is how long a member that gives a partition away waits for the
// commit in flight.
const handover = time.Second

func (d *domain) revoke(partitions []int32) {
	var revoked []*owner
	d.update(func() {
		for _, p := range partitions {
			if o := d.owned[p]; o != nil {
				delete(d.owned, p)
				o.stop()
				revoked = append(revoked, o)
			}
		}
	})
	timeout := time.After(handover)
	for _, o := range revoked {
		select {
		case <-o.ended:
		case <-timeout:
			return // the next owner's fence decides what becomes of the commit
		}
	}
}

// lose is told that the group is away, or has gone on without this process.
// What is proven is served until a new owner shuts it out. For the rest callers
// wait until the group says again what is owned.
func (d *domain) lose() {
	d.update(func() {
		d.joined = false
		for _, o := range d.owned {
			o.orphan.Store(true)
			o.mailbox.ring()
		}
	})
}

// disown takes a partition from an owner that the group has left alone, and
// reports whether it had.
func (d *domain) disown(o *owner) (alone bool) {
	d.update(func() {
		if alone = o.orphan.Load(); alone && d.owned[o.id] == o {
			delete(d.owned, o.id)
		}
	})
	return alone
}
