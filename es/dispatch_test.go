package es_test

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// still is a behaviour that does nothing, so that what is measured is how it
// is called.
type still struct{ ledgerv1.Behavior }

func (still) ApplyLedgerOpened(es.Meta, *ledgerv1.Ledger, *ledgerv1.LedgerOpened) {}
func (still) ApplyPosted(es.Meta, *ledgerv1.Ledger, *ledgerv1.Posted)             {}
func (still) ApplyAttached(es.Meta, *ledgerv1.Ledger, *ledgerv1.Attached)         {}
func (still) ApplyLedgerClosed(es.Meta, *ledgerv1.Ledger, *ledgerv1.LedgerClosed) {}

// Replaying an event costs what decoding it and the behaviour cost: to find the
// method takes no memory.
func TestDispatch_allocates_nothing(t *testing.T) { //nolint:paralleltest // it counts what the process allocates
	a := ledgerv1.LedgerType(still{})
	state, m := a.NewState(), es.Meta{AggregateID: "l", Version: 1, CommandID: "c"}
	events := []proto.Message{&ledgerv1.LedgerOpened{}, posted(1), &ledgerv1.Attached{}, &ledgerv1.LedgerClosed{}}
	command := &ledgerv1.Post{LedgerId: "l"}
	for name, f := range map[string]func(){
		"apply": func() {
			for _, e := range events {
				if !a.Apply(m, state, e) {
					t.Fatalf("%T is not applied", e)
				}
			}
		},
		"type of": func() {
			for _, e := range events {
				if a.TypeOf(e) == "" {
					t.Fatalf("%T has no type", e)
				}
			}
		},
		"target": func() {
			if target, ok := a.Target(command); !ok || target.ID != "l" {
				t.Fatalf("target %+v", target)
			}
		},
	} {
		if n := testing.AllocsPerRun(100, f); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
