package wire

import (
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	pb "github.com/esgen-dev/esgen/es/kafka/forward/internal/esgen/forward/v1"
)

// EncodeLoad returns the request to load an aggregate. What is for History
// alone is left out of the options.
func EncodeLoad(a es.Aggregate, id string, o es.ReadOptions) ([]byte, error) {
	spec := a.Spec()
	return encode(&pb.Request{Call: &pb.Request_Load{Load: &pb.Load{
		Aggregate: spec.Name, Id: []byte(id),
		AtVersion: o.AtVersion, AtTime: newTime(o.AtTime), Fresh: o.Fresh,
		Fingerprint: spec.Fingerprint, StateVersion: spec.StateVersion,
	}}})
}

// Read returns what a request asks to load. It fails when the state that this
// code has is not the one that the caller's code has.
func Read(s *es.Spec, l *pb.Load) (id string, o es.ReadOptions, err error) {
	if s.Fingerprint != l.GetFingerprint() || s.StateVersion != l.GetStateVersion() {
		return "", es.ReadOptions{}, fmt.Errorf("the state of %s has the fingerprint %q and state version %d here, and %q and %d "+
			"in the code of the caller: load it again when all processes run the same version",
			s.Name, s.Fingerprint, s.StateVersion, l.GetFingerprint(), l.GetStateVersion())
	}
	return string(l.GetId()), es.ReadOptions{AtVersion: l.GetAtVersion(), AtTime: timeOf(l.GetAtTime()), Fresh: l.GetFresh()}, nil
}

// EncodeLoaded returns the response for a state. It fails when that cannot be
// encoded.
func EncodeLoaded(r es.Revision[proto.Message]) ([]byte, error) {
	state, err := encode(r.State)
	if err != nil {
		return nil, err
	}
	return encode(&pb.Response{Outcome: &pb.Response_Loaded{Loaded: &pb.Loaded{
		AggregateId: []byte(r.AggregateID), Version: r.Version, Time: newTime(r.Time), State: state,
	}}})
}

// Loaded returns the state of the aggregate with this id. It fails when the
// message is about something else.
func Loaded(a es.Aggregate, id string, l *pb.Loaded) (es.Revision[proto.Message], error) {
	r := es.Revision[proto.Message]{
		AggregateID: string(l.GetAggregateId()), Version: l.GetVersion(), Time: timeOf(l.GetTime()), State: a.NewState(),
	}
	switch {
	case r.AggregateID != id:
		return es.Revision[proto.Message]{}, fmt.Errorf("the state is that of aggregate %q, not of %q", r.AggregateID, id)
	case r.Version == 0:
		return es.Revision[proto.Message]{}, fmt.Errorf("the state is that of version 0")
	}
	if err := proto.Unmarshal(l.GetState(), r.State); err != nil {
		return es.Revision[proto.Message]{}, fmt.Errorf("state: %w", err)
	}
	return r, nil
}
