package kafka

import (
	"fmt"
	"runtime/debug"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// maxAttempts is how often a command is decided.
const maxAttempts = 8

// decide adds a request to the batch. It reports false when the request has to
// wait for the next one: what it needs is not committed yet.
func (b *batch) decide(r *request) bool {
	a := b.owner.index.aggregates[r.id]
	if a != nil && !a.committed() && r.decodes() && a.live.state(r.store.fingerprint) == nil {
		return false
	}
	b.pending = append(b.pending, pending{request: r})
	p := &b.pending[len(b.pending)-1]
	if r.command == nil {
		b.look(p, a)
	} else {
		b.command(p, a)
	}
	b.confirm = b.confirm || !r.quiet()
	return true
}

// look answers a Load or History.
func (b *batch) look(p *pending, a *aggregate) {
	r := p.request
	if a == nil {
		p.reply.err = about(r.store.name, r.id, es.ErrNotFound)
		return
	}
	if !r.decodes() {
		p.look = a
		return
	}
	b.owner.cache.use(a.live)
	p.reply.version, p.reply.time, p.reply.state = a.version, a.time(), proto.Clone(a.live.state(r.store.fingerprint))
}

// command decides a command, unless it was executed before.
func (b *batch) command(p *pending, a *aggregate) {
	r := p.request
	now := r.store.engine.clock()
	version := uint64(0)
	if a != nil {
		b.owner.cache.use(a.live)
		version = a.version
		outcome, found, err := r.executed(&a.live.window, now)
		if err != nil {
			p.reply.err = about(r.store.name, r.id, err)
			return
		}
		if found {
			b.duplicate(p, outcome)
			return
		}
	}
	if e := r.options.Expect; e != nil && *e != version {
		p.reply.err = &es.ConflictError{Aggregate: r.store.name, AggregateID: r.id, Expected: *e, Current: version}
		return
	}
	err := r.mode.Check(version)
	if err == nil && r.attempts >= maxAttempts {
		err = fmt.Errorf("nothing was done: no commit succeeded in %d attempts: %w: %w", r.attempts, errUnavailable, b.owner.why)
	}
	if err != nil {
		p.reply.err = about(r.store.name, r.id, err)
		return
	}
	r.attempts++
	b.execute(p, a, es.Meta{
		AggregateID: r.id, Version: version, Time: es.EventTime(now, a.time()),
		CommandID: r.options.CommandID, CorrelationID: r.options.CorrelationID, Actor: r.options.Actor,
	})
}

// executed looks for an earlier execution of a command. What may have been an
// attempt of this request is found however much came after it.
func (r *request) executed(w *window, now time.Time) (record.Outcome, bool, error) {
	if r.attempts > 0 {
		if outcome, found := w.find(r.hash); found {
			return outcome, true, nil
		}
	}
	return w.remembered(r.hash, r.options.CommandID, now, r.store.engine.window)
}

// duplicate answers a command that was executed before. That may have been an
// attempt of this very request, whose commit was in doubt.
func (b *batch) duplicate(p *pending, o record.Outcome) {
	r := p.request
	p.reply.receipt = es.Receipt{
		AggregateID: r.id, CommandID: r.options.CommandID, First: o.First, Version: o.Last,
		Position: es.Position{Partition: b.owner.id, Offset: o.Offset}, Time: o.Time, Duplicate: true,
	}
	if r.staged.became(o) {
		p.reply.receipt.Duplicate, p.reply.events = false, r.staged.events
	}
	if o.Offset >= 0 {
		return
	}
	for _, s := range b.staged {
		if s.aggregate.id == r.id && s.first == o.First {
			p.staged = s
		}
	}
}

// execute calls the handler, and stages the events that it returns.
func (b *batch) execute(p *pending, a *aggregate, m es.Meta) {
	r := p.request
	var state proto.Message
	if a != nil {
		state = a.live.state(r.store.fingerprint)
	} else {
		state = r.store.aggregate.NewState()
	}
	events, err := r.store.handle(m, state, r.command)
	switch {
	case err != nil:
		b.spoiled(a, err)
		p.reply.err = err // a domain error comes back as itself
		return
	case len(events) == 0:
		p.reply.receipt = es.Receipt{
			AggregateID: m.AggregateID, CommandID: m.CommandID, First: m.Version + 1, Version: m.Version, Time: m.Time,
		}
		return
	}
	records, encoded, err := b.encode(r, a, m, events)
	if err != nil {
		p.reply.err = err
		return
	}
	// Events are folded from their bytes before they are stored, so nothing
	// enters the log that cannot be replayed.
	for i := range records {
		if err := replay(r.store.aggregate, &records[i], state); err != nil {
			if a != nil {
				b.owner.cache.drop(a)
			}
			p.reply.err = err
			return
		}
	}
	p.staged = b.keep(r, a, state, records, encoded)
	last := &records[len(records)-1]
	p.reply.events = events
	p.reply.receipt = es.Receipt{
		AggregateID: r.id, CommandID: m.CommandID, First: records[0].Version, Version: last.Version, Time: last.Time,
	}
	r.staged = attempt{first: records[0].Version, last: last.Version, time: last.Time, events: events}
}

// keep makes the aggregate live with its new state, and stages its events.
func (b *batch) keep(r *request, a *aggregate, state proto.Message, records []es.Record, encoded []*kgo.Record) *staged {
	size := 0
	for i := range records {
		size += len(records[i].Data)
	}
	if a == nil {
		a = b.owner.index.entry(r.id)
		b.owner.cache.add(a, r.store.fingerprint, state, window{}, size)
	} else {
		b.owner.cache.grow(a.live, decoded*size+outcomeOverhead)
	}
	return b.stage(a, encoded, records, r.hash)
}

// panicError says that the code of the service panicked.
type panicError struct{ error }

func newPanicError(aggregate, id string, value any) error {
	return &panicError{about(aggregate, id, fmt.Errorf("the code of the service panicked: %v\n%s", value, debug.Stack()))}
}

// spoiled forgets a state that a panic may have left half changed.
func (b *batch) spoiled(a *aggregate, err error) {
	if _, panicked := err.(*panicError); panicked && a != nil { //nolint:errorlint // as handle returns it
		b.owner.cache.drop(a)
	}
}

// handle calls the handler of a service. A panic becomes an error, because
// here it would end every command of the partition.
func (s *store) handle(m es.Meta, state, c proto.Message) (events []proto.Message, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = newPanicError(s.name, m.AggregateID, v)
		}
	}()
	return s.aggregate.Handle(m, state, c)
}
