package golang_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/memory"
	"github.com/esgen-dev/esgen/testdata/golang/fates"
)

// chain is the behavior of an aggregate whose event has three predecessors.
type chain struct{}

func (chain) HandleExtend(_ es.Meta, _ *fates.Chain, c *fates.Extend) ([]fates.ExtendOutcome, error) {
	return []fates.ExtendOutcome{&fates.Extended{Link: c.GetLink()}}, nil
}

func (chain) ApplyExtended(_ es.Meta, s *fates.Chain, e *fates.Extended) {
	s.Links = append(s.Links, e.GetLink())
}

func (chain) UpcastExtendedV1(_ es.Meta, e *fates.ExtendedV1) *fates.ExtendedV2 {
	return &fates.ExtendedV2{Link: string(e.GetLink()) + "1"}
}

func (chain) UpcastExtendedV2(_ es.Meta, e *fates.ExtendedV2) *fates.ExtendedV3 {
	return &fates.ExtendedV3{Links: []string{e.GetLink() + "2", e.GetLink()}}
}

func (chain) UpcastExtendedV3(_ es.Meta, e *fates.ExtendedV3) []fates.ChainEvent {
	var events []fates.ChainEvent
	for _, link := range e.GetLinks() {
		events = append(events, &fates.Extended{Link: link + "3"})
	}
	return events
}

// gone is the behavior of an aggregate without Upcast methods.
type gone struct{}

func (gone) HandleCount(es.Meta, *fates.Gone, *fates.Count) ([]fates.CountOutcome, error) {
	return []fates.CountOutcome{&fates.Counted{}}, nil
}

func (gone) ApplyCounted(_ es.Meta, s *fates.Gone, _ *fates.Counted) { s.Count++ }

func TestUpcast(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		events es.Events
		stored proto.Message
		want   []proto.Message
	}{
		"the whole chain": {
			fates.ChainType(chain{}),
			&fates.ExtendedV1{Link: []byte("a")},
			[]proto.Message{&fates.Extended{Link: "a123"}, &fates.Extended{Link: "a13"}},
		},
		"the end of the chain": {
			fates.ChainType(chain{}),
			&fates.ExtendedV3{Links: []string{"a"}},
			[]proto.Message{&fates.Extended{Link: "a3"}},
		},
		"into nothing": {fates.ChainType(chain{}), &fates.ExtendedV3{}, nil},
		"an event of today": {
			fates.ChainType(chain{}),
			&fates.Extended{Link: "a"},
			[]proto.Message{&fates.Extended{Link: "a"}},
		},
		"retired": {fates.GoneType(gone{}), &fates.Guessed{}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := test.events.Upcast(es.Meta{}, test.stored)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got, protocmp.Transform()); diff != "" {
				t.Errorf("upcast (-want +got):\n%s", diff)
			}
		})
	}
}

// TestReader_withoutUpcasts compiles only while the constructor has no
// parameter that nobody could fill.
func TestReader_withoutUpcasts(t *testing.T) {
	t.Parallel()
	engine := memory.New()
	t.Cleanup(func() { _ = engine.Close() })
	if _, err := fates.NewGoneAggregate(engine, gone{}).Count(t.Context(), &fates.Count{Id: "a"}); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err := range fates.NewGoneReader(engine).Feed(t.Context(), es.Start()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 1 {
		t.Errorf("%d events, want 1", n)
	}
}
