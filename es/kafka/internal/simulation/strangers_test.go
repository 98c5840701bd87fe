package simulation

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
)

// TestForeignProducer lets another program use the transactional id of a
// partition. It shuts out the owner again and again, which costs time.
func TestForeignProducer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		p := c.start(t)
		all := []result{p.must(t, openLedger(), "open")}
		for i := range 5 {
			foreign := c.client(t, kgo.TransactionalID(fmt.Sprintf("%s.%s.%d", application, eventsTopic, home())))
			if _, _, err := foreign.ProducerID(t.Context()); err != nil {
				t.Fatal(err)
			}
			foreign.Close()
			res := p.must(t, postAmount(1), fmt.Sprint(i))
			if res.Duplicate {
				t.Errorf("%+v: it was not executed before", res.Receipt)
			}
			all = append(all, res)
		}
		c.audit(t, 6, all...)
	})
}

// TestForeignTransaction leaves a transaction of another program open in the
// topic of events. What lies behind it cannot be read by anybody, so a takeover
// waits until the transaction times out.
func TestForeignTransaction(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		p := c.start(t)
		opened := p.must(t, openLedger(), "open")
		p.stop()
		foreign := c.client(t, kgo.TransactionalID("foreign"), kgo.TransactionTimeout(10*time.Second), kgo.RecordPartitioner(kgo.ManualPartitioner()))
		t.Cleanup(foreign.Close)
		if err := foreign.BeginTransaction(); err != nil {
			t.Fatal(err)
		}
		r := &kgo.Record{Topic: eventsTopic, Partition: home(), Value: []byte("never committed")}
		if err := foreign.ProduceSync(t.Context(), r).FirstErr(); err != nil {
			t.Fatal(err)
		}
		posted := c.start(t).stubborn(t, postAmount(5), "post")
		c.audit(t, 2, opened, posted)
	})
}

// TestTwoApplications lets two applications with different names write the same
// topics, which nothing in Kafka prevents. The log is damaged by that, and
// whoever reads it says so.
func TestTwoApplications(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, small())
		one := c.start(t)
		one.must(t, openLedger(), "open")
		two := c.openAs(t, "another")
		two.ledgers = two.engine.Bind(ledgerType())
		var refused error
		for i := range 10 {
			for _, p := range []*process{one, two} {
				if _, err := p.execute(t.Context(), postAmount(1), es.CommandID(fmt.Sprint(i, p == one))); err != nil {
					refused = err
				}
			}
		}
		if refused == nil {
			_, refused = two.feed(t)
		}
		wantLogError(t, refused, home())
	})
}
