package conformance

import (
	"errors"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

var errTooMuch = errors.New("amount is above 100")

// validate refuses amounts above 100.
func validate(c proto.Message) error {
	if p, ok := c.(*ledgerv1.Post); ok && p.GetEntry().GetAmount() > 100 {
		return errTooMuch
	}
	return nil
}

// validation tests the hook that checks commands.
func (s *suite) validation(t *testing.T) {
	s.testWith(t, "refuses commands before they are decided", Options{Clock: wallClock, Validate: validate}, func(e *env) {
		e.create("a")
		refusing := e.bound(ledgerv1.LedgerType(neverDecides{t: e.t}))
		_, err := refusing.execute(post("a", 101), es.CommandID("c"))
		e.wantError(err, errTooMuch)
		var invalid *es.InvalidCommandError
		if !errors.As(err, &invalid) || invalid.Command != "ledger.v1.Post" || invalid.AggregateID != "a" {
			e.t.Errorf("error %v, want an InvalidCommandError of ledger.v1.Post on a", err)
		}
		e.check("a")
		if res := e.do(post("a", 100), es.CommandID("c")); res.Duplicate {
			e.t.Error("the id of a command that was refused counts as seen")
		}
		e.check("a")
	})
}

// neverDecides is a ledger whose Post is not to be decided.
type neverDecides struct {
	ledgerv1.Behavior

	t *testing.T
}

func (b neverDecides) HandlePost(es.Meta, *ledgerv1.Ledger, *ledgerv1.Post) ([]ledgerv1.PostOutcome, error) {
	b.t.Error("an invalid command was decided")
	return nil, nil
}
