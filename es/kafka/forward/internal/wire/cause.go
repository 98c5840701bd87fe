package wire

import (
	"errors"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
	pb "github.com/esgen-dev/esgen/es/kafka/forward/internal/esgen/forward/v1"
)

// typed returns the errors in err that have fields.
func typed(err error) []*pb.Cause {
	var causes []*pb.Cause
	if e, ok := errors.AsType[*es.ConflictError](err); ok {
		causes = append(causes, newConflict(e))
	}
	if e, ok := errors.AsType[*es.PreconditionError](err); ok {
		causes = append(causes, newPrecondition(e))
	}
	if e, ok := errors.AsType[*es.InvalidCommandError](err); ok {
		causes = append(causes, newInvalidCommand(e))
	}
	if e, ok := errors.AsType[*es.UndeclaredEventError](err); ok {
		causes = append(causes, newUndeclaredEvent(e))
	}
	if e, ok := errors.AsType[*es.UnknownEventError](err); ok {
		causes = append(causes, newUnknownEvent(e))
	}
	if e, ok := errors.AsType[*es.CorruptEventError](err); ok {
		causes = append(causes, newCorruptEvent(e))
	}
	if e, ok := errors.AsType[*kafka.NotOwnerError](err); ok {
		causes = append(causes, newNotOwner(e))
	}
	if e, ok := errors.AsType[*kafka.LogError](err); ok {
		causes = append(causes, newLog(e))
	}
	return causes
}

// typedOf returns the error that typed made a cause of, or nil.
func typedOf(c *pb.Cause) error {
	switch k := c.GetKind().(type) {
	case *pb.Cause_Conflict:
		return conflictOf(k.Conflict)
	case *pb.Cause_Precondition:
		return preconditionOf(k.Precondition)
	case *pb.Cause_InvalidCommand:
		return invalidCommandOf(k.InvalidCommand)
	case *pb.Cause_UndeclaredEvent:
		return undeclaredEventOf(k.UndeclaredEvent)
	case *pb.Cause_UnknownEvent:
		return unknownEventOf(k.UnknownEvent)
	case *pb.Cause_CorruptEvent:
		return corruptEventOf(k.CorruptEvent)
	case *pb.Cause_NotOwner:
		return notOwnerOf(k.NotOwner)
	case *pb.Cause_Log:
		return logOf(k.Log)
	}
	return nil
}

func newConflict(e *es.ConflictError) *pb.Cause {
	return &pb.Cause{Kind: &pb.Cause_Conflict{Conflict: &pb.Conflict{
		Aggregate: text(e.Aggregate), AggregateId: []byte(e.AggregateID), Expected: e.Expected, Current: e.Current,
	}}}
}

func conflictOf(c *pb.Conflict) error {
	return &es.ConflictError{
		Aggregate: c.GetAggregate(), AggregateID: string(c.GetAggregateId()), Expected: c.GetExpected(), Current: c.GetCurrent(),
	}
}

func newPrecondition(e *es.PreconditionError) *pb.Cause {
	return &pb.Cause{Kind: &pb.Cause_Precondition{Precondition: &pb.Precondition{
		Command: text(e.Command), AggregateId: []byte(e.AggregateID), Code: text(e.Code), Message: text(e.Message),
	}}}
}

func preconditionOf(p *pb.Precondition) error {
	return &es.PreconditionError{
		Command: p.GetCommand(), AggregateID: string(p.GetAggregateId()), Code: p.GetCode(), Message: p.GetMessage(),
	}
}

func newInvalidCommand(e *es.InvalidCommandError) *pb.Cause {
	return &pb.Cause{Kind: &pb.Cause_InvalidCommand{InvalidCommand: &pb.InvalidCommand{
		Command: text(e.Command), AggregateId: []byte(e.AggregateID), Text: textOf(e.Err),
	}}}
}

func invalidCommandOf(c *pb.InvalidCommand) error {
	return &es.InvalidCommandError{
		Command: c.GetCommand(), AggregateID: string(c.GetAggregateId()), Err: errors.New(c.GetText()),
	}
}

func newUndeclaredEvent(e *es.UndeclaredEventError) *pb.Cause {
	return &pb.Cause{Kind: &pb.Cause_UndeclaredEvent{UndeclaredEvent: &pb.UndeclaredEvent{
		Command: text(e.Command), AggregateId: []byte(e.AggregateID), Event: text(e.Event),
	}}}
}

func undeclaredEventOf(e *pb.UndeclaredEvent) error {
	return &es.UndeclaredEventError{
		Command: e.GetCommand(), AggregateID: string(e.GetAggregateId()), Event: e.GetEvent(),
	}
}

func newUnknownEvent(e *es.UnknownEventError) *pb.Cause {
	return &pb.Cause{Kind: &pb.Cause_UnknownEvent{UnknownEvent: &pb.UnreadableEvent{
		Aggregate: text(e.Aggregate), Meta: newMeta(e.Meta), Type: []byte(e.Type), Position: newPosition(e.Position),
	}}}
}

func unknownEventOf(e *pb.UnreadableEvent) error {
	return &es.UnknownEventError{
		Aggregate: e.GetAggregate(), Meta: metaOf(e.GetMeta()), Type: string(e.GetType()), Position: positionOf(e.GetPosition()),
	}
}

func newCorruptEvent(e *es.CorruptEventError) *pb.Cause {
	return &pb.Cause{Kind: &pb.Cause_CorruptEvent{CorruptEvent: &pb.UnreadableEvent{
		Aggregate: text(e.Aggregate), Meta: newMeta(e.Meta), Type: []byte(e.Type), Position: newPosition(e.Position),
		Text: textOf(e.Err),
	}}}
}

func corruptEventOf(e *pb.UnreadableEvent) error {
	return &es.CorruptEventError{
		Aggregate: e.GetAggregate(), Meta: metaOf(e.GetMeta()), Type: string(e.GetType()), Position: positionOf(e.GetPosition()),
		Err: errors.New(e.GetText()),
	}
}

func newNotOwner(e *kafka.NotOwnerError) *pb.Cause {
	return &pb.Cause{Kind: &pb.Cause_NotOwner{NotOwner: &pb.NotOwner{
		Aggregate: text(e.Aggregate), AggregateId: []byte(e.AggregateID), Partition: e.Partition, Address: text(e.Address),
	}}}
}

func notOwnerOf(n *pb.NotOwner) error {
	return &kafka.NotOwnerError{
		Aggregate: n.GetAggregate(), AggregateID: string(n.GetAggregateId()), Partition: n.GetPartition(), Address: n.GetAddress(),
	}
}

func newLog(e *kafka.LogError) *pb.Cause {
	return &pb.Cause{Kind: &pb.Cause_Log{Log: &pb.Log{
		Topic: text(e.Topic), Partition: e.Partition, Offset: e.Offset, Text: textOf(e.Err),
	}}}
}

func logOf(l *pb.Log) error {
	return &kafka.LogError{
		Topic: l.GetTopic(), Partition: l.GetPartition(), Offset: l.GetOffset(), Err: errors.New(l.GetText()),
	}
}

// textOf returns the text of an error, which may be nil.
func textOf(err error) string {
	if err == nil {
		return ""
	}
	return text(err.Error())
}
