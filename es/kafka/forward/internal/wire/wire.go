// Package wire turns what package es says into the messages of forward.proto,
// and back. What it decodes may come from anybody: it fails, and never panics,
// when a message does not say what it has to.
//
// It does not know of HTTP, and does not bound sizes.
package wire

//go:generate go run github.com/esgen-dev/esgen/cmd/esgen generate -C ..

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/esgen-dev/esgen/es"
	pb "github.com/esgen-dev/esgen/es/kafka/forward/internal/esgen/forward/v1"
)

// Version is the version of the messages.
const Version = "1"

func encode(m proto.Message) ([]byte, error) {
	data, err := proto.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be encoded: %w", m.ProtoReflect().Descriptor().FullName(), err)
	}
	return data, nil
}

// DecodeRequest reads a request. It holds a call.
func DecodeRequest(data []byte) (*pb.Request, error) {
	r := new(pb.Request)
	if err := proto.Unmarshal(data, r); err != nil {
		return nil, fmt.Errorf("request: %w", err)
	}
	if r.GetCall() == nil {
		return nil, errors.New("request: no call that is known here")
	}
	return r, nil
}

// DecodeResponse reads a response. It holds an outcome.
func DecodeResponse(data []byte) (*pb.Response, error) {
	r := new(pb.Response)
	if err := proto.Unmarshal(data, r); err != nil {
		return nil, fmt.Errorf("response: %w", err)
	}
	if r.GetOutcome() == nil {
		return nil, errors.New("response: no outcome that is known here")
	}
	return r, nil
}

// maxText is how much of a text for people is sent, in bytes.
const maxText = 16 << 10

// text returns what a Protobuf string can hold of s, and not too much of it.
func text(s string) string { return strings.ToValidUTF8(s[:min(len(s), maxText)], "\uFFFD") }

func newTime(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}

func timeOf(t *timestamppb.Timestamp) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.AsTime()
}

func newPosition(p es.Position) *pb.Position {
	return &pb.Position{Partition: p.Partition, Offset: p.Offset, Part: p.Part}
}

func positionOf(p *pb.Position) es.Position {
	return es.Position{Partition: p.GetPartition(), Offset: p.GetOffset(), Part: p.GetPart()}
}

func newMeta(m es.Meta) *pb.Meta {
	return &pb.Meta{
		AggregateId: []byte(m.AggregateID), Version: m.Version, Time: newTime(m.Time),
		CommandId: []byte(m.CommandID), CorrelationId: []byte(m.CorrelationID), Actor: []byte(m.Actor),
	}
}

func metaOf(m *pb.Meta) es.Meta {
	return es.Meta{
		AggregateID: string(m.GetAggregateId()), Version: m.GetVersion(), Time: timeOf(m.GetTime()),
		CommandID: string(m.GetCommandId()), CorrelationID: string(m.GetCorrelationId()), Actor: string(m.GetActor()),
	}
}
