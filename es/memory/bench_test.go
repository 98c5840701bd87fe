package memory_test

import (
	"strconv"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/memory"
)

// light folds with as little work as a service could have, so that what is
// left is the engine's.
type light struct{ ledgerv1.Behavior }

func (light) ApplyPosted(_ es.Meta, s *ledgerv1.Ledger, e *ledgerv1.Posted) {
	s.Balance += e.GetEntry().GetAmount()
}

// withoutSnapshots is an aggregate that is always folded from its first event.
func withoutSnapshots(b ledgerv1.LedgerBehavior) es.Aggregate {
	return respec(b, func(s *es.Spec) { s.SnapshotEvery = 0 })
}

// fill appends n events to one ledger and returns their bytes.
func fill(b *testing.B, engine es.Engine, id string, n int) [][]byte {
	b.Helper()
	store := engine.Bind(withoutSnapshots(light{}))
	if _, _, err := store.Execute(b.Context(), &ledgerv1.OpenLedger{LedgerId: id}, es.CommandOptions{}); err != nil {
		b.Fatal(err)
	}
	batch := &ledgerv1.PostBatch{LedgerId: id}
	for i := range n - 1 {
		batch.Entries = append(batch.Entries, &ledgerv1.Entry{Amount: int64(i), Tag: "tag-" + strconv.Itoa(i)})
	}
	_, posted, err := store.Execute(b.Context(), batch, es.CommandOptions{})
	if err != nil {
		b.Fatal(err)
	}
	var data [][]byte
	for _, e := range posted {
		bytes, err := proto.Marshal(e)
		if err != nil {
			b.Fatal(err)
		}
		data = append(data, bytes)
	}
	return data
}

// BenchmarkLoad1000 folds 1000 stored events, and compares that with nothing
// but decoding the same bytes.
func BenchmarkLoad1000(b *testing.B) {
	const events = 1000
	engine := memory.New()
	data := fill(b, engine, "l", events)

	b.Run("unmarshal", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, d := range data {
				if err := proto.Unmarshal(d, new(ledgerv1.Posted)); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*events), "ns/event")
	})
	b.Run("load", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			store := engine.Bind(withoutSnapshots(light{})) // a new binding has no cached state
			if _, err := store.Load(b.Context(), "l", es.ReadOptions{}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*events), "ns/event")
	})
	b.Run("history", func(b *testing.B) {
		b.ReportAllocs()
		reader := engine.Reader(withoutSnapshots(light{}))
		for b.Loop() {
			for _, err := range reader.History(b.Context(), "l", es.ReadOptions{}) {
				if err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*events), "ns/event")
	})
}

// BenchmarkExecute decides commands of one event each.
func BenchmarkExecute(b *testing.B) {
	engine := memory.New()
	fill(b, engine, "l", 2)
	ledgers := ledgerv1.NewLedgerAggregate(engine, light{})
	post := &ledgerv1.Post{LedgerId: "l", Entry: &ledgerv1.Entry{Amount: 1, Tag: "a"}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ledgers.Post(b.Context(), post); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLoad copies the current state.
func BenchmarkLoad(b *testing.B) {
	engine := memory.New()
	fill(b, engine, "l", 100)
	ledgers := ledgerv1.NewLedgerAggregate(engine, light{})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ledgers.Load(b.Context(), "l"); err != nil {
			b.Fatal(err)
		}
	}
}
