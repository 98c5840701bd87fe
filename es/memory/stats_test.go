package memory_test

import (
	"testing"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/memory"
)

// respecified is an aggregate type with another spec.
type respecified struct {
	es.Aggregate

	spec es.Spec
}

func (r *respecified) Spec() *es.Spec { return &r.spec }

func respec(b ledgerv1.LedgerBehavior, change func(*es.Spec)) es.Aggregate {
	a := ledgerv1.LedgerType(b)
	spec := *a.Spec()
	change(&spec)
	return &respecified{Aggregate: a, spec: spec}
}

// The ledger has a snapshot after every ten events.
func TestStats(t *testing.T) {
	t.Parallel()
	engine, ledgers := opened(t)
	for range 24 {
		if _, err := ledgers.Post(t.Context(), post(1)); err != nil {
			t.Fatal(err)
		}
	}
	load := func(a es.Aggregate, o es.ReadOptions) {
		t.Helper()
		if _, err := engine.Bind(a).Load(t.Context(), "l", o); err != nil {
			t.Fatal(err)
		}
	}
	same := func(*es.Spec) {}
	want := memory.Stats{SnapshotsTaken: 2}
	for _, step := range []struct {
		name string
		do   func()
		add  memory.Stats
	}{
		{"nothing", func() {}, memory.Stats{}},
		{"a new binding", func() { load(respec(ledgerv1.Behavior{}, same), es.ReadOptions{}) }, memory.Stats{SnapshotsUsed: 1}},
		{"a past version", func() { load(respec(ledgerv1.Behavior{}, same), es.ReadOptions{AtVersion: 15}) }, memory.Stats{SnapshotsUsed: 1}},
		{"the version of the first", func() { load(respec(ledgerv1.Behavior{}, same), es.ReadOptions{AtVersion: 10}) }, memory.Stats{SnapshotsUsed: 1}},
		{"before the first", func() { load(respec(ledgerv1.Behavior{}, same), es.ReadOptions{AtVersion: 9}) }, memory.Stats{}},
		{"another fingerprint", func() {
			load(respec(ledgerv1.Behavior{}, func(s *es.Spec) { s.Fingerprint = "x" }), es.ReadOptions{})
		}, memory.Stats{SnapshotsIgnored: 2}},
		{"another state version", func() {
			load(respec(ledgerv1.Behavior{}, func(s *es.Spec) { s.StateVersion++ }), es.ReadOptions{AtVersion: 15})
		}, memory.Stats{SnapshotsIgnored: 1}},
	} {
		step.do()
		want.SnapshotsUsed += step.add.SnapshotsUsed
		want.SnapshotsIgnored += step.add.SnapshotsIgnored
		if got := engine.Stats(); got != want {
			t.Errorf("%s: %+v, want %+v", step.name, got, want)
			want = got
		}
	}
}

// A binding that saw the aggregate before goes on from the state it has.
func TestStats_cached(t *testing.T) {
	t.Parallel()
	engine, first := opened(t)
	second := ledgerv1.NewLedgerAggregate(engine, ledgerv1.Behavior{})
	for i := range 30 {
		for _, ledgers := range []*ledgerv1.LedgerAggregate{first, second} {
			if _, err := ledgers.Post(t.Context(), post(1), es.ExpectVersion(uint64(i)*2+1+b2u(ledgers == second))); err != nil {
				t.Fatal(err)
			}
		}
	}
	wantVersion(t, first, "l", 61)
	if got, want := engine.Stats(), (memory.Stats{SnapshotsTaken: 6}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func b2u(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// garbled is a ledger whose state cannot be encoded.
type garbled struct{ ledgerv1.Behavior }

func (g garbled) ApplyPosted(m es.Meta, s *ledgerv1.Ledger, e *ledgerv1.Posted) {
	g.Behavior.ApplyPosted(m, s, e)
	s.Owner = "\xff"
}

func TestStats_failed(t *testing.T) {
	t.Parallel()
	engine, _ := opened(t)
	ledgers := ledgerv1.NewLedgerAggregate(engine, garbled{})
	for range 10 {
		if _, err := ledgers.Post(t.Context(), post(1)); err != nil {
			t.Fatal(err)
		}
	}
	wantVersion(t, ledgers, "l", 11)
	if got, want := engine.Stats(), (memory.Stats{SnapshotsFailed: 2}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
