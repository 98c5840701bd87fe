package proctest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/examples/internal/web"
)

// Command is what a client asks for.
type Command struct {
	Path    string // of the service, e.g. "accounts"
	Message proto.Message
}

// Crowd is some clients, each of which executes one command after the other,
// every one under an id of its own and until its outcome is known.
type Crowd struct {
	t      *testing.T
	client *web.Client
	next   func(*rand.Rand) Command
	ctx    context.Context //nolint:containedctx // ends with the test
	stop   chan struct{}
	wg     sync.WaitGroup

	mu      sync.Mutex
	changed chan struct{} // closed when a client learns an outcome
	done    []int         // outcomes by client
	history History
}

// History is what the clients know in the end, by command id.
type History struct {
	Sent     map[string]Command
	Receipts map[string]es.Receipt // of those that succeeded
	Refused  map[string]error
}

// String counts.
func (h History) String() string {
	duplicates := 0
	for _, r := range h.Receipts {
		if r.Duplicate {
			duplicates++
		}
	}
	return fmt.Sprintf("%d commands sent, %d acknowledged, %d of these as duplicates, %d refused",
		len(h.Sent), len(h.Receipts), duplicates, len(h.Refused))
}

// patience is how long a client tries a command before the test has failed.
const patience = 2 * time.Minute

// StartCrowd starts clients of the processes at some addresses. They make their
// commands with next, which is called by several goroutines.
func StartCrowd(t *testing.T, clients int, next func(*rand.Rand) Command, addresses ...string) *Crowd {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c := &Crowd{
		ctx: ctx, t: t, client: web.NewClient(addresses...), next: next, stop: make(chan struct{}), changed: make(chan struct{}),
		done: make([]int, clients),
		history: History{Sent: map[string]Command{}, Receipts: map[string]es.Receipt{}, Refused: map[string]error{}},
	}
	for i := range clients {
		c.wg.Go(func() { c.work(i) })
	}
	t.Cleanup(func() { cancel(); c.Stop() })
	return c
}

func (c *Crowd) work(number int) {
	random := rand.New(rand.NewPCG(1, uint64(number))) //nolint:gosec // nothing is secret
	for n := 0; ; n++ {
		select {
		case <-c.stop:
			return
		default:
		}
		if err := c.execute(fmt.Sprintf("client-%d/%d", number, n), c.next(random)); err != nil {
			c.t.Errorf("client %d: %v", number, err)
			c.learn(func() {})
			return
		}
		c.learn(func() { c.done[number]++ })
	}
}

// execute executes a command and keeps what became of it. That it is refused is
// no error.
func (c *Crowd) execute(id string, command Command) error {
	c.learn(func() { c.history.Sent[id] = command })
	ctx, cancel := context.WithTimeout(c.ctx, patience)
	defer cancel()
	receipt, err := c.client.Execute(ctx, command.Path, command.Message, es.CommandID(id))
	if _, refused := errors.AsType[*web.RefusedError](err); refused {
		c.learn(func() { c.history.Refused[id] = err })
		return nil
	}
	if err != nil {
		return fmt.Errorf("command %s: %w", id, err)
	}
	c.learn(func() { c.history.Receipts[id] = receipt })
	return nil
}

func (c *Crowd) learn(what func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	what()
	close(c.changed)
	c.changed = make(chan struct{})
}

// Progress waits until every client has learnt some more outcomes. It fails the
// test when one does not.
func (c *Crowd) Progress(outcomes int) {
	c.t.Helper()
	timeout := time.After(patience)
	c.mu.Lock()
	defer c.mu.Unlock()
	goals := make([]int, len(c.done))
	for i, n := range c.done {
		goals[i] = n + outcomes
	}
	for i, goal := range goals {
		for c.done[i] < goal {
			if c.t.Failed() {
				c.t.FailNow()
			}
			changed := c.changed
			c.mu.Unlock()
			select {
			case <-changed:
			case <-timeout:
				c.t.Errorf("client %d makes no progress", i)
			}
			c.mu.Lock()
		}
	}
}

// Stop waits until every client knows the outcome of its last command, and
// returns what they know.
func (c *Crowd) Stop() History {
	c.mu.Lock()
	select {
	case <-c.stop:
	default:
		close(c.stop)
	}
	c.mu.Unlock()
	c.wg.Wait()
	return c.history
}
