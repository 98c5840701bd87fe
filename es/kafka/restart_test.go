package kafka_test

import (
	"net"
	"strconv"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"

	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka/internal/expire"
)

// TestBrokerRestart stops the only broker while a transaction is open, which is
// so when it is there again. The process goes on, and the next one too.
func TestBrokerRestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := newCluster(t, 1, 1, kfake.DataDir(dir), kfake.SyncWrites())
	w := &witness{cluster: c}
	p := c.process(t)
	w.work(t, p, 3, 4)

	p.link.arm(silence) // or it would shut itself out before the broker stops
	done := make(chan error, 1)
	go func() {
		_, err := p.execute(t.Context(), &ledgerv1.Attach{LedgerId: "ledger 0"}, "in doubt")
		done <- err
	}()
	for p.link.losses() == 0 {
		time.Sleep(time.Millisecond)
	}
	c.restart(t, dir)
	admin := c.admin(t)
	all, err := admin.ListEndOffsets(t.Context(), topic)
	if err != nil {
		t.Fatal(err)
	}
	stable, err := admin.ListCommittedOffsets(t.Context(), topic)
	if err != nil {
		t.Fatal(err)
	}
	if end, known := all[topic][0].Offset, stable[topic][0].Offset; known >= end {
		t.Errorf("the log ends at offset %d and is stable up to %d: no transaction is open", end, known)
	}
	p.link.thaw()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if res := p.mustExecute(t, &ledgerv1.Attach{LedgerId: "ledger 0"}, "in doubt"); !res.Duplicate {
		t.Error("a command was forgotten")
	}
	w.check(t, p)
	w.check(t, c.reopen(t, p))
	c.audit(t, -1, w.acknowledged())
}

// restart stops the broker and starts it again, with what it has on disk, where
// it was.
func (c *cluster) restart(t *testing.T, dir string) {
	t.Helper()
	_, text, err := net.SplitHostPort(c.ListenAddrs()[0])
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	if c.Cluster, err = kfake.NewCluster(
		kfake.NumBrokers(1), kfake.Ports(port), kfake.DataDir(dir), kfake.SyncWrites(), kfake.GroupMinSessionTimeout(100*time.Millisecond),
	); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	t.Cleanup(expire.Members(c.Cluster))
}
