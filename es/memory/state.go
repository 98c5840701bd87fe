package memory

import (
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
)

// folded is the state of an aggregate after its first events. It is guarded by
// the lock of its stream.
type folded struct {
	version uint64
	state   proto.Message
	broken  bool // some code of the service was given the state and did not return
}

// snapshot is a stored state. It is only good for code with the same schema of
// the state and the same meaning of its Apply methods.
type snapshot struct {
	version      uint64
	fingerprint  string
	stateVersion uint32
	data         []byte
}

// current returns the state of a locked stream after all of its events.
func (s *store) current(st *stream) (*folded, error) {
	f := s.cached(st.id)
	if f == nil || f.broken {
		f = s.restore(st.snapshots, st.version())
	}
	if err := s.fold(f, st.records[f.version:]); err != nil {
		return nil, err
	}
	return f, nil
}

// restore returns the state of the last usable snapshot that is not after
// version, or the empty state.
func (s *store) restore(snapshots []snapshot, version uint64) *folded {
	spec := s.events.Spec()
	for i := len(snapshots) - 1; i >= 0; i-- {
		sn := &snapshots[i]
		if sn.version > version {
			continue
		}
		if sn.fits(spec) {
			state := s.aggregate.NewState()
			if err := proto.Unmarshal(sn.data, state); err == nil {
				s.engine.stats.used.Add(1)
				return &folded{version: sn.version, state: state}
			}
		}
		s.engine.stats.ignored.Add(1)
	}
	return &folded{state: s.aggregate.NewState()}
}

// fold applies the next events to a state. The state is broken until all of
// them are applied.
func (s *store) fold(f *folded, next []*es.Record) error {
	f.broken = true
	for _, r := range next {
		if err := r.Replay(s.aggregate, f.state); err != nil {
			return err
		}
	}
	f.version += uint64(len(next))
	f.broken = false
	return nil
}

// takeSnapshot stores the state of a locked stream if it is time to. A state
// that cannot be encoded is not stored, and counted: events are what matters.
func (s *store) takeSnapshot(st *stream, f *folded) {
	spec := s.events.Spec()
	if spec.SnapshotEvery <= 0 {
		return
	}
	last := uint64(0)
	for i := len(st.snapshots) - 1; i >= 0 && last == 0; i-- {
		if st.snapshots[i].fits(spec) {
			last = st.snapshots[i].version
		}
	}
	if f.version-last < uint64(spec.SnapshotEvery) {
		return
	}
	data, err := deterministic.Marshal(f.state)
	if err != nil {
		s.engine.stats.failed.Add(1)
		return
	}
	s.engine.stats.taken.Add(1)
	st.snapshots = append(st.snapshots, snapshot{
		version: f.version, fingerprint: spec.Fingerprint, stateVersion: spec.StateVersion, data: data,
	})
}

func (sn *snapshot) fits(spec *es.Spec) bool {
	return sn.fingerprint == spec.Fingerprint && sn.stateVersion == spec.StateVersion
}
