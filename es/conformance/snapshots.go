package conformance

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// snapshots tests that a state that was stored is as good as all events. The
// ledger has one stored after every ten.
func (s *suite) snapshots(t *testing.T) {
	s.test(t, "equal a full replay", testSnapshots)
	for name, change := range map[string]func(*es.Spec){
		"of another fingerprint are ignored":   func(s *es.Spec) { s.Fingerprint = "another" },
		"of another state version are ignored": func(s *es.Spec) { s.StateVersion++ },
	} {
		s.test(t, name, func(e *env) { testOtherSnapshots(e, change) })
	}
}

// testSnapshots looks at every version while it is the last one, and again
// when all are stored, always through bindings that have nothing cached.
func testSnapshots(e *env) {
	commands := []ledgerv1.LedgerCommand{
		post("a", 3), batch(2), &ledgerv1.Attach{LedgerId: "a", Data: []byte("x")}, post("a", 1), batch(11),
	}
	e.create("a")
	for i := 0; len(e.journals["a"]) < 45; i++ {
		e.do(commands[i%len(commands)])
		e.another().check("a")
	}
	fresh := e.another()
	journal := e.journals["a"]
	for v := range journal {
		rev, err := fresh.load("a", es.AtVersion(uint64(v)+1))
		if err != nil {
			e.t.Fatal(err)
		}
		fresh.sameState(rev, journal[:v+1])
	}
}

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

func testOtherSnapshots(e *env, change func(*es.Spec)) {
	changed := func() *env {
		a := ledgerv1.LedgerType(doubled{})
		spec := *a.Spec()
		change(&spec)
		return e.bound(respecified{Aggregate: a, spec: &spec})
	}
	e.create("a")
	for range 2 {
		for range 24 {
			e.do(post("a", 1))
		}
		checkFold(changed(), doubled{}, "a")
		writer := changed()
		for range 17 {
			writer.do(post("a", 1))
		}
		checkFold(e, ledgerv1.Behavior{}, "a")
		checkFold(e.another(), ledgerv1.Behavior{}, "a")
	}
	// A decision stands on the state too: the balance is 82 here and 164 there.
	_, err := e.another().execute(post("a", -100))
	e.wantError(err, ledgerv1.ErrOverdrawn)
	changed().do(post("a", -100))
}

// checkFold loads every version of an aggregate and compares it with a fold of
// the journal.
func checkFold(e *env, b ledgerv1.LedgerBehavior, id string) {
	e.t.Helper()
	journal := e.journals[id]
	for v := len(journal); v > 0; v-- {
		rev, err := e.load(id, es.AtVersion(uint64(v)))
		if err != nil {
			e.t.Fatal(err)
		}
		if want := fold(b, journal[:v]); !proto.Equal(rev.State, want.State) {
			e.t.Fatalf("state at version %d:\n got: %v\nwant: %v", v, rev.State, want.State)
		}
	}
}
