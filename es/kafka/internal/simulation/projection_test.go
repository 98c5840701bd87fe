package simulation

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
)

// database is what the processes of a simulation project events into, with
// transactions that fail now and then, before or after they are committed.
type database struct {
	alarm func(error)

	mu       sync.Mutex
	random   *rand.Rand
	progress map[int32]kafka.Progress
	rows     rows
	seen     int // rows
}

func newDatabase(random *rand.Rand, alarm func(error)) *database {
	return &database{alarm: alarm, random: random, progress: make(map[int32]kafka.Progress), rows: make(rows)}
}

// serve projects events in a process until it ends.
func (d *database) serve(p *process) {
	err := kafka.Project(p.alive, p.engine, "database", ledgerType(), connection{d, p},
		kafka.OnStopped(func(err *kafka.StoppedError) { d.alarm(err) }))
	if !errors.Is(err, es.ErrClosed) && p.alive.Err() == nil {
		d.alarm(err)
	}
}

// has reports whether there are that many rows.
func (d *database) has(n int) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.seen >= n
}

// connection is that of one process to the database.
type connection struct {
	*database

	process *process
}

var _ kafka.Projection[ledgerv1.LedgerEvent] = connection{}

var errTransaction = errors.New("the transaction failed, or it is not known whether it did")

// Progress implements [kafka.Tracker].
func (c connection) Progress(_ context.Context, partition int32) (kafka.Progress, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.progress[partition], c.process.alive.Err()
}

// Handle implements [kafka.Projection].
func (c connection) Handle(_ context.Context, b kafka.Batch[ledgerv1.LedgerEvent]) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.process.alive.Err() != nil || c.random.IntN(50) == 0 {
		return errTransaction
	}
	if err := b.Check(c.progress[b.Partition.ID]); err != nil {
		return err
	}
	for _, ev := range b.Events {
		c.rows.add(ev.Position, ev.Meta)
	}
	c.seen += len(b.Events)
	c.progress[b.Partition.ID] = b.Progress
	if c.random.IntN(50) == 0 {
		return errTransaction
	}
	return nil
}
