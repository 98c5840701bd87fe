package wire

import (
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"github.com/esgen-dev/esgen/es"
	pb "github.com/esgen-dev/esgen/es/kafka/forward/internal/esgen/forward/v1"
)

// EncodeExecute returns the request to execute a command. It fails when the
// command cannot be encoded.
func EncodeExecute(a es.Aggregate, c proto.Message, o es.CommandOptions) ([]byte, error) {
	data, err := encode(c)
	if err != nil {
		return nil, err
	}
	return encode(&pb.Request{Call: &pb.Request_Execute{Execute: &pb.Execute{
		Aggregate: a.Spec().Name, Command: string(c.ProtoReflect().Descriptor().FullName()), Data: data,
		CommandId: []byte(o.CommandID), CorrelationId: []byte(o.CorrelationID), Actor: []byte(o.Actor),
		Expect: o.Expect,
	}}})
}

// Command returns the command of a request and its options. It fails when it
// is no command of the aggregate, or is malformed.
func Command(a es.Aggregate, e *pb.Execute) (proto.Message, es.CommandOptions, error) {
	none := es.CommandOptions{}
	c, err := newCommand(a.Spec(), e.GetCommand())
	if err != nil {
		return nil, none, err
	}
	if err := proto.Unmarshal(e.GetData(), c); err != nil {
		return nil, none, fmt.Errorf("%s: %w", e.GetCommand(), err)
	}
	if _, ok := a.Target(c); !ok {
		return nil, none, fmt.Errorf("%s is not the command that %s has under this name", e.GetCommand(), a.Spec().Name)
	}
	return c, es.CommandOptions{
		CommandID: string(e.GetCommandId()), CorrelationID: string(e.GetCorrelationId()), Actor: string(e.GetActor()),
		Expect: e.Expect,
	}, nil
}

// newCommand returns an empty command. The generated code of every command is
// known to the Protobuf runtime, together with much that is no command.
func newCommand(s *es.Spec, name string) (proto.Message, error) {
	if !slices.Contains(s.Commands, name) {
		return nil, fmt.Errorf("%q is not a command of %s that is known here", name, s.Name)
	}
	t, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName(name))
	if err != nil {
		return nil, fmt.Errorf("command %s: %w", name, err)
	}
	return t.New().Interface(), nil
}

// EncodeExecuted returns the response for a command that succeeded. It fails
// when an event cannot be encoded.
func EncodeExecuted(a es.Events, r es.Receipt, events []proto.Message) ([]byte, error) {
	out := &pb.Executed{
		AggregateId: []byte(r.AggregateID), CommandId: []byte(r.CommandID), First: r.First, Version: r.Version,
		Position: newPosition(r.Position), Time: newTime(r.Time), Duplicate: r.Duplicate,
		Events: make([]*pb.Event, len(events)),
	}
	for i, e := range events {
		data, err := encode(e)
		if err != nil {
			return nil, fmt.Errorf("event %d of the command: %w", i+1, err)
		}
		out.Events[i] = &pb.Event{Type: a.TypeOf(e), Data: data}
	}
	return encode(&pb.Response{Outcome: &pb.Response_Executed{Executed: out}})
}

// Executed returns the receipt of a command on the aggregate with this id, and
// its events as today's code sees them. It fails when the message is about
// something else, and as [es.Record.Decode] does.
func Executed(a es.Events, id string, o es.CommandOptions, e *pb.Executed) (es.Receipt, []proto.Message, error) {
	r := es.Receipt{
		AggregateID: string(e.GetAggregateId()), CommandID: string(e.GetCommandId()), First: e.GetFirst(), Version: e.GetVersion(),
		Position: positionOf(e.GetPosition()), Time: timeOf(e.GetTime()), Duplicate: e.GetDuplicate(),
	}
	if err := checkReceipt(r, id, o, len(e.GetEvents())); err != nil {
		return es.Receipt{}, nil, err
	}
	record := es.Record{
		Meta: es.Meta{
			AggregateID: r.AggregateID, Version: r.First, Time: r.Time,
			CommandID: r.CommandID, CorrelationID: o.CorrelationID, Actor: o.Actor,
		},
		Position: es.Position{Partition: r.Position.Partition, Offset: r.Position.Offset - int64(len(e.GetEvents())) + 1},
	}
	var events []proto.Message
	for _, ev := range e.GetEvents() {
		record.Type, record.Data = ev.GetType(), ev.GetData()
		first, rest, err := record.Decode(a)
		if err != nil {
			return es.Receipt{}, nil, err
		}
		if first != nil {
			rest = []proto.Message{first}
		}
		events = append(events, rest...)
		record.Version++
		record.Position.Offset++
	}
	return r, events, nil
}

// checkReceipt finds out whether a receipt is the answer to a command.
func checkReceipt(r es.Receipt, id string, o es.CommandOptions, events int) error {
	switch {
	case r.AggregateID != id:
		return fmt.Errorf("the receipt is that of aggregate %q, not of %q", r.AggregateID, id)
	case o.CommandID != "" && r.CommandID != o.CommandID:
		return fmt.Errorf("the receipt is that of command %q, not of %q", r.CommandID, o.CommandID)
	case r.First == 0 || r.First > r.Version+1:
		return fmt.Errorf("the receipt says that the command led from version %d to %d", r.First, r.Version)
	case r.Duplicate && events > 0:
		return errors.New("the receipt is that of a duplicate, and there are events")
	case !r.Duplicate && uint64(events) != r.Version+1-r.First: //nolint:gosec // a length
		return fmt.Errorf("%d events for the versions %d to %d", events, r.First, r.Version)
	}
	return nil
}
