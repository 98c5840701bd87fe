package record_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// encoded is what became of an event.
type encoded struct {
	Key, Value []byte
	Headers    []record.Header
}

// encode encodes an event alone.
func encode[H record.AnyHeader](f record.Format, ev *record.Event) (value []byte, headers []H, err error) {
	e := record.Encoder[H]{Format: f}
	_, value, headers, err = e.Encode(ev, nil)
	return value, headers, err
}

// TestEncoder encodes many events before it looks at the first one, and more in
// the same memory: each is what it would be alone, although something was
// appended to all its parts.
func TestEncoder(t *testing.T) {
	t.Parallel()
	for _, f := range []record.Format{cloudEvents, {Envelope: record.Compact}} {
		e := record.Encoder[record.Header]{Format: f}
		for round := range 3 {
			var got, want []encoded
			for n := range 100 {
				ev := full()
				ev.AggregateID = fmt.Sprintf("%d/%d", round, n)
				ev.Data = []byte("\x0a" + strings.Repeat("x", n))
				if n%2 > 0 {
					ev.Schema = record.Schema{Framing: record.Prefix, ID: int32(n)}
				}
				others := []record.Header{{Key: "traceparent", Value: []byte(ev.AggregateID)}}
				value, headers, err := encode[record.Header](f, ev)
				if err != nil {
					t.Fatal(err)
				}
				want = append(want, encoded{[]byte(ev.AggregateID), value, append(headers, others...)})
				var one encoded
				if one.Key, one.Value, one.Headers, err = e.Encode(ev, others); err != nil {
					t.Fatal(err)
				}
				got = append(got, one)
			}
			for _, one := range got {
				_, _, _ = append(one.Key, "!"...), append(one.Value, "!"...), append(one.Headers, record.Header{Key: "!"})
				for _, h := range one.Headers {
					_ = append(h.Value, "!"...)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			e.Reset()
		}
	}
}
