package forward_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/forward"
)

// process is what a process of a service has.
type process struct {
	*kafka.Engine

	url     string
	client  *forward.Client
	ledgers *ledgerv1.LedgerAggregate
	calls   atomic.Int64 // that came to its handler
}

// process starts a process, with its handler mounted and its address given.
func (c *cluster) process(t *testing.T) *process {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	p := &process{url: server.URL + "/forward", client: newClient(t)}
	p.Engine = c.open(t, kafka.Session(3*time.Second), kafka.Forward(p.client), kafka.Advertise(p.url))
	handler := newHandler(t, p.Engine)
	mux.HandleFunc("/forward", func(w http.ResponseWriter, r *http.Request) {
		p.calls.Add(1)
		handler.ServeHTTP(w, r)
	})
	p.ledgers = ledgerv1.NewLedgerAggregate(p.Engine, ledgerv1.Behavior{})
	t.Cleanup(server.Close)
	return p
}

// retriable reports whether a command may be executed again.
func retriable(err error) bool {
	_, elsewhere := errors.AsType[*kafka.NotOwnerError](err)
	_, undelivered := errors.AsType[*forward.UndeliveredError](err)
	return elsewhere || undelivered || errors.Is(err, es.ErrOutcomeUnknown) || errors.Is(err, es.ErrClosed)
}

// attach executes a command until its outcome is known.
func (p *process) attach(ctx context.Context, id, command string) (es.Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		res, err := p.ledgers.Attach(ctx, &ledgerv1.Attach{LedgerId: id, Data: []byte(command)}, es.CommandID(command))
		if err == nil || !retriable(err) {
			return res.Receipt, err
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			return es.Receipt{}, errors.Join(err, ctx.Err())
		}
	}
}

// TestTwoProcesses gives every command to both processes of a group, while
// partitions move from one to the other, and checks that each was executed once.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	const clients, commands = 4, 20
	ctx := t.Context()
	c := newCluster(t, 4)
	first, second := c.process(t), c.process(t)
	var wg sync.WaitGroup
	var executed atomic.Int64
	for client := range clients {
		wg.Go(func() {
			// Until each of them owns something, and has forwarded to the other.
			for n := 0; n < commands || first.calls.Load() == 0 || second.calls.Load() == 0; n++ {
				id, command := fmt.Sprintf("ledger-%d", n%10), fmt.Sprintf("%d/%d", client, n)
				one, err1 := first.attach(ctx, id, command)
				two, err2 := second.attach(ctx, id, command)
				if err1 != nil || err2 != nil || one.First != two.First || one.Version != two.Version || one.Position != two.Position {
					t.Errorf("%s: %+v, %v and %+v, %v", command, one, err1, two, err2)
					return
				}
				if !two.Duplicate {
					t.Errorf("%s: %+v is no duplicate at the second process", command, two)
				}
				executed.Add(1)
			}
		})
	}
	wg.Wait()
	checkSame(t, first, second, int(executed.Load()))
	checkErrors(t, first, second)

	// What was the second one's comes to the first, and then to another one.
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	third := c.process(t)
	for n := range 10 {
		id := fmt.Sprintf("ledger-%d", n)
		if _, err := third.attach(ctx, id, "third"); err != nil {
			t.Error(err)
		}
		if r, err := first.attach(ctx, id, "third"); err != nil || !r.Duplicate {
			t.Errorf("%s: %+v, %v; want a duplicate", id, r, err)
		}
	}
}

// checkSame loads every ledger through both processes.
func checkSame(t *testing.T, first, second *process, commands int) {
	t.Helper()
	events := uint64(0)
	for n := range 10 {
		id := fmt.Sprintf("ledger-%d", n)
		one, err1 := first.ledgers.Load(t.Context(), id, es.Fresh())
		two, err2 := second.ledgers.Load(t.Context(), id, es.Fresh())
		if err1 != nil || err2 != nil || one.Version != two.Version || !one.Time.Equal(two.Time) || !proto.Equal(one.State, two.State) {
			t.Errorf("%s: %+v, %v and %+v, %v", id, one, err1, two, err2)
		}
		events += one.Version
		before, err := second.ledgers.Load(t.Context(), id, es.AtVersion(1))
		if err != nil || before.Version != 1 || before.State.GetAttachment() != nil {
			t.Errorf("%s at version 1: %+v, %v", id, before, err)
		}
	}
	if want := uint64(commands + 10); events != want { // each ledger was opened by its first command
		t.Errorf("%d events of %d commands on 10 ledgers, want %d", events, commands, want)
	}
}

// checkErrors has commands refused through both processes.
func checkErrors(t *testing.T, processes ...*process) {
	t.Helper()
	for _, p := range processes {
		for n := range 4 {
			id := fmt.Sprintf("ledger-%d", n)
			_, err := p.ledgers.OpenLedger(t.Context(), &ledgerv1.OpenLedger{LedgerId: id})
			if !errors.Is(err, es.ErrExists) {
				t.Errorf("error %v, want one that is %v", err, es.ErrExists)
			}
			post := &ledgerv1.Post{LedgerId: id, Entry: &ledgerv1.Entry{Amount: -1}}
			_, err = p.ledgers.Post(t.Context(), post)
			if !errors.Is(err, ledgerv1.ErrOverdrawn) {
				t.Errorf("error %v, want one that is %v", err, ledgerv1.ErrOverdrawn)
			}
			_, err = p.ledgers.Post(t.Context(), post, es.ExpectVersion(1))
			if conflict, ok := errors.AsType[*es.ConflictError](err); !ok || conflict.Expected != 1 || conflict.AggregateID != id {
				t.Errorf("error %v, want a ConflictError", err)
			}
		}
	}
}

// TestOneHop calls a process that does not own the partition any more. The
// caller is told where it is, and nobody follows.
func TestOneHop(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1)
	owner := c.process(t)
	if _, err := owner.attach(t.Context(), "a", "1"); err != nil {
		t.Fatal(err)
	}
	other := c.process(t)
	if _, err := other.attach(t.Context(), "a", "2"); err != nil {
		t.Fatal(err)
	}
	calls := owner.calls.Load()
	if calls == 0 {
		t.Error("nothing was forwarded")
	}
	client := newClient(t)
	_, _, executed := client.Execute(t.Context(), other.url, ledger(), &ledgerv1.Attach{LedgerId: "a"}, es.CommandOptions{})
	_, loaded := client.Load(t.Context(), other.url, ledger(), "a", es.ReadOptions{})
	for _, err := range []error{executed, loaded} {
		elsewhere, ok := errors.AsType[*kafka.NotOwnerError](err)
		if !ok || elsewhere.Address != owner.url || elsewhere.AggregateID != "a" || errors.Is(err, es.ErrOutcomeUnknown) {
			t.Errorf("error %v, want a NotOwnerError with the address %s", err, owner.url)
		}
	}
	if n := owner.calls.Load() - calls; n > 0 {
		t.Errorf("%d calls were passed on to the owner", n)
	}
}

// TestOwnerGone forwards to a process that has ended without a word.
func TestOwnerGone(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	owner := c.open(t, kafka.Advertise(gone.URL))
	store := owner.Bind(ledger())
	if _, _, err := store.Execute(t.Context(), &ledgerv1.Attach{LedgerId: "a"}, es.CommandOptions{}); err != nil {
		t.Fatal(err)
	}
	other := c.process(t)
	_, err := other.ledgers.Attach(t.Context(), &ledgerv1.Attach{LedgerId: "a"})
	if wantUndelivered(t, err).Address != gone.URL {
		t.Errorf("error %v, want the address %s", err, gone.URL)
	}
}
