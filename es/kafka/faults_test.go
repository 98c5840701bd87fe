package kafka_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
)

// process is an engine with a network of its own and a ledger on it.
type process struct {
	*kafka.Engine

	link    *link
	ledgers es.Store
}

func (c *cluster) process(t *testing.T, opts ...kafka.Option) *process {
	t.Helper()
	return c.processOf(t, ledgerv1.LedgerType(ledgerv1.Behavior{}), opts...)
}

// processOf returns a process with some version of the code.
func (c *cluster) processOf(t *testing.T, a es.Aggregate, opts ...kafka.Option) *process {
	t.Helper()
	p := &process{link: newLink()}
	p.Engine = c.open(t, append([]kafka.Option{
		kafka.Client(kgo.Dialer(p.link.dial)), kafka.Session(500 * time.Millisecond), kafka.Budget(2 * time.Second),
	}, opts...)...)
	p.ledgers = p.Bind(a)
	t.Cleanup(p.link.thaw) // runs before the engine is closed
	return p
}

func (p *process) execute(ctx context.Context, c ledgerv1.LedgerCommand, id string) (es.Result[ledgerv1.LedgerEvent], error) {
	return es.Execute[ledgerv1.LedgerEvent](ctx, p.ledgers, c, []es.CommandOption{es.CommandID(id)})
}

func (p *process) mustExecute(t *testing.T, c ledgerv1.LedgerCommand, id string) es.Result[ledgerv1.LedgerEvent] {
	t.Helper()
	res, err := p.execute(t.Context(), c, id)
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	return res
}

// eventually executes a command until the process owns its aggregate.
func (p *process) eventually(t *testing.T, c ledgerv1.LedgerCommand, id string) es.Result[ledgerv1.LedgerEvent] {
	t.Helper()
	var res es.Result[ledgerv1.LedgerEvent]
	err := p.insist(t.Context(), func() (err error) {
		res, err = p.execute(t.Context(), c, id)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	return res
}

// insist does something until the process owns what it is about, or the context
// ends.
func (*process) insist(ctx context.Context, do func() error) error {
	limit := time.Now().Add(time.Minute)
	for {
		err := do()
		_, elsewhere := errors.AsType[*kafka.NotOwnerError](err)
		if !elsewhere && !errors.Is(err, es.ErrOutcomeUnknown) || ctx.Err() != nil || time.Now().After(limit) {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func post(amount int64) *ledgerv1.Post {
	return &ledgerv1.Post{LedgerId: "a", Entry: &ledgerv1.Entry{Amount: amount}}
}

// TestLostEnd loses what ends a transaction: the caller learns what became of
// the command, as if nothing had happened.
func TestLostEnd(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]lossKind{"response": responses, "request": requests} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t, 3, 1)
			p := c.process(t)
			p.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: "a"}, "open")
			p.link.arm(kind)
			res := p.mustExecute(t, post(5), "post")
			if p.link.losses() == 0 {
				t.Fatal("nothing was lost")
			}
			if res.Duplicate || len(res.Events) != 1 || res.Version != 2 {
				t.Errorf("%+v with %d events, want the first outcome at version 2 with its event", res.Receipt, len(res.Events))
			}
			if again := p.mustExecute(t, post(5), "post"); !again.Duplicate || again.Position != res.Position {
				t.Errorf("again: %+v, want a duplicate of %+v", again.Receipt, res.Receipt)
			}
			c.audit(t, 2, acknowledged{"open": {Version: 1}, "post": res.Receipt})
		})
	}
}

// TestSleeper freezes a process for longer than its session. What it says from
// memory when the other one has taken over would be out of date.
func TestSleeper(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 1)
	sleeper := c.process(t)
	sleeper.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: "a"}, "open")
	sleeper.mustExecute(t, post(5), "first")
	sleeper.link.freeze()
	other := c.process(t, kafka.Advertise("other:1"))
	second := other.eventually(t, post(-5), "second")

	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if rev, err := es.Load[*ledgerv1.Ledger](ctx, sleeper.ledgers, "a", []es.LoadOption{es.Fresh()}); err == nil && rev.Version != 3 {
		t.Errorf("the sleeper says that version %d is fresh, and it is 3", rev.Version)
	}
	if _, err := sleeper.execute(ctx, post(-7), "refused"); errors.Is(err, ledgerv1.ErrOverdrawn) {
		t.Error("the sleeper refuses a command by a state that is out of date")
	}
	sleeper.link.thaw()
	var elsewhere *kafka.NotOwnerError
	if _, err := sleeper.execute(t.Context(), post(1), "late"); !errors.As(err, &elsewhere) || elsewhere.Address != "other:1" {
		t.Errorf("the sleeper, awake: %v, want a NotOwnerError with the address of the other", err)
	}
	c.audit(t, 3, acknowledged{"second": second.Receipt})
}

// TestProof keeps from a process that it was put out of the group. It may not
// take the partition back from its owner.
func TestProof(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 1)
	deaf := c.process(t)
	deaf.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: "a"}, "open")
	deaf.link.hush()
	other := c.process(t)
	second := other.eventually(t, post(5), "second")
	fences := c.fences.Load()
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	if res, err := deaf.execute(ctx, post(1), "third"); err == nil {
		t.Errorf("the process that is no member executed a command: %+v", res.Receipt)
	}
	if n := c.fences.Load() - fences; n > 0 {
		t.Errorf("it fenced the owner %d times", n)
	}
	c.audit(t, 2, acknowledged{"second": second.Receipt})
}

// TestFence lets a process write after another one has taken over.
func TestFence(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 1)
	sleeper := c.process(t, kafka.Budget(20*time.Second))
	sleeper.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: "a"}, "open")
	sleeper.link.freeze()
	unsure := make(chan error, 1)
	go func() {
		_, err := sleeper.execute(t.Context(), post(1), "unsure") // is produced when the link thaws
		unsure <- err
	}()
	other := c.process(t)
	second := other.eventually(t, post(5), "second")
	sleeper.link.thaw()
	err := <-unsure
	if _, elsewhere := errors.AsType[*kafka.NotOwnerError](err); !elsewhere && !errors.Is(err, es.ErrOutcomeUnknown) {
		t.Errorf("the sleeper: %v, want a NotOwnerError or ErrOutcomeUnknown", err)
	}
	third := other.eventually(t, post(2), "third")
	c.audit(t, 3, acknowledged{"second": second.Receipt, "third": third.Receipt})
}

// TestLeaderMoves lets the broker say once that it does not lead a partition.
// The producer asks who does, and goes on: nothing is in doubt.
func TestLeaderMoves(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 1)
	p := c.process(t)
	p.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: "a"}, "open")
	fences := c.fences.Load()
	moved := c.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Topic: topic, Err: kerr.NotLeaderForPartition, Count: 1})
	p.mustExecute(t, post(5), "first")
	if n := c.fences.Load() - fences; n > 0 || moved.Hits() == 0 {
		t.Errorf("%d fences after the leader moved %d times, want none", n, moved.Hits())
	}
}
