package conformance_test

import (
	"context"
	"crypto/rand"
	"iter"
	"runtime"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/conformance"
)

// engine is the simplest engine that passes the suite: one lock, and every
// state is replayed. It has one fault, or none.
type engine struct {
	*storage

	fault   fault
	options conformance.Options
	closed  chan struct{}
}

// storage is what outlives an engine.
type storage struct {
	lock      chan struct{} // full while locked
	log       []*es.Record
	byID      map[string][]*es.Record
	snapshots map[string][]snapshot
	given     map[string]proto.Message // states that were given away, for one of the faults
	grown     chan struct{}
}

type snapshot struct {
	version uint64
	spec    es.Spec
	data    []byte
}

func newEngine(o conformance.Options, f fault) *engine {
	return &engine{fault: f, options: o, closed: make(chan struct{}), storage: &storage{
		lock:      make(chan struct{}, 1),
		byID:      map[string][]*es.Record{},
		snapshots: map[string][]snapshot{},
		given:     map[string]proto.Message{},
		grown:     make(chan struct{}),
	}}
}

func (e *engine) reopen(o conformance.Options) *engine {
	_ = e.Close()
	if last := len(e.log) - 1; e.fault == losesTail {
		id := e.log[last].AggregateID
		e.log, e.byID[id] = e.log[:last], e.byID[id][:len(e.byID[id])-1]
	}
	return &engine{storage: e.storage, fault: e.fault, options: o, closed: make(chan struct{})}
}

// Close implements [io.Closer].
func (e *engine) Close() error {
	if e.fault == staysOpen {
		return nil
	}
	select {
	case <-e.closed:
	default:
		close(e.closed)
	}
	return nil
}

func (e *engine) Bind(a es.Aggregate) es.Store      { return &store{reader{e, a}, a} }
func (e *engine) Reader(events es.Events) es.Reader { return reader{e, events} }

// enter locks the engine.
func (e *engine) enter(ctx context.Context) error {
	ctx = e.heeded(ctx)
	select {
	case <-e.closed:
		return es.ErrClosed
	default:
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	select {
	case e.lock <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// heeded returns a context that ends with ctx, unless that is the fault.
func (e *engine) heeded(ctx context.Context) context.Context {
	if e.fault == ignoresContext {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

func (e *engine) leave() { <-e.lock }

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

type reader struct {
	*engine

	events es.Events
}

type yieldFunc = func(es.Event[proto.Message], error) bool

func (r reader) History(ctx context.Context, id string, o es.ReadOptions) iter.Seq2[es.Event[proto.Message], error] {
	return func(yield yieldFunc) {
		if err := r.enter(ctx); err != nil {
			yield(es.Event[proto.Message]{}, err)
			return
		}
		records := r.byID[id]
		r.leave()
		if len(records) == 0 {
			yield(es.Event[proto.Message]{}, es.ErrNotFound)
			return
		}
		for _, rec := range r.upTo(records, o) {
			if ctx.Err() != nil && r.fault != ignoresContext {
				yield(es.Event[proto.Message]{}, ctx.Err())
				return
			}
			if rec.Version >= o.FromVersion && !r.skips(rec) && !rec.Yield(r.events, 0, yield) {
				return
			}
		}
	}
}

func (r reader) Feed(ctx context.Context, from es.Cursor, o es.FeedOptions) iter.Seq2[es.Event[proto.Message], error] {
	return func(yield yieldFunc) {
		ctx := r.heeded(ctx)
		next := from.Next(0)
		for {
			if err := r.enter(ctx); err != nil {
				yield(es.Event[proto.Message]{}, err)
				return
			}
			log, grown := r.log, r.grown
			r.leave()
			for _, rec := range log[next.Offset:] {
				if ctx.Err() != nil {
					yield(es.Event[proto.Message]{}, ctx.Err())
					return
				}
				if !r.yield(rec, next.Part, yield) {
					return
				}
				next = es.Position{Offset: rec.Position.Offset + 1}
			}
			if !o.Follow || r.fault == doesNotFollow {
				return
			}
			select {
			case <-grown:
			case <-r.closed:
			case <-ctx.Done():
			}
		}
	}
}

// yield passes on a record of the feed.
func (r reader) yield(rec *es.Record, part int32, yield yieldFunc) bool {
	switch {
	case r.fault == feedLoses && rec.Position.Offset%7 == 6, r.skips(rec):
		return true
	case r.fault == feedRepeats:
		part = 0
	case r.fault == feedSkipsParts && part > 0:
		return true
	}
	return rec.Yield(r.events, part, yield)
}

// skips reports whether a fault hides a record from all who read it.
func (r reader) skips(rec *es.Record) bool {
	m, current := r.events.New(rec.Type)
	return m == nil && r.fault == skipsUnknown || m != nil && !current && r.fault == skipsUpcasts
}

func (r reader) upTo(records []*es.Record, o es.ReadOptions) []*es.Record {
	for i, rec := range records {
		version := rec.Version
		if r.fault == wrongVersion {
			version--
		}
		late := rec.Time.After(o.AtTime) || r.fault == wrongTime && rec.Time.Equal(o.AtTime)
		if o.AtVersion > 0 && version > o.AtVersion || !o.AtTime.IsZero() && late {
			return records[:i]
		}
	}
	return records
}
