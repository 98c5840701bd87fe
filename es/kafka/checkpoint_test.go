package kafka_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
)

// TestCheckpointCut crashes one process after the other at each transaction of
// its commands and its checkpoints, when it was committed and before that. The
// next one knows all that was acknowledged, and nothing else.
func TestCheckpointCut(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 1)
	w, seen := &witness{cluster: c}, newWatch()
	opts := []kafka.Option{kafka.CheckpointEvery(9), kafka.PieceEntries(2), kafka.Observe(seen)}
	for transaction := 1; transaction <= 14; transaction++ { // a checkpoint is complete by then
		for _, committed := range []bool{false, true} {
			p, fuse := c.crashable(t, opts...)
			w.checkStates(t, p)
			fuse.arm(transaction, committed)
			w.workUntil(t, p, fuse)
			p.crash(t, c, fuse)
		}
	}
	w.check(t, c.process(t, opts...))
	c.audit(t, -1, w.acknowledged())
	for i, r := range seen.restores {
		if r.Checkpoint == 0 && i > 10 || r.Events > 60 {
			t.Errorf("restore %d of %d read %d events behind a checkpoint of %s ago", i+1, len(seen.restores), r.Events, r.Checkpoint)
		}
	}
}

// TestCheckpointFails lets pieces of checkpoints fail, after which the owner goes
// on. The next checkpoint makes up for it.
func TestCheckpointFails(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 1)
	w, seen := &witness{cluster: c}, newWatch()
	random := rand.New(rand.NewPCG(1, 2))
	owner, fuse := c.crashable(t, kafka.CheckpointEvery(9), kafka.PieceEntries(2), kafka.Observe(seen))
	for piece := range 12 {
		w.work(t, owner, 4, 3) // completes at least one
		left := piece % 4
		fails := c.Fault(kfake.Fault{
			Keys: []kmsg.Key{kmsg.Produce}, Topic: stateTopic, Err: kerr.PolicyViolation,
			When: func(kmsg.Request) bool { left--; return left < 0 },
		})
		for fails.Hits() == 0 {
			w.do(t, owner, w.randomCommand(random))
		}
	}
	for complete := seen.complete(); seen.complete() == complete; {
		w.do(t, owner, w.randomCommand(random))
	}
	owner.crash(t, c, fuse)
	w.check(t, c.process(t, kafka.Observe(seen)))
	if r := seen.restored(t); r.Checkpoint == 0 || r.Events > 20 {
		t.Errorf("%+v was restored, want few events behind a checkpoint", r)
	}
}

// workUntil executes commands until the process is no more. The last one is in
// doubt, and the first of the next process.
func (w *witness) workUntil(t *testing.T, p *process, fuse *fuse) {
	t.Helper()
	ctx, cancel := fuse.context(t.Context())
	defer cancel()
	for ctx.Err() == nil {
		c := w.randomCommand(rand.New(rand.NewPCG(uint64(len(w.heard)), 0)))
		if res, err := p.execute(ctx, c, w.nextID()); err == nil {
			w.heard = append(w.heard, testimony{c, res.Receipt})
		} else if ctx.Err() == nil {
			t.Fatal(err)
		}
	}
}

// randomCommand returns a command that succeeds.
func (w *witness) randomCommand(random *rand.Rand) ledgerv1.LedgerCommand {
	id := fmt.Sprintf("ledger %d", random.IntN(8))
	known := slices.ContainsFunc(w.heard, func(h testimony) bool { return h.receipt.AggregateID == id })
	switch {
	case !known || random.IntN(3) == 0:
		return &ledgerv1.Attach{LedgerId: id, Data: make([]byte, random.IntN(10_000))}
	case random.IntN(2) == 0:
		return &ledgerv1.Post{LedgerId: id, Entry: &ledgerv1.Entry{Amount: 1 + random.Int64N(9)}}
	}
	c := &ledgerv1.PostBatch{LedgerId: id}
	for range 1 + random.IntN(4) {
		c.Entries = append(c.Entries, &ledgerv1.Entry{Amount: random.Int64N(9), Tag: id})
	}
	return c
}
