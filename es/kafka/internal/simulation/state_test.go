package simulation

import (
	"fmt"
	"testing"
	"time"

	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// neighbour returns the id of another aggregate of the same partition.
func neighbour(id string) string {
	other := id + "'"
	for record.Partition(other, partitions) != record.Partition(id, partitions) {
		other += "'"
	}
	return other
}

// stranger returns the id of an aggregate of another partition.
func stranger(id string) string {
	other := id + "'"
	for record.Partition(other, partitions) == record.Partition(id, partitions) {
		other += "'"
	}
	return other
}

// TestStateLost deletes what the state topic holds while there is an owner. Its
// next checkpoint holds only what changed since the last one, which is not
// enough to begin with: the events are.
func TestStateLost(t *testing.T) {
	scenario(t, small(), func(t *testing.T, c *cluster) {
		p := c.start(t, kafka.CheckpointEvery(2))
		all := []result{p.must(t, openLedger(), "open"), p.must(t, postAmount(5), "first")}
		sleep(t.Context(), time.Second) // a checkpoint is written
		if err := c.DeleteRecords(stateTopic, record.Partition("a", partitions), -1); err != nil {
			t.Fatal(err)
		}
		other := neighbour("a")
		for i := range 3 { // a checkpoint without the first aggregate
			all = append(all, p.must(t, &ledgerv1.Attach{LedgerId: other}, fmt.Sprint("other ", i)))
		}
		p.crash()
		after := c.start(t)
		all = append(all, after.eventually(t, postAmount(-5), "second"))
		rev, err := after.load(t.Context(), "a")
		if err != nil || rev.Version != 3 {
			t.Errorf("version %d, %v, want version 3", rev.Version, err)
		}
		c.audit(t, 7, all...)
	})
}
