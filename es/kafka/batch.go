package kafka

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// batch is what one transaction will hold, and what is answered when it is
// committed. The index and what is live run ahead by it, as an overlay: should
// the transaction fail, they are put back to what is committed.
type batch struct {
	owner   *owner
	records []*kgo.Record // the events, in their order
	bytes   int
	staged  []*staged
	pending []pending
	types   []string // of events, new to the partition
	confirm bool     // whether an answer needs proof that the partition is still owned

	seq    uint64     // of the partition's last event, before the batch
	before []position // of the aggregates with events in the batch, before it

	memory memory
}

// position is what a batch changes of an entry of the index.
type position struct {
	aggregate *aggregate
	version   uint64
	offset    int64
	micros    int64
}

// staged are the events of one command in a batch.
type staged struct {
	aggregate   *aggregate
	first, last uint64
	place       int // of the last event among the records of the batch
	offset      int64
}

// pending is a request with its answer, which is sent once it is true.
type pending struct {
	request *request
	reply   reply
	staged  *staged    // whose last event is the position of the receipt
	look    *aggregate // whose place in the log is part of the answer
}

// newBatch returns an empty batch. It takes over the memory of the last one,
// which is over.
func (o *owner) newBatch() *batch {
	b := o.spare
	clear(b.records[:cap(b.records)]) // those of commands that were refused lie behind
	clear(b.staged)
	clear(b.pending)
	clear(b.before)
	b.memory.reset()
	b.memory.encoder.Format = o.domain.format
	o.spare = batch{}
	return &batch{
		owner: o, seq: o.index.seq, memory: b.memory,
		records: b.records[:0], staged: b.staged[:0], pending: b.pending[:0], before: b.before[:0],
	}
}

// stage appends the events of a command to the batch, and to the index as if
// they were committed.
func (b *batch) stage(a *aggregate, records []*kgo.Record, events []es.Record, hash uint64) *staged {
	x := b.owner.index
	if a.committed() { // so this is its first change in the batch
		b.before = append(b.before, position{a, a.version, a.offset, a.micros})
	}
	b.records = append(b.records, records...)
	for i, r := range records {
		b.bytes += sizeOf(r)
		b.note(events[i].Type)
	}
	last := events[len(events)-1]
	s := &staged{aggregate: a, first: events[0].Version, last: last.Version, place: len(b.records) - 1}
	a.version, a.offset, a.micros = last.Version, -1-int64(s.place), last.Time.UnixMicro()
	a.live.window.add(record.Outcome{
		Hash: hash, First: s.first, Last: s.last, Offset: a.offset, Time: last.Time,
	}, b.owner.domain.engine.window)
	x.seq += uint64(len(records))
	x.touch(a, len(records))
	b.staged = append(b.staged, s)
	return s
}

// note remembers a type of event that the partition did not have.
func (b *batch) note(typ string) {
	x := b.owner.index
	if _, known := x.types[typ]; !known {
		x.types[typ] = struct{}{}
		b.types = append(b.types, typ)
	}
}

// publish says where the events of the batch lie, now that it is committed.
func (b *batch) publish() {
	for _, s := range b.staged {
		s.offset = b.records[s.place].Offset
		if s.aggregate.offset == -1-int64(s.place) {
			s.aggregate.offset = s.offset
		}
		if l := s.aggregate.live; l != nil {
			l.window.settle(s.first, s.offset)
		}
	}
	if n := len(b.records); n > 0 {
		b.owner.index.next = b.records[n-1].Offset + 1
	}
}

// doubt notes who sent what may have been committed.
func (b *batch) doubt(sender record.Producer) {
	for _, p := range b.pending {
		if p.staged != nil {
			p.request.staged.producer = sender
		}
	}
}

// withdraw notes that nothing of the batch was sent.
func (b *batch) withdraw() {
	for _, p := range b.pending {
		if p.staged != nil {
			p.request.staged = attempt{}
		}
	}
}

// rollback puts the index back to what was committed before the batch. What
// was decoded has run ahead, and is forgotten.
func (b *batch) rollback() {
	x := b.owner.index
	for _, p := range b.before {
		b.owner.cache.drop(p.aggregate)
		p.aggregate.version, p.aggregate.offset, p.aggregate.micros = p.version, p.offset, p.micros
		if p.version == 0 {
			delete(x.aggregates, p.aggregate.id)
		}
	}
	for _, typ := range b.types {
		delete(x.types, typ)
	}
	x.seq = b.seq
}

// answer sends the answers of a batch that is committed and published.
func (b *batch) answer() {
	for i := range b.pending {
		p := &b.pending[i]
		if p.staged != nil {
			p.reply.receipt.Position = es.Position{Partition: b.owner.id, Offset: p.staged.offset}
		}
		if p.look != nil {
			p.reply.version, p.reply.offset = p.look.version, p.look.offset
		}
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

// report tells the observer of the transaction.
func (b *batch) report(began time.Time, err error) {
	if !b.owner.domain.engine.watched() {
		return
	}
	commands := make([]context.Context, 0, len(b.pending))
	for _, p := range b.pending {
		if p.staged != nil {
			commands = append(commands, p.request.ctx)
		}
	}
	d := b.owner.domain
	d.engine.observer.Committed(b.owner.partition(), Commit{
		Took: since(began), Events: len(b.records), Bytes: b.bytes, Commands: commands, Err: err,
	})
}
