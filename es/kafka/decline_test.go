package kafka_test

import (
	"testing"

	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// TestDecline stores an event that old code does not know. Whenever a partition
// that holds it comes to a process with old code, it goes to one with new code.
func TestDecline(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 4)
	id := "a"
	for record.Partition(id, 4) != 3 { // the first ones are given to who joins
		id += "a"
	}
	first := c.processOf(t, newerCode())
	first.merge(t, id)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	seen := newWatch()
	refused := func() bool { return seen.phases[3] == kafka.Outdated }
	over := func() bool { return seen.phases[3] == kafka.Over }

	old := c.process(t, kafka.Observe(seen))
	seen.until(t, "the only process refuses the partition", refused)
	second := c.processOf(t, newerCode())
	if !second.merge(t, id).Duplicate {
		t.Error("a command was forgotten")
	}
	seen.until(t, "it was taken from the process that refuses it", over)
	third := c.processOf(t, newerCode())
	if err := second.Close(); err != nil { // and its partitions go to others
		t.Fatal(err)
	}
	if !third.merge(t, id).Duplicate {
		t.Error("a command was forgotten")
	}
	if err := third.Close(); err != nil {
		t.Fatal(err)
	}
	seen.until(t, "the only process refuses the partition again", refused)
	for i := range 20 {
		id := string(rune('a' + i))
		if err := old.try(t, id); (err != nil) != (record.Partition(id, 4) == 3) {
			t.Errorf("%q: %v", id, err)
		}
	}
}
