package simulation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
)

// process is a process of a service: an engine with a network and a clock of
// its own, and a ledger on it.
type process struct {
	engine  *kafka.Engine
	ledgers es.Store // nil unless it executes commands
	link    *link
	skew    atomic.Int64 // nanoseconds that its clock goes before the right time

	once  sync.Once
	alive context.Context // ends when it crashes
	kill  context.CancelFunc
	ended chan struct{} // closed when nothing of it runs any more
}

// start starts a process that executes commands.
func (c *cluster) start(t *testing.T, opts ...kafka.Option) *process {
	t.Helper()
	p := c.open(t, opts...)
	p.ledgers = p.engine.Bind(ledgerType())
	return p
}

// open starts a process that does nothing yet.
func (c *cluster) open(t *testing.T, opts ...kafka.Option) *process {
	t.Helper()
	return c.openAs(t, application, opts...)
}

// openAs starts a process of an application.
func (c *cluster) openAs(t *testing.T, application string, opts ...kafka.Option) *process {
	t.Helper()
	p := newProcess(c.dial)
	e, err := kafka.Open(application, slices.Concat(c.options(), []kafka.Option{
		kafka.Client(kgo.SeedBrokers(c.brokers...), kgo.Dialer(p.link.dial), kgo.MetadataMinAge(100*time.Millisecond), kgo.DisableClientMetrics()),
		kafka.Clock(func() time.Time { return time.Now().Add(time.Duration(p.skew.Load())) }),
	}, opts)...)
	if err != nil {
		t.Fatal(err)
	}
	p.engine = e
	t.Cleanup(p.stop)
	return p
}

func newProcess(d dialer) *process {
	p := &process{link: newLink(d), ended: make(chan struct{})}
	p.alive, p.kill = context.WithCancel(context.Background())
	return p
}

func ledgerType() es.Aggregate { return ledgerv1.LedgerType(ledgerv1.Behavior{}) }

// stop ends the process as it should end, and waits for it.
func (p *process) stop() { p.once.Do(p.end); <-p.ended }

// crash ends the process from one moment to the other: nothing of it reaches
// anybody any more, neither the brokers nor its callers.
func (p *process) crash() {
	p.once.Do(func() {
		p.kill()
		p.link.set(weather{cut: true})
		go p.end() // what is left has to be tidied away, which nobody sees
	})
}

func (p *process) end() {
	defer close(p.ended)
	_ = p.engine.Close()
	p.link.set(weather{cut: true})
}

var errCrashed = fmt.Errorf("%w: the process crashed", es.ErrOutcomeUnknown)

// visit runs what a caller asks of the process. The caller hears nothing of it
// when the process crashes meanwhile.
func (p *process) visit(ctx context.Context, call func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(p.alive, cancel)()
	err := call(ctx)
	if p.alive.Err() != nil {
		return errCrashed
	}
	return err
}

// result is what becomes of a command.
type result = es.Result[ledgerv1.LedgerEvent]

// execute executes a command.
func (p *process) execute(ctx context.Context, c ledgerv1.LedgerCommand, opts ...es.CommandOption) (res result, err error) {
	err = p.visit(ctx, func(ctx context.Context) error {
		res, err = es.Execute[ledgerv1.LedgerEvent](ctx, p.ledgers, c, opts)
		return err
	})
	return res, err
}

// load loads an aggregate.
func (p *process) load(ctx context.Context, id string, opts ...es.LoadOption) (rev es.Revision[*ledgerv1.Ledger], err error) {
	err = p.visit(ctx, func(ctx context.Context) error {
		rev, err = es.Load[*ledgerv1.Ledger](ctx, p.ledgers, id, opts)
		return err
	})
	return rev, err
}

// elsewhere reports whether an error says that another process is to be asked.
func elsewhere(err error) bool {
	_, ok := errors.AsType[*kafka.NotOwnerError](err)
	return ok
}
