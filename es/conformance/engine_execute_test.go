package conformance_test

import (
	"context"
	"crypto/rand"
	"runtime"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
)

func (s *store) Execute(ctx context.Context, c proto.Message, o es.CommandOptions) (es.Receipt, []proto.Message, error) {
	target, err := s.admit(c, &o)
	if err != nil {
		return es.Receipt{}, nil, err
	}
	if err := s.enter(ctx); err != nil {
		return es.Receipt{}, nil, err
	}
	defer s.leave()
	records := s.byID[target.ID]
	if r, ok := s.seen(records, o.CommandID); ok {
		return r, nil, nil
	}
	m := es.Meta{
		AggregateID: target.ID, Version: uint64(len(records)), Time: s.time(records),
		CommandID: o.CommandID, CorrelationID: o.CorrelationID, Actor: o.Actor,
	}
	if o.Expect != nil && *o.Expect != m.Version && s.fault != ignoresExpect {
		return es.Receipt{}, nil, &es.ConflictError{
			Aggregate: s.a.Spec().Name, AggregateID: target.ID, Expected: *o.Expect, Current: m.Version,
		}
	}
	if err := target.Mode.Check(m.Version); err != nil && s.fault != ignoresMode {
		return es.Receipt{}, nil, err
	}
	return s.decide(ctx, m, c, records)
}

func (s *store) admit(c proto.Message, o *es.CommandOptions) (es.Target, error) {
	target, ok := s.a.Target(c)
	if s.fault == cleansIDs {
		target.ID = strings.TrimSpace(target.ID)
	}
	switch {
	case !ok:
		return target, es.NotACommand(s.a.Spec().Name, "", c)
	case target.ID == "":
		return target, es.ErrEmptyID
	case len(o.CommandID) > es.MaxCommandID && s.fault != takesAnyID:
		return target, es.ErrCommandIDTooLong
	case o.CommandID == "":
		o.CommandID = rand.Text()
	}
	if s.options.Validate != nil && s.fault != ignoresValidator {
		if err := s.options.Validate(c); err != nil {
			name := string(c.ProtoReflect().Descriptor().FullName())
			return target, &es.InvalidCommandError{Command: name, AggregateID: target.ID, Err: err}
		}
	}
	return target, nil
}

func (s *store) time(records []*es.Record) time.Time {
	var last time.Time
	if len(records) > 0 && s.fault != timeBackwards {
		last = records[len(records)-1].Time
	}
	return es.EventTime(s.options.Clock(), last)
}

// seen returns the receipt of a command that was executed before.
func (s *store) seen(records []*es.Record, commandID string) (es.Receipt, bool) {
	if s.fault == noDedup {
		return es.Receipt{}, false
	}
	for i, r := range records {
		if r.CommandID != commandID {
			continue
		}
		last := r
		for i++; i < len(records) && records[i].CommandID == commandID && s.fault != forgetsRange; i++ {
			last = records[i]
		}
		receipt := receiptOf(r.Version, last)
		receipt.Duplicate = true
		return receipt, true
	}
	return es.Receipt{}, false
}

func receiptOf(first uint64, last *es.Record) es.Receipt {
	return es.Receipt{
		AggregateID: last.AggregateID, CommandID: last.CommandID,
		First: first, Version: last.Version, Position: last.Position, Time: last.Time,
	}
}

func (s *store) decide(
	ctx context.Context, m es.Meta, c proto.Message, records []*es.Record,
) (es.Receipt, []proto.Message, error) {
	state, err := s.replay(m.AggregateID, records)
	if err != nil {
		return es.Receipt{}, nil, err
	}
	if s.fault == losesUpdates {
		s.leave()
		defer func() { s.lock <- struct{}{} }() // Execute leaves again
		runtime.Gosched()
	}
	told := m
	if s.fault == wrongEnvelope {
		told.Time = told.Time.Add(time.Microsecond)
	}
	events, err := s.a.Handle(told, state, c)
	if err != nil {
		return es.Receipt{}, nil, err
	}
	if len(events) == 0 {
		return es.Receipt{
			AggregateID: m.AggregateID, CommandID: m.CommandID, First: m.Version + 1, Version: m.Version, Time: m.Time,
		}, nil, nil
	}
	batch, err := s.encode(m, c, events)
	if err != nil {
		return es.Receipt{}, nil, err
	}
	if s.fault == losesUpdates {
		s.lock <- struct{}{}
		defer s.leave()
	}
	s.append(batch, records)
	if s.fault == failsLate && ctx.Err() != nil {
		return es.Receipt{}, nil, ctx.Err()
	}
	return receiptOf(batch[0].Version, batch[len(batch)-1]), events, nil
}

func (s *store) encode(m es.Meta, c proto.Message, events []proto.Message) ([]*es.Record, error) {
	batch := make([]*es.Record, 0, len(events))
	for _, ev := range events {
		name := "nil"
		if ev != nil && ev.ProtoReflect().IsValid() {
			name = string(ev.ProtoReflect().Descriptor().FullName())
		}
		if name == "nil" || s.a.TypeOf(ev) == "" {
			if s.fault == dropsUndeclared {
				continue
			}
			command := string(c.ProtoReflect().Descriptor().FullName())
			return nil, &es.UndeclaredEventError{Command: command, AggregateID: m.AggregateID, Event: name}
		}
		data, err := proto.Marshal(ev)
		if err != nil {
			return nil, err
		}
		m.Version++
		if s.fault == limitsPayloads {
			data = data[:min(len(data), 65_536)]
		}
		if s.fault == forgetsActor {
			m.Actor = ""
		}
		batch = append(batch, &es.Record{Meta: m, Type: s.a.TypeOf(ev), Data: data})
	}
	return batch, nil
}

func (s *store) append(batch, records []*es.Record) {
	id := batch[0].AggregateID
	for _, r := range batch {
		r.Position.Offset = int64(len(s.log))
		s.log = append(s.log, r)
		s.byID[id] = append(s.byID[id], r)
		if s.fault == tearsCommands {
			s.leave()
			runtime.Gosched()
			s.lock <- struct{}{}
		}
	}
	s.snapshot(id, append(slices.Clip(records), batch...))
	close(s.grown)
	s.grown = make(chan struct{})
}

func (s *store) snapshot(id string, records []*es.Record) {
	version := uint64(len(records))
	last := uint64(0)
	if n := len(s.snapshots[id]); n > 0 {
		last = s.snapshots[id][n-1].version
	}
	if version-last < uint64(s.a.Spec().SnapshotEvery) {
		return
	}
	state, err := s.replay(id, records)
	if err != nil {
		return
	}
	if data, err := proto.Marshal(state); err == nil {
		s.snapshots[id] = append(s.snapshots[id], snapshot{version: version, spec: *s.a.Spec(), data: data})
	}
}
