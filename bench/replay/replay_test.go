package replay_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/bench/replay"
)

const events = 1000

func BenchmarkFold(b *testing.B) {
	for _, c := range replay.Contenders() {
		if c.Fold != nil {
			b.Run(c.Name, func(b *testing.B) { measure(b, c.Fold) })
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for _, c := range replay.Contenders() {
		if c.Load != nil {
			b.Run(c.Name, func(b *testing.B) { measure(b, c.Load) })
		}
	}
}

func measure(b *testing.B, prepare func(int) (replay.Run, error)) {
	b.Helper()
	run, err := prepare(events)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := run(); err != nil {
			b.Fatal(err)
		}
	}
}

// All contenders come to the same state, so they did the same work.
func TestContendersAgree(t *testing.T) {
	t.Parallel()
	want := replay.State{
		Owner: "Ada Lovelace", Currency: "EUR", LastReference: "booking-000009",
		BalanceCents: 1 + 2 - 3 + 4 + 5 - 6 + 7 + 8 - 9, Entries: 9, Version: 10,
	}
	for _, c := range replay.Contenders() {
		for name, prepare := range map[string]func(int) (replay.Run, error){"fold": c.Fold, "load": c.Load} {
			if prepare == nil {
				continue
			}
			t.Run(c.Name+"/"+name, func(t *testing.T) {
				t.Parallel()
				run, err := prepare(10)
				if err != nil {
					t.Fatal(err)
				}
				for range 2 { // the second time as the first
					got, err := run()
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("state (-want +got):\n%s", diff)
					}
				}
			})
		}
	}
}
