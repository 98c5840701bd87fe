//go:build unix

package kafka_test

import (
	"testing"
	"time"

	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// TestRealHungCoordinator stops a node that takes connections from then on and
// never answers. It coordinates the transactions of a partition, or its group,
// and does nothing else for it. When the cluster has put another node in its
// place, commands go on, however long the first one hangs:
//
//	ESGEN_REAL_KAFKA=1 go test -run TestRealHungCoordinator -v ./es/kafka
func TestRealHungCoordinator(t *testing.T) {
	c := newReal(t, 3)
	hung := c.Nodes[2]
	for _, topic := range []string{"__transaction_state", "__consumer_offsets"} {
		t.Run(topic, func(t *testing.T) {
			c.coordinate(t, c.Nodes[0])
			c.place(t, topic, 3, hung, c.Nodes[0], c.Nodes[1])
			events := c.makeTopics(t, 1)
			for _, name := range []string{events, events + ".state", events + ".routes"} {
				c.place(t, name, 1, c.Nodes[0], c.Nodes[1], hung)
			}
			p := c.process(t, events)
			p.eventually(t, &ledgerv1.Attach{LedgerId: "a"}, "before")
			hung.Pause()
			t.Cleanup(hung.Resume)
			began := time.Now()
			p.eventually(t, &ledgerv1.Attach{LedgerId: "a"}, "meanwhile")
			t.Logf("a command took %v", time.Since(began).Round(time.Millisecond))
		})
	}
}
