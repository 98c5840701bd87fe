package conformance_test

import (
	"context"
	"iter"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
)

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
