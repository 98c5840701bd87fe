package memory

import (
	"context"
	"sort"
	"sync"
	"time"

	"github.com/esgen-dev/esgen/es"
)

// eventLog holds the events of one aggregate type: once in the order in which
// they came, and once by aggregate. Both refer to the same records, which
// never change.
type eventLog struct {
	streams sync.Map // id to *stream

	mu    sync.RWMutex
	feed  []*es.Record  // only appended to, so a reader keeps what it got
	grown chan struct{} // closed by the next append; nil when nobody waits
}

// stream is one aggregate. Its fields are guarded by its lock; records and
// snapshots are only appended to, so a reader may keep what it got.
type stream struct {
	id        string
	lock      chan struct{} // full while locked; a mutex cannot be waited for with a context
	removed   bool
	records   []*es.Record
	commands  map[string]uint64 // command id to the version of its first event
	snapshots []snapshot        // ascending by version
}

// find returns the stream of an aggregate, or nil.
func (l *eventLog) find(id string) *stream {
	if v, ok := l.streams.Load(id); ok {
		return v.(*stream) //nolint:forcetypeassert,errcheck // the map holds nothing else
	}
	return nil
}

// acquire returns the locked stream of an aggregate, new or not.
func (l *eventLog) acquire(ctx context.Context, id string) (*stream, error) {
	for {
		st := l.find(id)
		if st == nil {
			v, _ := l.streams.LoadOrStore(id, &stream{id: id, lock: make(chan struct{}, 1)})
			st = v.(*stream) //nolint:forcetypeassert,errcheck // the map holds nothing else
		}
		if err := st.acquire(ctx); err != nil {
			return nil, err
		}
		if !st.removed {
			return st, nil
		}
		st.release()
	}
}

// release unlocks a stream, and removes it when it is still empty: commands
// that are refused shall not fill the memory with aggregates that never were.
func (l *eventLog) release(st *stream) {
	if len(st.records) == 0 {
		st.removed = true
		l.streams.CompareAndDelete(st.id, st)
	}
	st.release()
}

// append stores the events of one command, all at once, in a locked stream.
// It sets their positions.
func (l *eventLog) append(st *stream, batch []*es.Record) {
	l.mu.Lock()
	for _, r := range batch {
		r.Position.Offset = int64(len(l.feed))
		l.feed = append(l.feed, r)
	}
	if l.grown != nil {
		close(l.grown)
		l.grown = nil
	}
	l.mu.Unlock()

	if st.commands == nil {
		st.commands = make(map[string]uint64)
	}
	st.commands[batch[0].CommandID] = batch[0].Version
	st.records = append(st.records, batch...)
}

// stored returns all events of the log.
func (l *eventLog) stored() []*es.Record {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.feed
}

// awaitable returns all events of the log, and a channel that is closed when
// there are more.
func (l *eventLog) awaitable() ([]*es.Record, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.grown == nil {
		l.grown = make(chan struct{})
	}
	return l.feed, l.grown
}

func (st *stream) acquire(ctx context.Context) error {
	select {
	case st.lock <- struct{}{}:
		return nil
	default:
	}
	select {
	case st.lock <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (st *stream) release() { <-st.lock }

func (st *stream) version() uint64 { return uint64(len(st.records)) }

// lastTime returns the time of the last event.
func (st *stream) lastTime() time.Time {
	if n := len(st.records); n > 0 {
		return st.records[n-1].Time
	}
	return time.Time{}
}

// receipt returns the outcome of a command that was executed before.
func (st *stream) receipt(commandID string) (es.Receipt, bool) {
	first, ok := st.commands[commandID]
	if !ok {
		return es.Receipt{}, false
	}
	last := first
	for last < st.version() && st.records[last].CommandID == commandID {
		last++
	}
	r := receiptOf(first, st.records[last-1])
	r.Duplicate = true
	return r, true
}

// receiptOf describes a command by the version of its first and by its last
// event.
func receiptOf(first uint64, last *es.Record) es.Receipt {
	return es.Receipt{
		AggregateID: last.AggregateID,
		CommandID:   last.CommandID,
		First:       first,
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
