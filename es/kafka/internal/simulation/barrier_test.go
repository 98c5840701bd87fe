package simulation

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/topics"
)

// realKafka names the brokers of a real cluster, with commas, for what the fake
// one cannot show: there, a commit is visible everywhere before it is answered.
const realKafka = "ESGEN_TEST_KAFKA"

// TestBarrier hands a partition from one process to the next as soon as a
// command is acknowledged. Each has to know what the one before acknowledged.
func TestBarrier(t *testing.T) {
	t.Parallel()
	brokers := os.Getenv(realKafka)
	if brokers == "" {
		t.Skipf("NOT SHOWN: it takes a real cluster: set %s to its brokers", realKafka)
	}
	seeds := kgo.SeedBrokers(strings.Split(brokers, ",")...)
	typ := newPrivateType(t, seeds)
	for n := range uint64(50) {
		p := openReal(t, seeds, typ)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if n > 0 {
			rev, err := p.load(ctx, "a", es.Fresh())
			if err != nil || rev.Version != n+1 {
				t.Fatalf("process %d sees version %d, %v, and version %d was acknowledged", n, rev.Version, err, n+1)
			}
		}
		if res, err := p.execute(ctx, attachBytes(), es.CommandID(fmt.Sprint(n))); err != nil || res.Version != n+2 {
			t.Fatalf("process %d: version %d, %v, want version %d", n, res.Version, err, n+2)
		}
		p.stop()
	}
}

// privateType is the ledger with topics of its own.
type privateType struct {
	es.Aggregate

	spec es.Spec
}

// Spec implements [es.Events].
func (p *privateType) Spec() *es.Spec { return &p.spec }

func newPrivateType(t *testing.T, seeds kgo.Opt) *privateType {
	t.Helper()
	typ := &privateType{Aggregate: ledgerType()}
	typ.spec = *typ.Aggregate.Spec()
	typ.spec.Topic = "esgen-test-" + rand.Text()
	typ.spec.Partitions = 1
	client, err := kgo.NewClient(seeds)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	admin := kadm.NewClient(client)
	wanted, err := topics.Wanted([]topics.Aggregate{{Topic: typ.spec.Topic, Partitions: 1}}, topics.SingleBroker())
	if err != nil {
		t.Fatal(err)
	}
	plan, err := topics.MakePlan(t.Context(), admin, wanted, topics.Options{})
	if err == nil {
		err = topics.Apply(t.Context(), admin, plan, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = admin.DeleteTopics(context.Background(), wanted[0].Name, wanted[1].Name, wanted[2].Name)
	})
	return typ
}

// openReal starts a process on a real cluster.
func openReal(t *testing.T, seeds kgo.Opt, typ es.Aggregate) *process {
	t.Helper()
	e, err := kafka.Open(typ.Spec().Topic, kafka.Client(seeds), kafka.Profile(topics.SingleBroker()))
	if err != nil {
		t.Fatal(err)
	}
	p := newProcess(nil)
	p.engine, p.ledgers = e, e.Bind(typ)
	t.Cleanup(p.stop)
	return p
}
