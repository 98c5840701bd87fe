package kafka_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// forged returns the events of a ledger that is alone in its partition, as they
// lie there from offset 0 on.
func forged(id string, events ...proto.Message) []record.Event {
	var out []record.Event
	for i, e := range events {
		n := uint64(i) + 1
		data, err := proto.Marshal(e)
		if err != nil {
			panic(err)
		}
		ev := record.Event{
			Record: es.Record{
				Meta: es.Meta{
					AggregateID: id, Version: n, CommandID: fmt.Sprint(n),
					Time: time.Date(2026, 1, 2, 3, 4, i, 0, time.UTC),
				},
				Type: string(e.ProtoReflect().Descriptor().FullName()), Data: data,
				Position: es.Position{Partition: record.Partition(id, 2), Offset: int64(i)},
			},
			Sequence: record.Sequence{Aggregate: n, Partition: n, Prev: int64(i) - 1, Count: 1},
			Schema:   record.Schema{Framing: record.Bare},
		}
		if i == 0 {
			ev.Sequence.Prev = record.NoPrevious
		}
		out = append(out, ev)
	}
	return out
}

// attached returns the events of a ledger with n attachments.
func attached(id string, n int) []record.Event {
	events := make([]proto.Message, n)
	for i := range events {
		events[i] = &ledgerv1.Attached{}
	}
	return forged(id, events...)
}

// store stores events as they are.
func (c *cluster) store(t *testing.T, events []record.Event) {
	t.Helper()
	for _, ev := range events {
		c.again(t, ev)
	}
}

// remakeAll deletes the topics and makes them again.
func (c *cluster) remakeAll(t *testing.T) {
	t.Helper()
	client := c.client(t)
	defer client.Close()
	if _, err := kadm.NewClient(client).DeleteTopics(t.Context(), topic, topic+".state", topic+".routes"); err != nil {
		t.Fatal(err)
	}
	c.makeTopics(t, 2)
}

// in returns how many rows are there of the partition of a ledger.
func (s *table) in(id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, p := range s.rows {
		if p.Partition == record.Partition(id, 2) {
			n++
		}
	}
	return n
}

// stops are where a consumer stopped.
type stops chan *kafka.StoppedError

func (s stops) note(err *kafka.StoppedError) { s <- err }

func (s stops) await(t *testing.T) *kafka.StoppedError {
	t.Helper()
	select {
	case err := <-s:
		return err
	case <-time.After(20 * time.Second):
		t.Fatal("no partition is stopped")
		return nil
	}
}

// TestConsumer_damage harms a partition of which a consumer has read 3 events.
// It says where it stops, and reads the other partition.
func TestConsumer_damage(t *testing.T) {
	t.Parallel()
	rest := attached("a", 6)[3:]
	for name, tc := range map[string]struct {
		harm   func(t *testing.T, c *cluster)
		rows   int
		offset int64
		want   string
	}{
		"a foreign record in the middle": {
			harm: func(t *testing.T, c *cluster) {
				t.Helper()
				c.store(t, rest[:2])
				c.produce(t, &kgo.Record{Topic: topic, Partition: record.Partition("a", 2), Key: []byte("a"), Value: []byte("x")})
				c.store(t, rest[2:])
			},
			rows: 5, offset: 5, want: "not written by this engine",
		},
		"an event again": {
			harm: func(t *testing.T, c *cluster) {
				t.Helper()
				c.store(t, append(rest[:2:2], rest[1]))
			},
			rows: 5, offset: 5, want: "event 5 of the partition comes after event 5",
		},
		"an event of newer code": {
			harm: func(t *testing.T, c *cluster) {
				t.Helper()
				newer := rest[0]
				newer.Type = "ledger.v1.Unheard"
				c.store(t, []record.Event{newer})
			},
			rows: 3, offset: 3, want: `event "ledger.v1.Unheard" at version 4`,
		},
		"retention below the next event": {
			harm: func(t *testing.T, c *cluster) {
				t.Helper()
				c.store(t, rest)
				c.cut(t, topic, record.Partition("a", 2), 4)
			},
			rows: 3, offset: 4, want: "event 5 of the partition comes first, and the reader had come to event 3",
		},
		"the topic was made again": {
			harm: func(t *testing.T, c *cluster) {
				t.Helper()
				c.remakeAll(t)
				for _, ev := range attached("a", 6) {
					ev.Time = ev.Time.Add(time.Microsecond)
					c.again(t, ev)
				}
			},
			rows: 3, offset: 2, want: "the topic was made again",
		},
		"the topic was made again and is short": {
			harm: func(t *testing.T, c *cluster) {
				t.Helper()
				c.remakeAll(t)
				c.store(t, attached("a", 2))
			},
			rows: 3, offset: 2, want: "the log ends here, and the reader had come to offset 2",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t, 1, 2)
			c.store(t, attached("a", 3))
			s := newTable()
			away := c.project(t, s, s.Handle)
			s.await(t, 3)
			_ = away.stop(t)
			tc.harm(t, c)
			stops := make(stops, 1)
			quick := kafka.Budget(time.Second) // a dozen of them, until a log counts as cut
			back := c.consumer(t, projecting(s, s.Handle, kafka.OnStopped(stops.note)), quick)
			err := stops.await(t)
			want := es.Position{Partition: record.Partition("a", 2), Offset: tc.offset}
			if err.Progress.Position != want || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("stopped with %v, want at %s: %s", err, want, tc.want)
			}
			if n := s.in("a"); n != tc.rows {
				t.Errorf("%d events of the partition are handled, want %d", n, tc.rows)
			}
			c.store(t, attached(other("a"), 4))
			s.await(t, tc.rows+4)
			if err := back.stop(t); !errors.As(err, new(*kafka.StoppedError)) || !errors.Is(err, context.Canceled) {
				t.Errorf("the consumer ended with %v, want its context's error and the StoppedError", err)
			}
		})
	}
}

