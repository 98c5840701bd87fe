package kafka

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// request is one command, or one look at an aggregate, on its way through the
// goroutine of its partition.
type request struct {
	ctx   context.Context //nolint:containedctx // the caller's, for traces
	store *store
	id    string

	command proto.Message // nil for a look
	mode    es.Mode
	options es.CommandOptions
	hash    uint64 // of the command id

	read  es.ReadOptions
	state bool // whether a look wants the state, or the events

	claim    atomic.Int32 // who may decide what becomes of it
	attempts int          // how often it was decided
	staged   attempt      // what its last attempt would have stored
	reply    chan reply   // takes one
}

// attempt is what a command was decided to become, before it was committed.
type attempt struct {
	first, last uint64 // versions; 0 when there was nothing to store
	time        time.Time
	events      []proto.Message
	producer    record.Producer // that sent it; none if the brokers did not get it, or nothing was stored
}

// became reports whether an outcome is what became of the attempt. Times alone
// would not tell: an event is never before the last one, whatever the clocks
// say, so that two processes with one command may come to the same.
func (a attempt) became(o record.Outcome) bool {
	return a.producer != 0 && a.first == o.First && a.last == o.Last && a.time.Equal(o.Time) &&
		(a.producer == o.Producer || o.Producer == 0)
}

// The values of request.claim.
const (
	unclaimed int32 = iota
	claimed         // by the partition: from here on the outcome is its business
	dropped         // by the caller: nothing was done, and nothing will be
	abandoned       // by the caller, when it was claimed: it may have been decided, and is not to be decided again
)

// reply is what becomes of a request.
type reply struct {
	err     error
	receipt es.Receipt
	events  []proto.Message // of a command

	// Of a look: where the aggregate stands, and its state if that was asked for.
	version uint64
	offset  int64
	time    time.Time
	state   proto.Message
}

// newRequest takes the memory of a request that is over, if there is one.
func newRequest(ctx context.Context, s *store, id string) *request {
	r, _ := s.domain.spent.Get().(*request)
	if r == nil {
		r = &request{reply: make(chan reply, 1)}
	}
	r.ctx, r.store, r.id = ctx, s, id
	return r
}

// recycle gives the memory of a request to another one, once its answer was
// taken: the partition does not look at it any more then.
func (d *domain) recycle(r *request) {
	*r = request{reply: r.reply}
	d.spent.Put(r)
}

// take claims the request for the partition.
func (r *request) take() bool { return r.claim.CompareAndSwap(unclaimed, claimed) }

// drop claims the request for a caller who does not wait any longer.
func (r *request) drop() bool { return r.claim.CompareAndSwap(unclaimed, dropped) }

// abandoned reports whether the caller has gone. It was told that the outcome is
// not known. Should it try again, at another owner perhaps, and be refused, that
// has to stay true: so this one is not decided after that.
func (r *request) abandoned() bool { return r.claim.Load() == abandoned }

func (r *request) answer(a reply) { r.reply <- a }

// decodes reports whether the request needs what is decoded of its aggregate.
func (r *request) decodes() bool {
	return r.command != nil || r.state && r.read.AtVersion == 0 && r.read.AtTime.IsZero()
}

// quiet reports whether the request may be answered without asking Kafka
// whether this process still owns the partition.
func (r *request) quiet() bool { return r.command == nil && !r.read.Fresh }

// mailbox holds the requests that wait for a partition. Safe for concurrent
// use.
type mailbox struct {
	mu      sync.Mutex
	waiting []*request
	loads   []loaded // aggregates that requests wait for
	closed  bool
	wake    chan struct{} // takes one
}

// mailboxSize is how many requests may wait for one partition.
const mailboxSize = 16_384

func newMailbox() *mailbox { return &mailbox{wake: make(chan struct{}, 1)} }

// put adds a request. It fails with errGone when the partition has ended, and
// with [ErrOverloaded].
func (m *mailbox) put(r *request) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.closed:
		return errGone
	case len(m.waiting) >= mailboxSize:
		return ErrOverloaded
	}
	m.waiting = append(m.waiting, r)
	m.ring()
	return nil
}

// ring wakes the partition.
func (m *mailbox) ring() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// deliver hands in an aggregate that was decoded.
func (m *mailbox) deliver(l loaded) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.loads = append(m.loads, l)
	m.ring()
}

// loaded returns what was delivered.
func (m *mailbox) loaded() []loaded {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := m.loads
	m.loads = nil
	return all
}

// pop returns the request that has waited longest and is now claimed, or nil.
func (m *mailbox) pop() *request {
	m.mu.Lock()
	defer m.mu.Unlock()
	for len(m.waiting) > 0 {
		r := m.waiting[0]
		m.waiting[0] = nil
		m.waiting = m.waiting[1:]
		if r.take() {
			return r
		}
	}
	return nil
}

// close returns what is left, and lets nothing in any more.
func (m *mailbox) close() []*request {
	m.mu.Lock()
	m.closed = true
	m.mu.Unlock()
	var left []*request
	for r := m.pop(); r != nil; r = m.pop() {
		left = append(left, r)
	}
	return left
}
