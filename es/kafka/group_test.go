package kafka_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// consume starts a consumer whose progress Kafka keeps.
func (c *cluster) consume(t *testing.T, handle handler, opts ...kafka.Option) *running {
	t.Helper()
	return c.consumer(t, func(ctx context.Context, e *kafka.Engine) error {
		return kafka.Consume(ctx, e, "rows", ledgers(), handle, kafka.BatchSize(4))
	}, opts...)
}

// list is a store that knows of no progress: it takes what it gets.
func (s *table) list(_ context.Context, b batch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, ev := range b.Events {
		s.rows = append(s.rows, ev.Position)
	}
	close(s.grown)
	s.grown = make(chan struct{})
	return nil
}

// TestConsume_rebalance lets one process after the other take over, and each
// leave in peace: so nothing comes twice.
func TestConsume_rebalance(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]kafka.Option{
		"cooperative": nil,
		"KIP-848":     {kafka.ServerSideAssignment()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t, 1, 6, quickGroups()...)
			s := newTable()
			writer := c.process(t)
			first := c.consume(t, s.list, opts...)
			for round := range 2 {
				writer.fill(t, fmt.Sprint(round), 20)
				var took atomic.Bool
				second := c.consume(t, func(ctx context.Context, b batch) error {
					took.Store(true)
					return s.list(ctx, b)
				}, opts...)
				for i := 0; !took.Load(); i++ {
					writer.fill(t, fmt.Sprintf("%d-%d", round, i), 10)
					time.Sleep(10 * time.Millisecond)
				}
				_ = first.stop(t)
				first = second
			}
			s.wantOnce(t, c)
		})
	}
}

// TestConsume_crash lets a process die between its handler and the commit. What
// it had in hand comes again, and nothing else.
func TestConsume_crash(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 1)
	c.process(t).fill(t, "one", 20) // 27 events
	s := newTable()
	doomed, dead := make(chan *running, 1), make(chan struct{})
	doomed <- c.consume(t, func(ctx context.Context, b batch) error {
		err := s.list(ctx, b)
		if len(s.await(t, 0)) == 12 {
			first := <-doomed
			first.link.freeze()
			first.end()
			close(dead)
		}
		return err
	}, mortal())
	<-dead
	c.consume(t, s.list)
	rows := s.await(t, 31)
	if len(rows) != 31 || rows[12] != rows[8] || rows[15] != rows[11] {
		t.Errorf("%d rows, the next process begins with %s, want 31, and %s", len(rows), rows[12], rows[8])
	}
}

// TestConsume_reset moves the group by the tools of Kafka, which is obeyed.
func TestConsume_reset(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 2)
	c.store(t, attached("a", 6))
	s := newTable()
	first := c.consume(t, s.list)
	s.await(t, 6)
	_ = first.stop(t)

	client := c.client(t)
	defer client.Close()
	partition := record.Partition("a", 2)
	offsets := kadm.Offsets{}
	offsets.AddOffset(topic, partition, 4, -1)
	if err := kadm.NewClient(client).CommitAllOffsets(t.Context(), "test."+topic+".rows", offsets); err != nil {
		t.Fatal(err)
	}
	c.consume(t, s.list)
	if rows := s.await(t, 8); rows[6] != (es.Position{Partition: partition, Offset: 4}) {
		t.Errorf("the group goes on at %s, want at offset 4", rows[6])
	}
}

// TestWaitFor waits for consumers of both kinds.
func TestWaitFor(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 2)
	p := c.process(t)
	projected, consumed := newTable(), newTable()
	c.project(t, projected, projected.Handle)
	r := c.consumer(t, func(ctx context.Context, e *kafka.Engine) error {
		return kafka.Consume(ctx, e, "others", ledgers(), consumed.list)
	})
	for i := range 5 {
		id := fmt.Sprint(i)
		res := p.mustExecute(t, &ledgerv1.Attach{LedgerId: id}, "attach")
		for s, tracker := range map[*table]kafka.Tracker{projected: projected, consumed: r.Group("others", ledgers())} {
			if err := kafka.WaitFor(t.Context(), tracker, res.Position); err != nil {
				t.Fatal(err)
			}
			if n := len(s.await(t, 0)); n < 2*(i+1) {
				t.Errorf("%d rows when the consumer is said to have handled %s, want %d", n, res.Position, 2*(i+1))
			}
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := kafka.WaitFor(ctx, projected, es.Position{Offset: 1 << 40}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v for an event that is not there, want that of the context", err)
	}
}

type traceKey struct{}

// traces carry a word in a header.
type traces struct{}

func (traces) Inject(ctx context.Context) []kgo.RecordHeader {
	word, _ := ctx.Value(traceKey{}).(string)
	return []kgo.RecordHeader{{Key: "word", Value: []byte(word)}}
}

func (traces) Extract(ctx context.Context, headers []kgo.RecordHeader) context.Context {
	i := slices.IndexFunc(headers, func(h kgo.RecordHeader) bool { return h.Key == "word" })
	return context.WithValue(ctx, traceKey{}, string(headers[i].Value))
}

// TestBatch_Context gives the handler the context of each command.
func TestBatch_Context(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 1)
	p := c.process(t, kafka.Trace(traces{}))
	for _, word := range []string{"one", "two"} {
		if _, err := p.execute(context.WithValue(t.Context(), traceKey{}, word), &ledgerv1.Attach{LedgerId: word}, word); err != nil {
			t.Fatal(err)
		}
	}
	words := make(chan string, 10)
	c.consumer(t, func(ctx context.Context, e *kafka.Engine) error {
		return kafka.Consume(ctx, e, "rows", ledgers(), func(ctx context.Context, b batch) error {
			for i, ev := range b.Events {
				word, _ := b.Context(ctx, i).Value(traceKey{}).(string)
				words <- ev.AggregateID + " " + word
			}
			return nil
		})
	}, kafka.Trace(traces{}))
	var got []string
	for range 4 {
		got = append(got, <-words)
	}
	if got := strings.Join(got, ", "); got != "one one, one one, two two, two two" {
		t.Errorf("events and words: %s", got)
	}
}
