package kafka

import (
	"fmt"
	"sort"
	"time"

	"github.com/esgen-dev/esgen/es"
)

// replica is what the owner of a partition knows of it: every event, by
// aggregate. It is rebuilt from the log after each fence, and belongs to the
// goroutine of the partition. Records are never changed, and the records of a
// stream only appended to, so a reader may keep what it was given.
type replica struct {
	streams map[string]*stream
	seq     uint64 // of the partition's last event
	next    int64  // the offset behind the last event
}

// stream is one aggregate.
type stream struct {
	records  []*es.Record
	commands map[string]uint64 // command id to the version of its first event
}

func newReplica() *replica { return &replica{streams: make(map[string]*stream)} }

// stream returns an aggregate; one without events is not kept.
func (r *replica) stream(id string) *stream {
	if st, ok := r.streams[id]; ok {
		return st
	}
	return &stream{}
}

// append adds the next event of a partition. The caller has checked that it is.
func (r *replica) append(rec *es.Record) {
	st, ok := r.streams[rec.AggregateID]
	if !ok {
		st = &stream{}
		r.streams[rec.AggregateID] = st
	}
	st.append(rec)
	r.seq++
	r.next = rec.Position.Offset + 1
}

func (st *stream) append(rec *es.Record) {
	if st.commands == nil {
		st.commands = make(map[string]uint64)
	}
	if _, seen := st.commands[rec.CommandID]; !seen {
		st.commands[rec.CommandID] = rec.Version
	}
	st.records = append(st.records, rec)
}

func (st *stream) version() uint64 { return uint64(len(st.records)) }

// last returns the last event, or nil.
func (st *stream) last() *es.Record {
	if n := len(st.records); n > 0 {
		return st.records[n-1]
	}
	return nil
}

// lastTime returns the time of the last event.
func (st *stream) lastTime() time.Time {
	if r := st.last(); r != nil {
		return r.Time
	}
	return time.Time{}
}

// command returns the events of a command that was executed before.
func (st *stream) command(id string) []*es.Record {
	first, ok := st.commands[id]
	if !ok {
		return nil
	}
	end := first
	for end < st.version() && st.records[end].CommandID == id {
		end++
	}
	return st.records[first-1 : end]
}

// receiptOf describes a command by its events.
func receiptOf(events []*es.Record) es.Receipt {
	last := events[len(events)-1]
	return es.Receipt{
		AggregateID: last.AggregateID,
		CommandID:   last.CommandID,
		First:       events[0].Version,
		Version:     last.Version,
		Position:    last.Position,
		Time:        last.Time,
	}
}

// upTo returns the records that are not after the bounds of the options.
func upTo(records []*es.Record, o es.ReadOptions) []*es.Record {
	if o.AtVersion > 0 && o.AtVersion < uint64(len(records)) {
		records = records[:o.AtVersion]
	}
	if !o.AtTime.IsZero() {
		n := sort.Search(len(records), func(i int) bool { return records[i].Time.After(o.AtTime) })
		records = records[:n]
	}
	return records
}

// about adds the aggregate to an error that does not name it.
func about(name, id string, err error) error {
	return fmt.Errorf("%s %q: %w", name, id, err)
}
