package kafka

import (
	"fmt"
	"runtime/debug"

	"github.com/twmb/franz-go/pkg/kgo"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
)

// batch is what one transaction will hold, and what is answered when it is
// committed. The replica runs ahead by it: should the transaction fail, the
// replica is thrown away with the producer, and read again.
type batch struct {
	id        int32
	partition *memory
	records   []*es.Record  // in the order in which they are to be stored
	encoded   []*kgo.Record // the same, as they are to be stored
	bytes     int
	pending   []pending
	confirm   bool // whether an answer needs proof that the partition is still owned
}

type pending struct {
	request *request
	reply   reply
}

// memory is what the goroutine of a partition keeps between batches.
type memory struct {
	*replica

	states map[*store]map[string]*folded
}

func newMemory() *memory {
	return &memory{replica: newReplica(), states: make(map[*store]map[string]*folded)}
}

// decide adds a request to the batch. It reports false when the request has to
// wait for the next one.
func (b *batch) decide(r *request) bool {
	r.staged, r.events = nil, nil
	a := b.outcome(r)
	if last := b.partition.stream(r.id).last(); a.err != nil && r.staged == nil && last != nil && last.Position.Offset < 0 {
		return false // the error may tell where an event lies, which is not known yet
	}
	r.attempts++
	b.pending = append(b.pending, pending{request: r, reply: a})
	b.confirm = b.confirm || !r.quiet()
	return true
}

func (b *batch) outcome(r *request) reply {
	if r.command == nil {
		return b.look(r)
	}
	st := b.partition.stream(r.id)
	if stored := st.command(r.options.CommandID); stored != nil {
		return reply{stored: stored}
	}
	version := st.version()
	if e := r.options.Expect; e != nil && *e != version {
		return reply{err: &es.ConflictError{
			Aggregate: r.store.name, AggregateID: r.id, Expected: *e, Current: version,
		}}
	}
	if err := r.mode.Check(version); err != nil {
		return reply{err: about(r.store.name, r.id, err)}
	}
	return b.execute(r, st)
}

// execute calls the handler, and stages the events that it returns.
func (b *batch) execute(r *request, st *stream) reply {
	f, err := b.partition.current(r.store, r.id, st)
	if err != nil {
		return reply{err: err}
	}
	m := es.Meta{
		AggregateID: r.id, Version: st.version(), Time: es.EventTime(r.store.engine.clock(), st.lastTime()),
		CommandID: r.options.CommandID, CorrelationID: r.options.CorrelationID, Actor: r.options.Actor,
	}
	events, err := r.store.handle(m, f, r.command)
	if err != nil {
		return reply{err: err} // a domain error comes back as itself
	}
	if len(events) == 0 {
		return reply{receipt: es.Receipt{
			AggregateID: m.AggregateID, CommandID: m.CommandID, First: m.Version + 1, Version: m.Version, Time: m.Time,
		}}
	}
	records, err := r.store.encode(m, r.command, events)
	if err != nil {
		return reply{err: err}
	}
	encoded, err := b.encode(r.store, records)
	if err != nil {
		return reply{err: about(r.store.name, r.id, err)}
	}
	// Events are folded from their bytes before they are stored, so nothing
	// enters the log that cannot be replayed.
	if err := f.fold(r.store.aggregate, records); err != nil {
		return reply{err: err}
	}
	b.partition.keep(r.store, r.id, f)
	b.stage(records, encoded)
	r.staged, r.events = records, events
	return reply{stored: records, first: true, events: events}
}

// stage appends the events of a command to the replica. Until the transaction
// is committed, the offset of a record counts down from -1 by its place in it.
func (b *batch) stage(records []*es.Record, encoded []*kgo.Record) {
	for i, rec := range records {
		rec.Position = es.Position{Partition: b.id, Offset: -1 - int64(len(b.records))}
		b.records = append(b.records, rec)
		b.encoded = append(b.encoded, encoded[i])
		b.bytes += sizeOf(encoded[i])
		b.partition.append(rec)
	}
}

// look answers a Load or History.
func (b *batch) look(r *request) reply {
	st := b.partition.stream(r.id)
	if st.version() == 0 {
		return reply{err: about(r.store.name, r.id, es.ErrNotFound)}
	}
	out := reply{records: st.records}
	if r.state && r.read.AtVersion == 0 && r.read.AtTime.IsZero() {
		f, err := b.partition.current(r.store, r.id, st)
		if err != nil {
			return reply{err: err}
		}
		out.state = proto.Clone(f.state)
	}
	return out
}

// answer sends the replies of a batch that is committed, and whose records have
// their positions.
func (b *batch) answer() {
	for _, p := range b.pending {
		p.request.answer(p.reply)
	}
}

// requests returns what the batch was made of.
func (b *batch) requests() []*request {
	all := make([]*request, len(b.pending))
	for i, p := range b.pending {
		all[i] = p.request
	}
	return all
}

// handle calls the handler of a service. A panic becomes an error, because
// here it would end every command of the partition.
func (s *store) handle(m es.Meta, f *folded, c proto.Message) (events []proto.Message, err error) {
	f.broken = true
	defer func() {
		if v := recover(); v != nil {
			err = about(s.name, m.AggregateID, fmt.Errorf("the code of the service panicked: %v\n%s", v, debug.Stack()))
		}
	}()
	events, err = s.aggregate.Handle(m, f.state, c)
	f.broken = false
	return events, err
}
