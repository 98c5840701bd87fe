package kafka_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// expiring declares that events are deleted some day.
type expiring struct{ es.Events }

func (e expiring) Spec() *es.Spec {
	s := *e.Events.Spec()
	s.Retention = time.Hour
	return &s
}

// TestFeed_cursor reads from cursors that fit the log, and from others. The log
// has events at the offsets 0 to 2 and 5 to 6, and an aborted one between.
func TestFeed_cursor(t *testing.T) {
	t.Parallel()
	at := func(next string) string { return map[int32]string{0: "0:", 1: "1:"}[record.Partition("a", 2)] + next }
	for name, tc := range map[string]struct {
		cursor  string
		cut     int64
		expires bool
		events  int
		want    string // part of the error
	}{
		"the start":                         {cursor: "", events: 5},
		"behind an event":                   {cursor: at("2.1"), events: 2},
		"behind the last event":             {cursor: at("6.1"), events: 0},
		"behind the end":                    {cursor: at("9.1"), want: "the log ends here, and the reader had come to offset 9"},
		"at the end, of which it read":      {cursor: at("7.1"), want: "the log ends here"},
		"in a gap":                          {cursor: at("3.1"), want: "the event at offset 3, which the reader had come to, is missing"},
		"below the start":                   {cursor: at("1.1"), cut: 5, want: "the log starts at offset 5: events were deleted"},
		"the start, of which nothing is":    {cursor: "", cut: 5, want: "the log starts at offset 5: events were deleted"},
		"the start, of a log that expires":  {cursor: "", cut: 5, expires: true, events: 2},
		"below the start of one":            {cursor: at("1.1"), cut: 5, expires: true, want: "the log starts at offset 5"},
		"behind an event of one":            {cursor: at("5.1"), cut: 5, expires: true, events: 1},
		"the start, of one that is empty":   {cursor: "", cut: 7, expires: true, events: 0},
		"the start, of one that lost all":   {cursor: "", cut: 7, want: "the log starts at offset 7"},
		"text of another number of parts":   {cursor: at("2.7"), events: 2},
		"text that says where to read next": {cursor: at("4"), events: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t, 1, 2)
			events := attached("a", 5)
			c.store(t, events[:3])
			c.abort(t, record.Partition("a", 2))
			events[4].Sequence.Prev = 5
			c.store(t, events[3:])
			if tc.cut > 0 {
				c.cut(t, topic, record.Partition("a", 2), tc.cut)
			}
			var cursor es.Cursor
			if err := cursor.UnmarshalText([]byte(tc.cursor)); err != nil {
				t.Fatal(err)
			}
			declared := ledgers()
			if tc.expires {
				declared = expiring{declared}
			}
			n := 0
			var failed error
			quick := kafka.Budget(time.Second) // a dozen of them, until a log counts as cut
			for _, err := range es.Feed[ledgerv1.LedgerEvent](t.Context(), c.open(t, quick).Reader(declared), cursor, nil) {
				if failed = err; err == nil {
					n++
				}
			}
			if _, ok := errors.AsType[*kafka.LogError](failed); ok != (tc.want != "") || ok && !strings.Contains(failed.Error(), tc.want) {
				t.Errorf("error %v, want a LogError: %q", failed, tc.want)
			}
			if n != tc.events {
				t.Errorf("%d events, want %d", n, tc.events)
			}
		})
	}
}

// abort stores a record that nobody sees, and what says so.
func (c *cluster) abort(t *testing.T, partition int32) {
	t.Helper()
	client := c.client(t, kgo.TransactionalID("aborts"), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	defer client.Close()
	err := client.BeginTransaction()
	if err == nil {
		err = client.ProduceSync(t.Context(), &kgo.Record{Topic: topic, Partition: partition, Value: []byte("x")}).FirstErr()
	}
	if err == nil {
		err = client.EndTransaction(t.Context(), kgo.TryAbort)
	}
	if err != nil {
		t.Fatal(err)
	}
}
