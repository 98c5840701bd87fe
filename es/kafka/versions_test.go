package kafka_test

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
)

// doubled is a ledger whose Apply changed its meaning.
type doubled struct{ ledgerv1.Behavior }

func (b doubled) ApplyPosted(m es.Meta, s *ledgerv1.Ledger, e *ledgerv1.Posted) {
	e = proto.CloneOf(e)
	e.Entry.Amount *= 2
	b.Behavior.ApplyPosted(m, s, e)
}

// respecified is an aggregate type with another spec.
type respecified struct {
	es.Aggregate

	spec *es.Spec
}

func (r respecified) Spec() *es.Spec { return r.spec }

// TestSnapshotsOfVersions lets old and new code take turns, whose states differ.
// Each has its own snapshots, and uses no others.
func TestSnapshotsOfVersions(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*es.Spec){
		"fingerprint":   func(s *es.Spec) { s.Fingerprint = "another" },
		"state version": func(s *es.Spec) { s.StateVersion++ },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t, 1, 1)
			today := ledgerv1.LedgerType(ledgerv1.Behavior{})
			spec := *today.Spec()
			change(&spec)
			changed := respecified{Aggregate: ledgerv1.LedgerType(doubled{}), spec: &spec}

			p := c.process(t)
			p.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: "a"}, "open")
			posted := int64(0)
			balance := func(s es.Store, want int64) {
				t.Helper()
				rev, err := es.Load[*ledgerv1.Ledger](t.Context(), s, "a", []es.LoadOption{es.Fresh()})
				if err != nil || rev.State.GetBalance() != want {
					t.Errorf("%v, %v; want a balance of %d", rev.State, err, want)
				}
			}
			turn := func(a es.Aggregate, factor int64) {
				t.Helper()
				if err := p.Close(); err != nil {
					t.Fatal(err)
				}
				c.Compact()
				p = c.processOf(t, a, kafka.CheckpointEvery(1))
				for range 15 {
					p.mustExecute(t, post(1), "")
					posted++
				}
				balance(p.ledgers, factor*posted)
			}
			for range 2 {
				turn(today, 1)
				balance(p.Bind(changed), 2*posted) // beside each other in one process
				turn(changed, 2)
				balance(p.Bind(today), posted)
			}
			snapshots := c.snapshots(t, "a")
			if len(snapshots) != 2 {
				t.Fatalf("there are the snapshots %v, want two", snapshots)
			}
			first := int64(1 << 62)
			for _, s := range snapshots {
				first = min(first, s.Offset)
			}
			c.cut(t, topic, 0, first+1) // from here on only snapshots can help
			turn(today, 1)
			turn(changed, 2)
		})
	}
}
