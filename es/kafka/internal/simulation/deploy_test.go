package simulation

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
)

// older is the ledger before it had attachments.
type older struct {
	es.Aggregate

	spec es.Spec
}

const newType = "ledger.v1.Attached"

func newOlder() *older {
	o := &older{Aggregate: ledgerType()}
	o.spec = *o.Aggregate.Spec()
	o.spec.Fingerprint = "of the older code"
	o.spec.Events = slices.DeleteFunc(slices.Clone(o.spec.Events), func(e es.EventSpec) bool { return e.Type == newType })
	return o
}

// Spec implements [es.Events].
func (o *older) Spec() *es.Spec { return &o.spec }

// New implements [es.Events].
func (o *older) New(typ string) (proto.Message, bool) {
	if typ == newType {
		return nil, false
	}
	return o.Aggregate.New(typ)
}

// TestDeploy deploys code that stores events of a new type, and takes it back.
// The old code refuses the partitions where there are such events, and serves
// the others; nothing is lost, and the new code serves all of them again.
func TestDeploy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		before := c.startCode(t, newOlder())
		all := []result{before.must(t, openLedger(), "open")}
		other := stranger()
		before.must(t, &ledgerv1.OpenLedger{LedgerId: other}, "open")

		after := c.start(t) // it joins, and the old one leaves
		before.stop()
		all = append(all, after.eventually(t, attachBytes(), "attach"))
		after.stop() // that was a mistake

		back := c.startCode(t, newOlder())
		var outdated *kafka.OutdatedError
		if _, err := back.execute(t.Context(), postAmount(1)); !errors.As(err, &outdated) || !slices.Contains(outdated.Types, newType) {
			t.Errorf("error %v, want an OutdatedError that names %s", err, newType)
		}
		if _, err := back.load(t.Context(), "a"); !errors.As(err, &outdated) {
			t.Errorf("error %v, want an OutdatedError", err)
		}
		back.must(t, &ledgerv1.Post{LedgerId: other, Entry: &ledgerv1.Entry{Amount: 1}}, "still")
		back.stop()

		all = append(all, c.start(t).must(t, postAmount(5), "post"))
		c.audit(t, 5, all...)
	})
}

// startCode starts a process with other code.
func (c *cluster) startCode(t *testing.T, code es.Aggregate) *process {
	t.Helper()
	p := c.open(t)
	p.ledgers = p.engine.Bind(code)
	return p
}
