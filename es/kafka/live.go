package kafka

import (
	"container/list"

	"google.golang.org/protobuf/proto"
)

// live is what is decoded of an aggregate: the state after its last event, and
// the commands that are remembered.
type live struct {
	of          *aggregate
	fingerprint string // of the state: other code sees another one
	folded      proto.Message
	window      window
	size        int64 // bytes, about
	place       *list.Element
}

// state returns the state that bindings of a fingerprint share, or nil.
func (l *live) state(fingerprint string) proto.Message {
	if l == nil || l.fingerprint != fingerprint {
		return nil
	}
	return l.folded
}

// What a live aggregate takes beside its parts, and an outcome in its window.
const (
	liveOverhead    = 512
	outcomeOverhead = 64
	// decoded is how many times larger than its encoding a message is in
	// memory, about.
	decoded = 3
)

// cache keeps live aggregates, the one used last in front.
type cache struct {
	order list.List // of *live
	size  int64
}

// use says that an aggregate is in use.
func (c *cache) use(l *live) { c.order.MoveToFront(l.place) }

// add makes an aggregate live.
func (c *cache) add(a *aggregate, fingerprint string, state proto.Message, w window, encoded int) {
	c.drop(a)
	l := &live{of: a, fingerprint: fingerprint, folded: state, window: w}
	a.live = l
	l.place = c.order.PushFront(l)
	c.grow(l, liveOverhead+decoded*encoded+outcomeOverhead*len(w.outcomes))
}

// grow counts what was added to an aggregate.
func (c *cache) grow(l *live, bytes int) {
	l.size += int64(bytes)
	c.size += int64(bytes)
}

// drop forgets what is decoded of an aggregate.
func (c *cache) drop(a *aggregate) {
	l := a.live
	if l == nil {
		return
	}
	a.live = nil
	c.order.Remove(l.place)
	c.size -= l.size
}

// excess returns the aggregate that was not used for the longest time, if what
// is decoded does not fit and others are too.
func (c *cache) excess(limit int64) *aggregate {
	if c.size <= limit || c.order.Len() < 2 {
		return nil
	}
	return c.order.Back().Value.(*live).of //nolint:forcetypeassert,errcheck // the list holds nothing else
}
