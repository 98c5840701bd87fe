package memory

import (
	"context"
	"crypto/rand"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
)

// Execute implements [es.Store].
func (s *store) Execute(
	ctx context.Context, c proto.Message, o es.CommandOptions,
) (es.Receipt, []proto.Message, error) {
	target, ok := s.aggregate.Target(c)
	if !ok {
		return es.Receipt{}, nil, es.NotACommand(s.name, target.ID, c)
	}
	if err := s.admit(ctx, target, &o); err != nil {
		return es.Receipt{}, nil, s.about(target.ID, err)
	}
	if err := s.check(target, c); err != nil {
		return es.Receipt{}, nil, err
	}
	st, err := s.log.acquire(ctx, target.ID)
	if err != nil {
		return es.Receipt{}, nil, s.about(target.ID, err)
	}
	defer s.log.release(st)
	return s.execute(st, target.Mode, c, o)
}

// admit checks what can be checked before the aggregate is locked, and gives
// the command an id.
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

// execute decides a command on a locked stream and appends its events.
func (s *store) execute(
	st *stream, mode es.Mode, c proto.Message, o es.CommandOptions,
) (es.Receipt, []proto.Message, error) {
	if r, ok := st.receipt(o.CommandID); ok {
		return r, nil, nil
	}
	version := st.version()
	if o.Expect != nil && *o.Expect != version {
		return es.Receipt{}, nil, &es.ConflictError{
			Aggregate: s.name, AggregateID: st.id, Expected: *o.Expect, Current: version,
		}
	}
	if err := mode.Check(version); err != nil {
		return es.Receipt{}, nil, s.about(st.id, err)
	}
	f, err := s.current(st)
	if err != nil {
		return es.Receipt{}, nil, err
	}
	m := es.Meta{
		AggregateID: st.id, Version: version, Time: es.EventTime(s.engine.clock(), st.lastTime()),
		CommandID: o.CommandID, CorrelationID: o.CorrelationID, Actor: o.Actor,
	}
	events, err := s.decide(m, f, c)
	if err != nil {
		s.keep(st, f)
		return es.Receipt{}, nil, err
	}
	r, err := s.commit(st, f, m, c, events)
	if err != nil {
		return es.Receipt{}, nil, err
	}
	return r, events, nil
}

// decide calls the handler. Should it panic, the state is not used again.
func (s *store) decide(m es.Meta, f *folded, c proto.Message) ([]proto.Message, error) {
	f.broken = true
	events, err := s.aggregate.Handle(m, f.state, c)
	f.broken = false
	if err != nil {
		return nil, err // a domain error comes back as itself
	}
	return events, nil
}

// commit appends the events of a command. They are folded from their bytes
// before they are appended, so nothing enters the log that cannot be replayed.
func (s *store) commit(
	st *stream, f *folded, m es.Meta, c proto.Message, events []proto.Message,
) (es.Receipt, error) {
	if len(events) == 0 {
		s.keep(st, f)
		return es.Receipt{
			AggregateID: m.AggregateID, CommandID: m.CommandID, First: m.Version + 1, Version: m.Version, Time: m.Time,
		}, nil
	}
	batch, err := s.encode(m, c, events)
	if err != nil {
		return es.Receipt{}, err
	}
	if err := s.fold(f, batch); err != nil {
		return es.Receipt{}, err
	}
	s.log.append(st, batch)
	s.keep(st, f)
	s.takeSnapshot(st, f)
	return receiptOf(m.Version+1, batch[len(batch)-1]), nil
}

// encode makes the records of a command's events, without their positions.
func (s *store) encode(m es.Meta, c proto.Message, events []proto.Message) ([]*es.Record, error) {
	size := 0
	for _, e := range events {
		if err := es.CheckDeclared(s.aggregate, m.AggregateID, c, e); err != nil {
			return nil, err
		}
		size += deterministic.Size(e)
	}
	data := make([]byte, 0, size)
	records := make([]es.Record, len(events))
	batch := make([]*es.Record, len(events))
	for i, e := range events {
		start := len(data)
		var err error
		if data, err = deterministic.MarshalAppend(data, e); err != nil {
			return nil, s.about(m.AggregateID, fmt.Errorf("event %d of the command cannot be encoded: %w", i+1, err))
		}
		m.Version++
		records[i] = es.Record{Meta: m, Type: s.aggregate.TypeOf(e), Data: data[start:len(data):len(data)]}
		batch[i] = &records[i]
	}
	return batch, nil
}
