package kafka_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/memory"
)

// TestModel executes random commands on an engine in memory and on one that is
// closed, crashes, evicts, writes checkpoints and is compacted at random. Both
// say the same.
func TestModel(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			tw := newTwins(t, seed)
			for range 100 {
				tw.clock.Add(int64(tw.random.IntN(5000)))
				tw.round(t)
			}
			tw.compare(t)
			t.Logf("%d commands, %d crashes", tw.commands, tw.crashes)
		})
	}
}

const aggregates = 12

// twins are an engine on Kafka and one in memory, which is the model.
type twins struct {
	cluster   *cluster
	random    *rand.Rand
	clock     atomic.Int64 // microseconds
	model     es.Store
	process   *process
	fuse      *fuse
	commands  int
	crashes   int
	positions map[string]es.Position // of what was stored, by aggregate and command id
}

func newTwins(t *testing.T, seed uint64) *twins {
	t.Helper()
	tw := &twins{
		cluster: newCluster(t, 1, 1+int(seed)%2), random: rand.New(rand.NewPCG(seed, 7)), positions: map[string]es.Position{},
	}
	tw.clock.Store(1_700_000_000_000_000)
	model := memory.New(memory.Clock(tw.now))
	t.Cleanup(func() { _ = model.Close() })
	tw.model = model.Bind(ledgerv1.LedgerType(ledgerv1.Behavior{}))
	tw.open(t)
	return tw
}

func (tw *twins) now() time.Time { return time.UnixMicro(tw.clock.Load()) }

// open opens a process that is set up at random.
func (tw *twins) open(t *testing.T) {
	t.Helper()
	tw.process, tw.fuse = tw.cluster.crashable(t, kafka.Clock(tw.now), kafka.Window(100_000, 0),
		kafka.CheckpointEvery(1+tw.random.IntN(30)), kafka.PieceEntries(1+tw.random.IntN(8)),
		kafka.Memory([]int64{0, 5_000, 1 << 20}[tw.random.IntN(3)]))
}

// round executes some commands side by side, and may do something to the
// process or the cluster.
func (tw *twins) round(t *testing.T) {
	t.Helper()
	commands := make([]trial, 1+tw.random.IntN(aggregates))
	for i, n := range tw.random.Perm(aggregates)[:len(commands)] { // each on an aggregate of its own
		commands[i] = tw.trial(fmt.Sprintf("ledger %d", n))
	}
	switch tw.random.IntN(12) {
	case 0:
		tw.fuse.arm(1+tw.random.IntN(6), tw.random.IntN(2) == 0)
	case 1:
		tw.cluster.Compact()
	case 2:
		if err := tw.process.Close(); err != nil {
			t.Fatal(err)
		}
		tw.open(t)
	case 3:
		tw.compare(t)
	case 4: // nothing is stored
		tw.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Topic: topic, Err: kerr.PolicyViolation})
	case 5: // the batch is in doubt, and was not committed
		tw.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.EndTxn}, Err: kerr.UnknownServerError})
	case 6: // the batch is in doubt, and was committed
		tw.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.EndTxn}, Err: kerr.RequestTimedOut})
	}
	tw.execute(t, commands)
}

// alive does something with a process that does not crash meanwhile, and reports
// whether one did before that.
func (tw *twins) alive(t *testing.T, do func(ctx context.Context)) (crashed bool) {
	t.Helper()
	for {
		ctx, cancel := tw.fuse.context(t.Context())
		do(ctx)
		over := ctx.Err() != nil
		cancel()
		if !over {
			return crashed
		}
		tw.process.crash(t, tw.cluster, tw.fuse)
		tw.open(t)
		crashed = true
		tw.crashes++
	}
}

// trial is a command that is tried on both.
type trial struct {
	id      string
	command ledgerv1.LedgerCommand
	options es.CommandOptions
}

