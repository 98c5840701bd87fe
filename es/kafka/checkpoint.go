package kafka

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

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

func (o *owner) beginCheckpoint() *checkpoint {
	x := o.index
	c := &checkpoint{
		began: now(),
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
	p, done, err := o.nextPiece(c)
	if err == nil {
		err = p.commit(ctx)
	}
	if err != nil {
		for _, id := range c.ids { // the next checkpoint has to do
			o.index.changed[id] = struct{}{}
		}
		o.checkpoint = nil
		return false, err
	}
	c.done, c.snapshots = done, c.snapshots+len(p.snapshots)
	if done == len(c.ids) {
		o.checkpoint = nil
		o.domain.engine.observer.Checkpointed(o.partition(), CheckpointInfo{
			Took: since(c.began), Entries: len(c.ids), Snapshots: c.snapshots,
		})
	}
	return true, nil
}

// nextPiece returns the next piece of a checkpoint, and how many aggregates are
// done with it.
func (o *owner) nextPiece(c *checkpoint) (p *piece, done int, err error) {
	p = o.newPiece()
	for done = c.done; done < len(c.ids) && !p.full(); done++ {
		a := o.index.aggregates[c.ids[done]]
		if a == nil { // its first events were not committed
			continue
		}
		if err := p.addEntry(a); err != nil {
			return nil, 0, err
		}
		if err := p.addSnapshot(a); err != nil {
			return nil, 0, err
		}
	}
	if done == len(c.ids) {
		err = p.addEnd(c)
	}
	return p, done, err
}

// addEnd adds what says from where on events have to be read, and which types
// those have that are not read any more.
func (p *piece) addEnd(c *checkpoint) error {
	end, err := p.owner.checkpointRecord(c)
	if err != nil {
		return err
	}
	p.add(end)
	p.records, err = p.owner.withTypes(p.records)
	p.types = len(p.owner.index.types)
	return err
}

func (o *owner) typesRecord() (*kgo.Record, error) {
	key, err := record.Key{Kind: record.TypesKind, Partition: o.id}.Encode()
	if err != nil {
		return nil, err
	}
	value, err := (&record.Types{Names: o.index.names()}).Encode(key)
	return o.stateRecord(key, value), err
}

func (o *owner) checkpointRecord(c *checkpoint) (*kgo.Record, error) {
	key, err := record.Key{Kind: record.CheckpointKind, Partition: o.id}.Encode()
	if err != nil {
		return nil, err
	}
	value, err := (&record.Checkpoint{
		Next: c.next, Sequence: c.sequence, Aggregates: c.aggregates,
		Time: now().UTC().Truncate(time.Microsecond),
	}).Encode(key)
	return o.stateRecord(key, value), err
}
