package kafka_test

import (
	"testing"

	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
)

// TestLeadersMove moves the leader of a partition before an aggregate is read
// that is not in memory, from where others were read before.
func TestLeadersMove(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 3, 1)
	p := c.process(t, kafka.Memory(0))
	for _, id := range []string{"a", "b", "c"} {
		p.mustExecute(t, &ledgerv1.OpenLedger{LedgerId: id}, "open")
	}
	for _, id := range []string{"a", "b", "c", "a"} {
		if _, err := p.load(t, id); err != nil {
			t.Fatal(err)
		}
		if err := c.MoveTopicPartition(topic, 0, (c.LeaderFor(topic, 0)+1)%3); err != nil {
			t.Fatal(err)
		}
	}
}
