package kafka_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
)

// ledgers describes the ledger to what reads its events.
func ledgers() es.Events { return ledgerv1.LedgerType(ledgerv1.Behavior{}) }

// table is a store with transactions, and a projection of what lies in the log.
type table struct {
	mu       sync.Mutex
	progress map[int32]kafka.Progress
	rows     []es.Position
	grown    chan struct{} // closed with every commit
}

func newTable() *table {
	return &table{progress: make(map[int32]kafka.Progress), grown: make(chan struct{})}
}

var _ kafka.Projection[ledgerv1.LedgerEvent] = (*table)(nil)

func (s *table) Progress(_ context.Context, partition int32) (kafka.Progress, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.progress[partition], nil
}

func (s *table) Handle(_ context.Context, b batch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := b.Check(s.progress[b.Partition.ID]); err != nil {
		return err
	}
	for _, ev := range b.Events {
		s.rows = append(s.rows, ev.Position)
	}
	s.progress[b.Partition.ID] = b.Progress
	close(s.grown)
	s.grown = make(chan struct{})
	return nil
}

// await waits until the store has so many rows, and returns them.
func (s *table) await(t *testing.T, n int) []es.Position {
	t.Helper()
	for {
		s.mu.Lock()
		rows, grown := slices.Clone(s.rows), s.grown
		s.mu.Unlock()
		if len(rows) >= n {
			return rows
		}
		select {
		case <-grown:
		case <-time.After(20 * time.Second):
			t.Fatalf("%d rows are stored, want %d", len(rows), n)
		}
	}
}

// wantOnce wants each event of the log to have one row, in order.
func (s *table) wantOnce(t *testing.T, c *cluster) {
	t.Helper()
	events := c.committed(t)
	rows := s.await(t, len(events))
	last := map[int32]int64{}
	for _, p := range rows {
		if at, ok := last[p.Partition]; ok && p.Offset <= at {
			t.Errorf("row %s comes behind that of offset %d", p, at)
		}
		last[p.Partition] = p.Offset
	}
	for _, ev := range events {
		if !slices.Contains(rows, ev.Position) {
			t.Errorf("event %s has no row", ev.Position)
		}
	}
	if len(rows) != len(events) {
		t.Errorf("%d rows for %d events", len(rows), len(events))
	}
}

// handler is what a table handles batches with.
type handler = kafka.Handler[ledgerv1.LedgerEvent]

// wrapped is a table whose batches are handled by something else.
type wrapped struct {
	*table

	handle handler
}

func (w wrapped) Handle(ctx context.Context, b batch) error { return w.handle(ctx, b) }

type batch = kafka.Batch[ledgerv1.LedgerEvent]

// running is a consumer that runs.
type running struct {
	*kafka.Engine

	link *link
	end  context.CancelFunc
	done chan error
}

// stop ends the consumer, and returns what it returned.
func (r *running) stop(t *testing.T) error {
	t.Helper()
	r.end()
	return r.result(t)
}

// result waits for the end of the consumer.
func (r *running) result(t *testing.T) error {
	t.Helper()
	select {
	case err := <-r.done:
		r.done <- err
		return err
	case <-time.After(20 * time.Second):
		t.Fatal("the consumer does not end")
		return nil
	}
}

// consumer starts a consumer in a process of its own.
func (c *cluster) consumer(
	t *testing.T, consume func(context.Context, *kafka.Engine) error, opts ...kafka.Option,
) *running {
	t.Helper()
	r := &running{link: newLink(), done: make(chan error, 1)}
	r.Engine = c.open(t, append([]kafka.Option{
		kafka.Client(kgo.Dialer(r.link.dial)), kafka.Budget(2 * time.Second),
	}, opts...)...)
	ctx, end := context.WithCancel(t.Context())
	r.end = end
	go func() { r.done <- consume(ctx, r.Engine) }()
	t.Cleanup(func() {
		r.link.thaw()
		_ = r.stop(t)
	})
	return r
}

// project starts a consumer that fills a table.
func (c *cluster) project(t *testing.T, s *table, handle handler, opts ...kafka.ConsumeOption) *running {
	t.Helper()
	return c.consumer(t, projecting(s, handle, opts...))
}

// projecting fills a table, by a handler of its own or another one.
func projecting(s *table, handle handler, opts ...kafka.ConsumeOption) func(context.Context, *kafka.Engine) error {
	opts = append([]kafka.ConsumeOption{kafka.Grace(200 * time.Millisecond), kafka.Attempts(3)}, opts...)
	return func(ctx context.Context, e *kafka.Engine) error {
		return kafka.Project(ctx, e, "rows", ledgers(), wrapped{s, handle}, opts...)
	}
}

// mortal lets the group soon do without a process that it does not hear of.
func mortal() kafka.Option { return kafka.Session(500 * time.Millisecond) }

// fill stores some events of several ledgers.
func (p *process) fill(t *testing.T, round string, n int) {
	t.Helper()
	for i := range n {
		p.mustExecute(t, &ledgerv1.Attach{LedgerId: fmt.Sprintf("ledger-%d", i%7)}, fmt.Sprintf("%s-%d", round, i))
	}
}
