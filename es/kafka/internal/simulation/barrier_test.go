//go:build unix

package simulation

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/topics"
	"github.com/esgen-dev/esgen/internal/realkafka"
)

// TestBarrier hands a partition from one process to the next as soon as a
// command is acknowledged. Each has to know what the one before acknowledged.
func TestBarrier(t *testing.T) {
	t.Parallel()
	c := realkafka.ForTest(t, realkafka.Options{Nodes: 3})
	createReal(t, c)
	for n := range uint64(30) {
		p := openReal(t, c)
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

func createReal(t *testing.T, c *realkafka.Cluster) {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(c.Brokers()...))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	wanted, err := topics.Wanted([]topics.Aggregate{{Topic: eventsTopic, Partitions: partitions}}, topics.Production())
	if err != nil {
		t.Fatal(err)
	}
	admin := kadm.NewClient(client)
	plan, err := topics.MakePlan(t.Context(), admin, wanted, topics.Options{})
	if err == nil {
		err = topics.Apply(t.Context(), admin, plan, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func openReal(t *testing.T, c *realkafka.Cluster) *process {
	t.Helper()
	e, err := kafka.Open(application, kafka.Client(kgo.SeedBrokers(c.Brokers()...)), kafka.Profile(topics.Production()))
	if err != nil {
		t.Fatal(err)
	}
	p := newProcess(nil)
	p.engine, p.ledgers = e, e.Bind(ledgerType())
	t.Cleanup(p.stop)
	return p
}