func (tw *twins) trial(id string) trial {
	r := tw.random
	c := trial{id: id, options: es.CommandOptions{CommandID: fmt.Sprint(tw.commands)}}
	tw.commands++
	if r.IntN(4) == 0 { // one that may have been executed before
		c.options.CommandID = fmt.Sprint(r.IntN(tw.commands))
	}
	if r.IntN(6) == 0 {
		expected := uint64(r.IntN(30))
		c.options.Expect = &expected
	}
	switch n := r.IntN(40); {
	case n == 0:
		c.command = &ledgerv1.CloseLedger{LedgerId: id}
	case n < 6:
		c.command = &ledgerv1.OpenLedger{LedgerId: id, Owner: fmt.Sprint(n)}
	case n < 14:
		c.command = &ledgerv1.Attach{LedgerId: id, Data: make([]byte, r.IntN(1000))}
	case n < 28:
		c.command = &ledgerv1.Post{LedgerId: id, Entry: &ledgerv1.Entry{Amount: r.Int64N(20) - 6, Tag: fmt.Sprint(n)}}
	default:
		batch := &ledgerv1.PostBatch{LedgerId: id}
		for range r.IntN(6) {
			batch.Entries = append(batch.Entries, &ledgerv1.Entry{Amount: r.Int64N(20) - 4})
		}
		c.command = batch
	}
	return c
}

// verdict is what an engine says to a command.
type verdict struct {
	receipt es.Receipt
	events  []proto.Message
	err     error
}

func verdictOf(ctx context.Context, s es.Store, c trial) verdict {
	receipt, events, err := s.Execute(ctx, c.command, c.options)
	return verdict{receipt, events, err}
}

// execute executes commands side by side. After a crash they are executed again.
func (tw *twins) execute(t *testing.T, commands []trial) {
	t.Helper()
	results := make([]verdict, len(commands))
	crashed := tw.alive(t, func(ctx context.Context) {
		var wg sync.WaitGroup
		release := tw.fuse.hold()
		for i, c := range commands {
			wg.Go(func() {
				_ = tw.process.insist(ctx, func() error {
					results[i] = verdictOf(ctx, tw.process.ledgers, c)
					return results[i].err
				})
			})
		}
		time.Sleep(time.Millisecond) // most of them wait
		release()
		wg.Wait()
	})
	for i, c := range commands {
		if err := tw.same(results[i], verdictOf(t.Context(), tw.model, c), crashed); err != nil {
			t.Errorf("%T on %q with id %q: %v", c.command, c.id, c.options.CommandID, err)
		}
	}
}

// same compares what the engine says with the model. In doubt, a first outcome
// may come back as a duplicate.
func (tw *twins) same(got, want verdict, doubt bool) error {
	if got.err != nil || want.err != nil {
		if fmt.Sprint(got.err) != fmt.Sprint(want.err) {
			return fmt.Errorf("error %w, want %w", got.err, want.err)
		}
		return nil
	}
	position := got.receipt.Position
	if doubt && got.receipt.Duplicate && !want.receipt.Duplicate {
		got.receipt.Duplicate, got.events = false, want.events
	}
	got.receipt.Position, want.receipt.Position = es.Position{}, es.Position{}
	if got.receipt != want.receipt {
		return fmt.Errorf("receipt %+v, want %+v", got.receipt, want.receipt)
	}
	if !slices.EqualFunc(got.events, want.events, proto.Equal) {
		return fmt.Errorf("events %v, want %v", got.events, want.events)
	}
	if want.receipt.First > want.receipt.Version {
		return nil // nothing was stored
	}
	key := want.receipt.AggregateID + "/" + want.receipt.CommandID
	if at, known := tw.positions[key]; known && at != position {
		return fmt.Errorf("position %s, and it was %s", position, at)
	}
	tw.positions[key] = position
	return nil
}

// compare compares states of today and of some version.
func (tw *twins) compare(t *testing.T) {
	t.Helper()
	for i := range aggregates {
		id := fmt.Sprintf("ledger %d", i)
		o := es.ReadOptions{Fresh: true, AtVersion: uint64(tw.random.IntN(20))}
		var got es.Revision[proto.Message]
		var err error
		tw.alive(t, func(ctx context.Context) {
			_ = tw.process.insist(ctx, func() error {
				got, err = tw.process.ledgers.Load(ctx, id, o)
				return err
			})
		})
		want, wrong := tw.model.Load(t.Context(), id, o)
		if fmt.Sprint(err) != fmt.Sprint(wrong) || got.Version != want.Version || !got.Time.Equal(want.Time) || err == nil && !proto.Equal(got.State, want.State) {
			t.Errorf("load %q %+v:\n got: %+v, %v\nwant: %+v, %v", id, o, got, err, want, wrong)
		}
	}
}
