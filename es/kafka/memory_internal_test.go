package kafka

import (
	"fmt"
	"runtime"
	"testing"
	"time"
	"weak"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// TestMemory_large lets go of what a large batch needed.
func TestMemory_large(t *testing.T) {
	t.Parallel()
	m := new(memory)
	m.encoder.Format.Source = "test"
	store := func(n, size int) *kgo.Record {
		t.Helper()
		key, value, headers, err := m.encoder.Encode(&record.Event{
			Record: es.Record{
				Meta: es.Meta{AggregateID: "a", Version: 1, CommandID: fmt.Sprint(n), Time: time.Unix(0, 0)},
				Type: "t", Data: append([]byte{0x0a}, make([]byte, size)...),
			},
			Sequence: record.Sequence{Aggregate: 1, Partition: 1, Prev: record.NoPrevious, Count: 1},
			Schema:   record.Schema{Framing: record.Bare},
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return m.add(kgo.Record{Key: key, Value: value, Headers: headers})
	}
	var values []weak.Pointer[byte]
	for n := range 300 {
		values = append(values, weak.Make(&store(n, 200<<10).Value[0]))
	}
	m.reset()
	store(0, 1)
	runtime.GC()
	runtime.GC()
	for n, p := range values {
		if p.Value() != nil {
			t.Fatalf("value %d of the last batch is still there", n)
		}
	}
	runtime.KeepAlive(m)
}
