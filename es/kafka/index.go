package kafka

import (
	"maps"
	"slices"
	"time"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// index is what the owner of a partition knows of it: where each aggregate
// stands. It is rebuilt from the state topic and the log when the partition is
// taken over, and belongs to the goroutine of the partition.
type index struct {
	aggregates map[string]*aggregate
	seq        uint64              // of the partition's last event
	next       int64               // the offset behind the last event
	types      map[string]struct{} // stored names of the events in the partition
	// storedTypes is how many of them the state topic holds.
	storedTypes int

	changed map[string]struct{} // aggregates with events since the last checkpoint began
	since   int                 // events since then
}

// aggregate is one entry of the index. There may be millions.
type aggregate struct {
	id      string
	version uint64
	// offset is where the last event lies. While that is not committed, it is
	// the place of the event in its batch, counted down from -1.
	offset   int64
	micros   int64 // time of the last event
	snapshot snapshotAt
	live     *live // what is decoded of it, or nil
}

// snapshotAt says where the last snapshot of an aggregate lies in the state
// topic. Version 0 says that there is none.
type snapshotAt struct {
	version uint64
	offset  int64
}

func newIndex() *index {
	return &index{
		aggregates: make(map[string]*aggregate),
		types:      make(map[string]struct{}),
		changed:    make(map[string]struct{}),
	}
}

// entry returns the entry of an aggregate, which it makes if need be.
func (x *index) entry(id string) *aggregate {
	a := x.aggregates[id]
	if a == nil {
		a = &aggregate{id: id}
		x.aggregates[id] = a
	}
	return a
}

// touch says that an aggregate got events.
func (x *index) touch(a *aggregate, events int) {
	x.changed[a.id] = struct{}{}
	x.since += events
}

// names returns the types of events in the partition, in order.
func (x *index) names() []string {
	return slices.Sorted(maps.Keys(x.types))
}

// time returns the time of the last event.
func (a *aggregate) time() time.Time {
	if a == nil || a.version == 0 {
		return time.Time{}
	}
	return time.UnixMicro(a.micros).UTC()
}

// last returns the offset of the last event, or -1 when there is none.
func (a *aggregate) last() int64 {
	if a.version == 0 {
		return -1
	}
	return a.offset
}

func (a *aggregate) committed() bool { return a.offset >= 0 }

// record returns the entry as it is stored.
func (a *aggregate) record() *record.Entry {
	return &record.Entry{Version: a.version, Offset: a.offset, Time: a.time()}
}
