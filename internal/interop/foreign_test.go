//go:build unix

package interop

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/examples/bank/accounts"
	bankv1 "github.com/esgen-dev/esgen/examples/bank/gen/bank/v1"
)

// foreign has a producer that knows nothing of the engine write a record behind
// the events of one partition. Whoever reads there stops, and says where; other
// partitions go on.
func (w *world) foreign(t *testing.T) {
	t.Helper()
	events := w.feed(t)
	where := make(map[string]int32) // by account
	for _, ev := range events {
		where[ev.AggregateID] = ev.Position.Partition
	}
	d := damage{partition: where["acc-0"]}
	printed := python(t, "write.py", w.Brokers()[0], account().Spec().Topic, fmt.Sprint(d.partition), "acc-0")
	var err error
	if d.offset, err = strconv.ParseInt(strings.TrimSpace(string(printed)), 10, 64); err != nil {
		t.Fatal(err)
	}

	s := w.open(t).Bind(account())
	for _, id := range customers() {
		_, _, err := s.Execute(t.Context(), &bankv1.OpenAccount{AccountId: id, Owner: "somebody"}, es.NewCommandOptions())
		if where[id] == d.partition {
			d.isSaidBy(t, err)
		} else if !errors.Is(err, es.ErrExists) {
			t.Errorf("account %s of partition %d: error %v, want ErrExists", id, where[id], err)
		}
	}
	w.feedStops(t, d)
	w.consumerStops(t, d, len(events))
}

// damage is where the record lies that does not belong there.
type damage struct {
	partition int32
	offset    int64
}

// isSaidBy fails the test unless an error says what is wrong, and where.
func (d damage) isSaidBy(t *testing.T, err error) {
	t.Helper()
	said, ok := errors.AsType[*kafka.LogError](err)
	if !ok || said.Topic != account().Spec().Topic || said.Partition != d.partition || said.Offset != d.offset ||
		!strings.Contains(err.Error(), "not written by this engine") {
		t.Errorf("error %v, want a LogError of partition %d, offset %d: not written by this engine", err, d.partition, d.offset)
	}
}

// feedStops reads the feed to where it stops.
func (w *world) feedStops(t *testing.T, d damage) {
	t.Helper()
	var last error
	for ev, err := range bankv1.NewAccountReader(w.open(t), accounts.Account{}).Feed(t.Context(), es.Start()) {
		if last = err; err == nil && ev.Position.Partition == d.partition && ev.Position.Offset >= d.offset {
			t.Errorf("the feed has an event at %v", ev.Position)
		}
	}
	d.isSaidBy(t, last)
}

// consumerStops lets a consumer read all events, in front of the record and in
// the other partitions. It is stopped in one partition only.
func (w *world) consumerStops(t *testing.T, d damage, events int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var missing atomic.Int64 // events, and the stop
	missing.Store(int64(events) + 1)
	done := func(n int) {
		if missing.Add(-int64(n)) <= 0 {
			cancel()
		}
	}
	err := kafka.Consume(ctx, w.open(t), "reader", account(), func(_ context.Context, b kafka.Batch[bankv1.AccountEvent]) error {
		done(len(b.Events))
		return nil
	}, kafka.OnStopped(func(*kafka.StoppedError) { done(1) }))
	if n := missing.Load(); n != 0 {
		t.Errorf("%d events and stops are missing, want none", n)
	}
	stopped, ok := errors.AsType[*kafka.StoppedError](err)
	if !ok || stopped.Partition.ID != d.partition {
		t.Fatalf("the consumer ended with %v, want that it stopped in partition %d", err, d.partition)
	}
	d.isSaidBy(t, stopped.Err)
}
