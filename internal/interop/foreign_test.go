//go:build unix

package interop

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/examples/bank/accounts"
	bankv1 "github.com/esgen-dev/esgen/examples/bank/gen/bank/v1"
)

// foreign has a producer that knows nothing of the engine write a record to a
// partition of events. The partition is refused, and the error says where;
// accounts of other partitions go on.
func (w *world) foreign(t *testing.T) {
	t.Helper()
	where := make(map[string]int32) // by account
	for _, ev := range w.feed(t) {
		where[ev.AggregateID] = ev.Position.Partition
	}
	harmed := where["acc-0"]
	printed := python(t, "write.py", w.Brokers()[0], account().Spec().Topic, fmt.Sprint(harmed), "acc-0")
	offset, err := strconv.ParseInt(strings.TrimSpace(string(printed)), 10, 64)
	if err != nil {
		t.Fatal(err)
	}

	s := w.open(t).Bind(account())
	for _, id := range customers()[3:] {
		_, _, err := s.Execute(t.Context(), &bankv1.OpenAccount{AccountId: id, Owner: "somebody"}, es.NewCommandOptions())
		if where[id] == harmed {
			w.refuses(t, err, harmed, offset)
		} else if !errors.Is(err, es.ErrExists) {
			t.Errorf("account %s of partition %d: error %v, want ErrExists", id, where[id], err)
		}
	}
	w.feedStops(t, harmed, offset)
}

// feedStops reads the feed to where it stops.
func (w *world) feedStops(t *testing.T, harmed int32, offset int64) {
	t.Helper()
	var last error
	for ev, err := range bankv1.NewAccountReader(w.open(t), accounts.Account{}).Feed(t.Context(), es.Start()) {
		if last = err; err == nil && ev.Position.Partition == harmed && ev.Position.Offset >= offset {
			t.Errorf("the feed has an event at %v", ev.Position)
		}
	}
	w.refuses(t, last, harmed, offset)
}

// refuses fails the test unless an error says that a record is foreign.
func (*world) refuses(t *testing.T, err error, partition int32, offset int64) {
	t.Helper()
	damage, ok := errors.AsType[*kafka.LogError](err)
	if !ok || damage.Topic != account().Spec().Topic || damage.Partition != partition || damage.Offset != offset ||
		!strings.Contains(err.Error(), "not written by this engine") {
		t.Errorf("error %v, want a LogError of partition %d, offset %d: not written by this engine", err, partition, offset)
	}
}
