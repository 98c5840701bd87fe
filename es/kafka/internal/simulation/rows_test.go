package simulation

import (
	"fmt"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// rows are what a read model notes of the events that it saw, by partition.
type rows map[int32][]row

type row struct {
	position  es.Position
	aggregate string
	version   uint64
	command   string
}

// add notes an event.
func (r rows) add(position es.Position, m es.Meta) {
	r[position.Partition] = append(r[position.Partition], row{position, m.AggregateID, m.Version, m.CommandID})
}

// compare returns how the rows differ from a log: each event has to be there
// once, in order.
func (r rows) compare(who string, log []record.Event) []string {
	var problems []string
	next := map[int32]int{}
	for _, ev := range log {
		p := ev.Position.Partition
		i := next[p]
		next[p]++
		if i >= len(r[p]) {
			problems = append(problems, fmt.Sprintf("%s has not seen the event at %s", who, ev.Position))
			continue
		}
		if want := (row{ev.Position, ev.AggregateID, ev.Version, ev.CommandID}); r[p][i] != want {
			problems = append(problems, fmt.Sprintf("%s saw %+v, and the log has %+v", who, r[p][i], want))
		}
	}
	for p, seen := range r {
		if len(seen) > next[p] {
			problems = append(problems, fmt.Sprintf("%s saw %+v, which the log does not have", who, seen[next[p]]))
		}
	}
	return problems
}
