package expire_test

import (
	"context"
	"errors"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// member is a member of a group that does nothing by itself.
type member struct {
	client     *kgo.Client
	patience   time.Duration // for how long the group may let it wait for others
	id         string
	generation int32
}

// join asks to join the group until it is let in, or the context ends.
func (m *member) join(ctx context.Context) error {
	req := kmsg.NewPtrJoinGroupRequest()
	req.Group, req.ProtocolType = group, "consumer"
	req.SessionTimeoutMillis, req.RebalanceTimeoutMillis = int32(session.Milliseconds()), int32(m.patience.Milliseconds())
	protocol := kmsg.NewJoinGroupRequestProtocol()
	protocol.Name = kgo.RangeBalancer().ProtocolName()
	protocol.Metadata = kgo.RangeBalancer().JoinGroupMetadata([]string{topic}, nil, 0)
	req.Protocols = append(req.Protocols, protocol)
	for {
		req.MemberID = m.id
		resp, err := req.RequestWith(ctx, m.client)
		if err == nil {
			err = kerr.ErrorForCode(resp.ErrorCode)
		}
		if errors.Is(err, kerr.MemberIDRequired) {
			m.id = resp.MemberID
			continue
		}
		if err == nil {
			m.generation = resp.Generation
		}
		return err
	}
}

// within joins as someone new, and reports whether it was let in in time.
func (m *member) within(ctx context.Context, limit time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	m.id = ""
	return m.join(ctx) == nil
}

// sync asks for its share, of which there is none.
func (m *member) sync(ctx context.Context) error {
	req := kmsg.NewPtrSyncGroupRequest()
	req.Group, req.MemberID, req.Generation = group, m.id, m.generation
	resp, err := req.RequestWith(ctx, m.client)
	if err != nil {
		return err
	}
	return kerr.ErrorForCode(resp.ErrorCode)
}

func (m *member) heartbeat(ctx context.Context) error {
	req := kmsg.NewPtrHeartbeatRequest()
	req.Group, req.MemberID, req.Generation = group, m.id, m.generation
	resp, err := req.RequestWith(ctx, m.client)
	if err != nil {
		return err
	}
	return kerr.ErrorForCode(resp.ErrorCode)
}
