package kafka

import (
	"fmt"
	"runtime/debug"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
)

// folded is the state of an aggregate after its first events, as the code of
// one binding sees it.
type folded struct {
	version uint64
	state   proto.Message
	broken  bool // some code of the service was given the state and did not return
}

// current returns the state of an aggregate after all of its events.
func (m *memory) current(s *store, id string, st *stream) (*folded, error) {
	f := m.states[s][id]
	if f == nil || f.broken {
		f = &folded{state: s.aggregate.NewState()}
	}
	if err := f.fold(s.aggregate, st.records[f.version:]); err != nil {
		return nil, err
	}
	m.keep(s, id, f)
	return f, nil
}

// keep remembers the state of an aggregate that exists: refused commands shall
// not fill the memory with aggregates that never were.
func (m *memory) keep(s *store, id string, f *folded) {
	if f.version == 0 {
		return
	}
	if m.states[s] == nil {
		m.states[s] = make(map[string]*folded)
	}
	m.states[s][id] = f
}

// fold applies the next events to a state, which is broken until all of them
// are applied.
func (f *folded) fold(a es.Aggregate, next []*es.Record) (err error) {
	if len(next) == 0 {
		return nil
	}
	f.broken = true
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%s %q: the code of the service panicked: %v\n%s",
				a.Spec().Name, next[0].AggregateID, v, debug.Stack())
		}
	}()
	for _, r := range next {
		if err := r.Replay(a, f.state); err != nil {
			return err
		}
	}
	f.version += uint64(len(next))
	f.broken = false
	return nil
}
