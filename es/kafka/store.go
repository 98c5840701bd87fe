package kafka

import (
	"context"
	"crypto/rand"
	"errors"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// store is one binding of an aggregate type.
type store struct {
	reader

	aggregate   es.Aggregate
	fingerprint string // of its states
	local       bool   // never forwards
}

// Execute implements [es.Store].
func (s *store) Execute(
	ctx context.Context, c proto.Message, o es.CommandOptions,
) (es.Receipt, []proto.Message, error) {
	target, ok := s.aggregate.Target(c)
	if !ok {
		return es.Receipt{}, nil, es.NotACommand(s.name, target.ID, c)
	}
	if err := s.admit(ctx, target, &o); err != nil {
		return es.Receipt{}, nil, about(s.name, target.ID, err)
	}
	if err := s.check(target, c); err != nil {
		return es.Receipt{}, nil, err
	}
	if !s.engine.watched() {
		return s.execute(ctx, target, c, o)
	}
	began := now()
	receipt, events, err := s.execute(ctx, target, c, o)
	s.report(ctx, began, target, c, receipt, err)
	return receipt, events, err
}

func (s *store) execute(
	ctx context.Context, target es.Target, c proto.Message, o es.CommandOptions,
) (es.Receipt, []proto.Message, error) {
	r := newRequest(ctx, s, target.ID)
	r.command, r.mode, r.options, r.hash = c, target.Mode, o, record.CommandHash(o.CommandID)
	a, err := s.domain.submit(ctx, r)
	if address, ok := s.elsewhere(err); ok {
		return s.engine.forwarder.Execute(ctx, address, s.aggregate, c, o)
	}
	if err != nil {
		return es.Receipt{}, nil, err
	}
	return a.receipt, a.events, nil
}

// admit checks what can be checked before the command is handed in, and gives
// it an id.
func (s *store) admit(ctx context.Context, t es.Target, o *es.CommandOptions) error {
	if err := s.engine.ready(ctx); err != nil {
		return err
	}
	if t.ID == "" {
		return es.ErrEmptyID
	}
	if len(o.CommandID) > es.MaxCommandID {
		return es.ErrCommandIDTooLong
	}
	if o.CommandID == "" {
		o.CommandID = rand.Text()
	}
	return nil
}

// check runs the engine's validator.
func (s *store) check(t es.Target, c proto.Message) error {
	if s.engine.validate == nil {
		return nil
	}
	if err := s.engine.validate(c); err != nil {
		name := string(c.ProtoReflect().Descriptor().FullName())
		return &es.InvalidCommandError{Command: name, AggregateID: t.ID, Err: err}
	}
	return nil
}

// Load implements [es.Store].
func (s *store) Load(ctx context.Context, id string, o es.ReadOptions) (es.Revision[proto.Message], error) {
	if err := s.engine.ready(ctx); err != nil {
		return es.Revision[proto.Message]{}, about(s.name, id, err)
	}
	r := newRequest(ctx, s, id)
	r.read, r.state = o, true
	a, err := s.domain.submit(ctx, r)
	if address, ok := s.elsewhere(err); ok {
		return s.engine.forwarder.Load(ctx, address, s.aggregate, id, o)
	}
	if err != nil {
		return es.Revision[proto.Message]{}, err
	}
	if a.state != nil {
		return es.Revision[proto.Message]{AggregateID: id, Version: a.version, Time: a.time, State: a.state}, nil
	}
	return s.travel(ctx, id, a, o)
}

// travel folds the first events of an aggregate.
func (s *store) travel(ctx context.Context, id string, a reply, o es.ReadOptions) (es.Revision[proto.Message], error) {
	none := es.Revision[proto.Message]{}
	if o.AtVersion > a.version {
		return none, about(s.name, id, es.ErrNotFound)
	}
	records, err := s.domain.history(ctx, id, a, o)
	if err != nil {
		return none, err
	}
	if len(records) == 0 {
		return none, about(s.name, id, es.ErrNotFound)
	}
	state := s.aggregate.NewState()
	for _, r := range records {
		if err := replay(s.aggregate, r, state); err != nil {
			return none, err
		}
	}
	last := records[len(records)-1]
	return es.Revision[proto.Message]{AggregateID: id, Version: last.Version, Time: last.Time, State: state}, nil
}

// elsewhere returns where a call is to be forwarded to.
func (s *store) elsewhere(err error) (address string, ok bool) {
	if s.local || s.engine.forwarder == nil {
		return "", false
	}
	owner, ok := errors.AsType[*NotOwnerError](err)
	if !ok || owner.Address == "" {
		return "", false
	}
	return owner.Address, true
}
