package memory

import (
	"context"
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
)

// store is one binding of an aggregate type, with the states that it folded.
type store struct {
	reader

	aggregate es.Aggregate
	states    sync.Map // id to *folded
}

// Load implements [es.Store].
func (s *store) Load(ctx context.Context, id string, o es.ReadOptions) (es.Revision[proto.Message], error) {
	st, err := s.open(ctx, id)
	if err != nil {
		return es.Revision[proto.Message]{}, s.about(id, err)
	}
	records, snapshots := upTo(st.records, o), st.snapshots
	version := uint64(len(records))
	if version == 0 || o.AtVersion > st.version() {
		st.release()
		return es.Revision[proto.Message]{}, s.about(id, es.ErrNotFound)
	}
	var state proto.Message
	if version == st.version() {
		state, err = s.copyAndRelease(st)
	} else {
		st.release()
		state, err = s.past(snapshots, records)
	}
	if err != nil {
		return es.Revision[proto.Message]{}, err
	}
	return es.Revision[proto.Message]{
		AggregateID: id, Version: version, Time: records[version-1].Time, State: state,
	}, nil
}

// copyAndRelease returns a copy of the current state of a locked stream.
func (s *store) copyAndRelease(st *stream) (proto.Message, error) {
	defer st.release()
	f, err := s.current(st)
	if err != nil {
		return nil, err
	}
	s.keep(st, f)
	return proto.Clone(f.state), nil
}

// past returns the state after the given records.
func (s *store) past(snapshots []snapshot, records []*es.Record) (proto.Message, error) {
	f := s.restore(snapshots, uint64(len(records)))
	if err := s.fold(f, records[f.version:]); err != nil {
		return nil, err
	}
	return f.state, nil
}

// cached returns the state that the store has of an aggregate, or nil.
func (s *store) cached(id string) *folded {
	if v, ok := s.states.Load(id); ok {
		return v.(*folded) //nolint:forcetypeassert,errcheck // the map holds nothing else
	}
	return nil
}

// keep remembers the state of a locked stream.
func (s *store) keep(st *stream, f *folded) {
	if f.version > 0 && s.cached(st.id) != f {
		s.states.Store(st.id, f)
	}
}
