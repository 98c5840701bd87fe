package kafka

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// piece is what one transaction holds of the state topic.
type piece struct {
	owner     *owner
	records   []*kgo.Record
	bytes     int
	snapshots map[*kgo.Record]*aggregate
	types     int // of events, that the state topic then holds
}

// pieceLimits bound what one piece holds.
type pieceLimits struct {
	entries, bytes int
}

func (o *owner) newPiece() *piece {
	return &piece{owner: o, snapshots: make(map[*kgo.Record]*aggregate), types: o.index.storedTypes}
}

func (p *piece) full() bool {
	limits := p.owner.domain.engine.piece
	return len(p.records) >= limits.entries || p.bytes >= limits.bytes
}

func (p *piece) add(r *kgo.Record) {
	p.records = append(p.records, r)
	p.bytes += sizeOf(r)
}

func (p *piece) addEntry(a *aggregate) error {
	r, err := p.owner.entryRecord(a)
	if err != nil {
		return err
	}
	p.add(r)
	return nil
}

// addSnapshot adds the snapshot of an aggregate, if one is due and can be made.
func (p *piece) addSnapshot(a *aggregate) error {
	r, err := p.owner.snapshotRecord(a)
	if err != nil || r == nil {
		return err
	}
	p.add(r)
	p.snapshots[r] = a
	return nil
}

// commit stores the piece, and notes where the snapshots lie.
func (p *piece) commit(ctx context.Context) error {
	if err := p.owner.awaitCommitted(ctx); err != nil {
		return err
	}
	if err := p.owner.writer.commit(ctx, p.records...); err != nil {
		return err
	}
	for r, a := range p.snapshots {
		a.snapshot = snapshotAt{version: a.version, offset: r.Offset}
	}
	p.owner.index.storedTypes = p.types
	return nil
}

func (o *owner) entryRecord(a *aggregate) (*kgo.Record, error) {
	key, err := record.Key{Kind: record.EntryKind, AggregateID: a.id}.Encode()
	if err != nil {
		return nil, err
	}
	value, err := a.record().Encode(key)
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
	folded := a.live.state(d.fingerprint)
	if folded == nil || !d.due(a) {
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

// evict drops what is decoded and was not used for the longest time, until the
// rest fits. Aggregates whose snapshot is due leave it behind: the checkpoint
// would not have their state.
func (o *owner) evict(ctx context.Context) error {
	p, limit := o.newPiece(), o.domain.share()
	for a := o.cache.excess(limit); a != nil && !p.full(); a = o.cache.excess(limit) {
		before := len(p.records)
		if err := p.addSnapshot(a); err != nil {
			return err
		}
		if len(p.records) > before {
			if err := p.addEntry(a); err != nil {
				return err
			}
		}
		o.cache.drop(a)
	}
	if len(p.records) == 0 {
		return nil
	}
	return p.commit(ctx)
}
