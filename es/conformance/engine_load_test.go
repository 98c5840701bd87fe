package conformance_test

import (
	"context"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
)

type store struct {
	reader

	a es.Aggregate
}

func (s *store) Load(ctx context.Context, id string, o es.ReadOptions) (es.Revision[proto.Message], error) {
	none := es.Revision[proto.Message]{}
	if err := s.enter(ctx); err != nil {
		return none, err
	}
	defer s.leave()
	all := s.byID[id]
	records := s.upTo(all, o)
	if len(records) == 0 || o.AtVersion > uint64(len(all)) {
		return none, es.ErrNotFound
	}
	state, err := s.replay(id, records)
	if err != nil {
		return none, err
	}
	if s.fault == sharesState && len(records) == len(all) {
		state = s.share(id, state)
	}
	last := records[len(records)-1]
	return es.Revision[proto.Message]{AggregateID: id, Version: last.Version, Time: last.Time, State: state}, nil
}

// share returns the state that it returned before, if it was the same.
func (s *store) share(id string, state proto.Message) proto.Message {
	if before := s.given[id]; before != nil && proto.Size(before) == 0 {
		return before
	}
	s.given[id] = state
	return state
}

// replay folds records, from the last snapshot on that is good for the code.
func (s *store) replay(id string, records []*es.Record) (proto.Message, error) {
	state, spec := s.a.NewState(), s.a.Spec()
	for _, sn := range slices.Backward(s.snapshots[id]) {
		same := sn.spec.Fingerprint == spec.Fingerprint && sn.spec.StateVersion == spec.StateVersion
		if sn.version <= uint64(len(records)) && (same || s.fault == staleSnapshot) {
			records = records[sn.version:]
			if s.fault == skipsAfter && len(records) > 0 {
				records = records[1:]
			}
			if err := proto.Unmarshal(sn.data, state); err != nil {
				return nil, err
			}
			break
		}
	}
	for _, r := range records {
		if s.skips(r) {
			continue
		}
		if err := r.Replay(s.a, state); err != nil {
			return nil, err
		}
	}
	return state, nil
}
