package proctest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/examples/internal/proctest"
)

// sound returns a log of two partitions with nothing wrong, and what its
// clients know. Command two has two events.
func sound() ([]proctest.Stored, proctest.History) {
	at := func(partition int32, offset int64) es.Position { return es.Position{Partition: partition, Offset: offset} }
	log := []proctest.Stored{
		{Position: at(0, 2), AggregateID: "a", CommandID: "one", Version: 1, Number: 1, Count: 1},
		{Position: at(0, 4), AggregateID: "a", CommandID: "two", Version: 2, Number: 2, Count: 2},
		{Position: at(1, 2), AggregateID: "b", CommandID: "three", Version: 1, Number: 1, Count: 1},
		{Position: at(0, 5), AggregateID: "a", CommandID: "two", Version: 3, Number: 3, Index: 1, Count: 2},
		{Position: at(0, 7), AggregateID: "c", CommandID: "four", Version: 1, Number: 4, Count: 1},
	}
	h := proctest.History{
		Sent: map[string]proctest.Command{"one": {}, "two": {}, "three": {}, "four": {}, "five": {}, "six": {}},
		Receipts: map[string]es.Receipt{
			"one": {First: 1, Version: 1, Position: at(0, 2)}, "two": {First: 2, Version: 3, Position: at(0, 5)},
			"three": {First: 1, Version: 1, Position: at(1, 2)}, "six": {First: 2, Version: 1}, // nothing to do
		},
		Refused: map[string]error{"five": es.ErrNotFound},
	}
	return log, h
}

// TestAudit breaks each promise once.
func TestAudit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		breaks func(log []proctest.Stored, h proctest.History) []proctest.Stored
		says   string // "" is nothing
	}{
		"nothing": {func(log []proctest.Stored, _ proctest.History) []proctest.Stored { return log }, ""},
		"a loss in the middle": {func(log []proctest.Stored, _ proctest.History) []proctest.Stored {
			return slices.Delete(log, 0, 1)
		}, "number 2 of the partition follows on 0"},
		"a loss at the end": {func(log []proctest.Stored, h proctest.History) []proctest.Stored {
			h.Receipts["four"] = es.Receipt{First: 1, Version: 1}
			return log[:4]
		}, `command "four" was acknowledged with versions 1 to 1, and is not there`},
		"a version twice": {func(log []proctest.Stored, _ proctest.History) []proctest.Stored {
			log[4].AggregateID, log[4].Version = "a", 3
			return log
		}, `version 3 of "a" follows on 3`},
		"a command twice": {func(log []proctest.Stored, _ proctest.History) []proctest.Stored {
			log[4].CommandID = "one"
			return log
		}, `command "one" is there a second time`},
		"a command without its end": {func(log []proctest.Stored, _ proctest.History) []proctest.Stored {
			log[3] = proctest.Stored{Position: log[3].Position, AggregateID: "d", CommandID: "four", Version: 1, Number: 3, Count: 1}
			return log[:4]
		}, `command "two" is torn`},
		"a command that ends the log": {func(log []proctest.Stored, _ proctest.History) []proctest.Stored {
			return log[:3]
		}, `partition 0 ends within command "two"`},
		"another version than was told": {func(log []proctest.Stored, h proctest.History) []proctest.Stored {
			h.Receipts["two"] = es.Receipt{First: 2, Version: 2}
			return log
		}, `command "two" was acknowledged with versions 2 to 2`},
		"a command of nobody": {func(log []proctest.Stored, h proctest.History) []proctest.Stored {
			delete(h.Sent, "four")
			return log
		}, `command "four" was never sent`},
		"a command that was refused": {func(log []proctest.Stored, h proctest.History) []proctest.Stored {
			h.Refused["four"] = es.ErrNotFound
			return log
		}, `command "four" was refused: aggregate not found`},
	} {
		log, h := sound()
		found := proctest.Audit(c.breaks(log, h), h)
		said := func(err error) bool { return strings.Contains(err.Error(), c.says) }
		if c.says == "" && len(found) > 0 || c.says != "" && !slices.ContainsFunc(found, said) {
			t.Errorf("%s: found %q, want %q", name, found, c.says)
		}
	}
}
