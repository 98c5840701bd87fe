package kafka

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// checkpoint is one that is being written: the entries, and where they are due
// the snapshots, of the aggregates that changed, and in the end a record that
// says from where on events have to be read. It is written in pieces, between
// batches of commands, and may be cut anywhere: entries that are newer than the
// last such record do no harm.
type checkpoint struct {
	began time.Time
	ids   []string // of the aggregates
	done  int      // how many are written

	next                 int64 // what the last record will say
	sequence, aggregates uint64

	snapshots int
}

// pieceLimits bound what one piece of a checkpoint holds.
type pieceLimits struct {
	entries, bytes int
}

func (o *owner) beginCheckpoint() *checkpoint {
	x := o.index
	c := &checkpoint{
		began: o.domain.engine.now(),
		next:  x.next, sequence: x.seq, aggregates: uint64(len(x.aggregates)),
	}
	for id := range x.changed {
		c.ids = append(c.ids, id)
	}
	clear(x.changed)
	x.since = 0
	return c
}

// advanceCheckpoint writes the next piece of a checkpoint, if one is being
// written or due.
func (o *owner) advanceCheckpoint(ctx context.Context) (wrote bool, err error) {
	if o.checkpoint == nil {
		if o.index.since < o.domain.engine.checkpointEvery {
			return false, nil
		}
		o.checkpoint = o.beginCheckpoint()
	}
	c := o.checkpoint
	p, err := o.piece(c)
	if err == nil {
		err = o.writer.commit(ctx, p.records...)
	}
	if err != nil {
		for _, id := range c.ids { // the next checkpoint has to do
			o.index.changed[id] = struct{}{}
		}
		o.checkpoint = nil
		return false, err
	}
	for r, a := range p.snapshots {
		a.snapshot = snapshotAt{version: a.version, offset: r.Offset}
	}
	o.index.storedTypes = p.types
	c.done, c.snapshots = p.done, c.snapshots+len(p.snapshots)
	if p.last {
		o.checkpoint = nil
		o.domain.engine.observer.Checkpointed(o.partition(), CheckpointInfo{
			Took: o.domain.engine.since(c.began), Entries: len(c.ids), Snapshots: c.snapshots,
		})
	}
	return true, nil
}

// piece is what one transaction holds of a checkpoint.
type piece struct {
	records   []*kgo.Record
	snapshots map[*kgo.Record]*aggregate
	done      int // aggregates of the checkpoint, with those of this piece
	types     int // of events, that the state topic then holds
	last      bool
}

func (o *owner) piece(c *checkpoint) (*piece, error) {
	p := &piece{snapshots: make(map[*kgo.Record]*aggregate), done: c.done, types: o.index.storedTypes}
	limits := o.domain.engine.piece
	for bytes := 0; p.done < len(c.ids) && len(p.records) < limits.entries && bytes < limits.bytes; p.done++ {
		a := o.index.aggregates[c.ids[p.done]]
		if a == nil { // its first events were not committed
			continue
		}
		entry, err := o.entryRecord(a)
		if err != nil {
			return nil, err
		}
		p.records = append(p.records, entry)
		bytes += sizeOf(entry)
		snapshot, err := o.snapshotRecord(a)
		if err != nil {
			return nil, err
		}
		if snapshot != nil {
			p.records, p.snapshots[snapshot] = append(p.records, snapshot), a
			bytes += sizeOf(snapshot)
		}
	}
	if p.last = p.done == len(c.ids); p.last {
		end, err := o.checkpointRecord(c)
		if err != nil {
			return nil, err
		}
		// Who begins at the checkpoint does not see the types of the events before it.
		p.types = len(o.index.types)
		if p.records, err = o.withTypes(append(p.records, end)); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (o *owner) entryRecord(a *aggregate) (*kgo.Record, error) {
	key, err := record.Key{Kind: record.EntryKind, AggregateID: a.id}.Encode()
	if err != nil {
		return nil, err
	}
	value, err := a.record().Encode(key)
	return o.stateRecord(key, value), err
}

func (o *owner) checkpointRecord(c *checkpoint) (*kgo.Record, error) {
	key, err := record.Key{Kind: record.CheckpointKind, Partition: o.id}.Encode()
	if err != nil {
		return nil, err
	}
	value, err := (&record.Checkpoint{
		Next: c.next, Sequence: c.sequence, Aggregates: c.aggregates,
		Time: o.domain.engine.now().UTC().Truncate(time.Microsecond),
	}).Encode(key)
	return o.stateRecord(key, value), err
}

// due reports whether a snapshot of an aggregate is due. Where events are
// deleted some day, it always is.
func (d *domain) due(a *aggregate) bool {
	behind := a.version - a.snapshot.version
	return d.spec.SnapshotEvery > 0 && behind >= uint64(d.spec.SnapshotEvery) ||
		d.spec.Retention > 0 && behind > 0
}

// snapshotRecord returns the snapshot of an aggregate, or nil when none is due,
// its state is not at hand, or is too large for a record: events are what
// matters.
func (o *owner) snapshotRecord(a *aggregate) (*kgo.Record, error) {
	d := o.domain
	if !d.due(a) {
		return nil, nil
	}
	folded := a.live.state(d.fingerprint)
	if folded == nil {
		return nil, nil
	}
	state, err := proto.MarshalOptions{Deterministic: true}.Marshal(folded)
	if err != nil {
		d.engine.log.Warn("a state cannot be encoded", "aggregate", d.name, "id", a.id, "error", err)
		return nil, nil
	}
	key, err := record.Key{Kind: record.SnapshotKind, AggregateID: a.id, Fingerprint: d.fingerprint}.Encode()
	if err != nil {
		return nil, err
	}
	value, err := (&record.Snapshot{
		Version: a.version, Offset: a.offset, Time: a.time(), State: state,
		Window: a.live.window.newest(d.engine.window.size).outcomes,
	}).Encode(key)
	if err != nil {
		return nil, err
	}
	if r := o.stateRecord(key, value); sizeOf(r) <= maxBatchBytes {
		return r, nil
	}
	return nil, nil
}