// TestConsumer_retention deletes what a consumer has read, and nothing else.
func TestConsumer_retention(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 2)
	events := attached("a", 6)
	c.store(t, events[:3])
	s := newTable()
	away := c.project(t, s, s.Handle)
	s.await(t, 3)
	_ = away.stop(t)
	c.cut(t, topic, record.Partition("a", 2), 3)
	back := c.project(t, s, s.Handle)
	c.store(t, events[3:])
	s.await(t, 6)
	if err := back.stop(t); errors.As(err, new(*kafka.StoppedError)) {
		t.Errorf("the consumer ended with %v, and nothing was lost", err)
	}
}

// TestConsumer_poison refuses one event. It stops its partition when it was
// tried often enough; the events before it are handled, those behind it are not.
func TestConsumer_poison(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 2)
	c.store(t, attached("a", 6))
	c.store(t, attached(other("a"), 4))
	poison := es.Position{Partition: record.Partition("a", 2), Offset: 4}
	s := newTable()
	tries := 0 // by the partition's own goroutine
	refuse := func(ctx context.Context, b batch) error {
		for _, ev := range b.Events {
			switch {
			case ev.Position != poison:
			case len(b.Events) > 1:
				return errCrash
			default:
				tries++
				panic("poison")
			}
		}
		return s.Handle(ctx, b)
	}
	stops := make(stops, 1)
	r := c.project(t, s, refuse, kafka.OnStopped(stops.note))
	err := stops.await(t)
	if err.Progress.Position != poison || err.Progress.Sequence != 5 || err.Group != "rows" || err.Partition.Topic != topic {
		t.Errorf("stopped at %+v of %+v, want at %s, event 5", err.Progress, err.Partition, poison)
	}
	s.await(t, 8)
	if tries != 3 || s.in("a") != 4 {
		t.Errorf("the event was tried %d times, and %d events of its partition are handled, want 3 and 4", tries, s.in("a"))
	}
	_ = r.stop(t)

	s.progress[poison.Partition] = err.Progress // somebody decided to pass over it
	c.project(t, s, s.Handle)
	if rows := s.await(t, 9); rows[8].Offset != 5 {
		t.Errorf("row %s is next, want that behind %s", rows[8], poison)
	}
}

// TestConsumer_allStopped stops all partitions of a consumer, which ends it.
func TestConsumer_allStopped(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 2)
	c.store(t, attached("b", 1))
	c.store(t, attached(other("b"), 1))
	r := c.project(t, newTable(), func(context.Context, batch) error { return errCrash })
	err := r.result(t)
	if !errors.Is(err, errCrash) || strings.Count(err.Error(), "stopped at") != 2 {
		t.Errorf("the consumer ended with %v, want two StoppedErrors", err)
	}
}

// TestConsumer_parts stops inside of the events that one was upcast to, and
// goes on there.
func TestConsumer_parts(t *testing.T) {
	t.Parallel()
	many := &ledgerv1.BatchMade{Entries: []*ledgerv1.Entry{{Amount: 1}, {Amount: 2}, {Amount: 3}}}
	for name, keep := range map[string]bool{"by the projection": true, "by Kafka": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t, 1, 2)
			c.store(t, forged("a", many, &ledgerv1.Audited{}, many))
			s := newTable()
			for _, rows := range []int{2, 5, 6} { // handled by one process after the other
				handle := func(ctx context.Context, b batch) error {
					if len(s.await(t, 0)) == rows {
						return errCrash
					}
					return s.Handle(ctx, b)
				}
				r := c.consumer(t, func(ctx context.Context, e *kafka.Engine) error {
					if keep {
						return kafka.Project(ctx, e, "rows", ledgers(), wrapped{s, handle}, kafka.BatchSize(1))
					}
					return kafka.Consume(ctx, e, "rows", ledgers(), handle, kafka.BatchSize(1))
				})
				s.await(t, rows)
				_ = r.stop(t)
			}
			var got []string
			for _, p := range s.await(t, 6) {
				got = append(got, strings.TrimPrefix(p.String(), fmt.Sprint(p.Partition)))
			}
			if want := "[:0 :0.1 :0.2 :2 :2.1 :2.2]"; fmt.Sprint(got) != want {
				t.Errorf("handled %s, want %s", got, want)
			}
		})
	}
}
