package es_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// fakeStore returns what it is told to.
type fakeStore struct {
	es.Store

	events []proto.Message
	state  proto.Message
	err    error
}

func (f fakeStore) Execute(context.Context, proto.Message, es.CommandOptions) (es.Receipt, []proto.Message, error) {
	return es.Receipt{Version: 7}, f.events, f.err
}

func (f fakeStore) Load(_ context.Context, id string, o es.ReadOptions) (es.Revision[proto.Message], error) {
	return es.Revision[proto.Message]{AggregateID: id, Version: o.AtVersion, State: f.state}, f.err
}

func (f fakeStore) History(context.Context, string, es.ReadOptions) iter.Seq2[es.Event[proto.Message], error] {
	return func(yield func(es.Event[proto.Message], error) bool) {
		for i, e := range f.events {
			if !yield(es.Event[proto.Message]{Type: "t", Meta: es.Meta{Version: uint64(i) + 1}, Event: e}, nil) {
				return
			}
		}
		if f.err != nil {
			yield(es.Event[proto.Message]{Type: "t"}, f.err)
		}
	}
}

func (f fakeStore) Feed(ctx context.Context, _ es.Cursor, _ es.FeedOptions) iter.Seq2[es.Event[proto.Message], error] {
	return f.History(ctx, "", es.ReadOptions{})
}

func TestExecute(t *testing.T) {
	t.Parallel()
	event := posted(1)
	res, err := es.Execute[ledgerv1.PostOutcome](t.Context(), fakeStore{events: []proto.Message{event}}, &ledgerv1.Post{}, nil)
	if err != nil || res.Version != 7 || len(res.Events) != 1 || res.Events[0] != event {
		t.Errorf("%+v, %v", res, err)
	}
	res, err = es.Execute[ledgerv1.PostOutcome](t.Context(), fakeStore{err: es.ErrExists}, &ledgerv1.Post{}, nil)
	if !errors.Is(err, es.ErrExists) || res.Version != 0 {
		t.Errorf("%+v, %v", res, err)
	}
	_, err = es.Execute[ledgerv1.PostOutcome](t.Context(), fakeStore{events: []proto.Message{&ledgerv1.Attached{}}}, &ledgerv1.Post{}, nil)
	if err == nil || !strings.Contains(err.Error(), "*ledgerv1.Attached as an event of *ledgerv1.Post") {
		t.Errorf("error %v", err)
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	state := &ledgerv1.Ledger{}
	rev, err := es.Load[*ledgerv1.Ledger](t.Context(), fakeStore{state: state}, "l", []es.LoadOption{es.AtVersion(3)})
	if err != nil || rev.State != state || rev.AggregateID != "l" || rev.Version != 3 {
		t.Errorf("%+v, %v", rev, err)
	}
	if _, err = es.Load[*ledgerv1.Ledger](t.Context(), fakeStore{err: es.ErrNotFound}, "l", nil); !errors.Is(err, es.ErrNotFound) {
		t.Errorf("error %v", err)
	}
	_, err = es.Load[*ledgerv1.Ledger](t.Context(), fakeStore{state: posted(1)}, "l", nil)
	if err == nil || !strings.Contains(err.Error(), "*ledgerv1.Posted as a state of type *ledgerv1.Ledger") {
		t.Errorf("error %v", err)
	}
}

func TestHistoryAndFeed(t *testing.T) {
	t.Parallel()
	foreign := []proto.Message{posted(1), &ledgerv1.Audited{}, posted(3)} // the second is not an event of today
	for _, tc := range []struct {
		name  string
		store fakeStore
		stop  int
		want  int
		err   string
	}{
		{"all", fakeStore{events: []proto.Message{posted(1), posted(2)}}, 9, 2, ""},
		{"stopped", fakeStore{events: []proto.Message{posted(1), posted(2)}}, 1, 1, ""},
		{"error", fakeStore{events: []proto.Message{posted(1)}, err: es.ErrClosed}, 9, 1, "engine is closed"},
		{"another type", fakeStore{events: foreign}, 9, 1, "*ledgerv1.Audited in a history of another type"},
	} {
		for name, seq := range map[string]iter.Seq2[es.Event[ledgerv1.LedgerEvent], error]{
			"history": es.History[ledgerv1.LedgerEvent](t.Context(), tc.store, "l", nil),
			"feed":    es.Feed[ledgerv1.LedgerEvent](t.Context(), tc.store, es.Start(), nil),
		} {
			n, text := 0, ""
			for ev, err := range seq {
				if err != nil {
					text = err.Error()
					continue
				}
				if n++; ev.Version != uint64(n) || ev.Event == nil || ev.Type != "t" {
					t.Errorf("%s, %s: %+v", tc.name, name, ev)
				}
				if n == tc.stop {
					break
				}
			}
			if n != tc.want || !strings.Contains(text, tc.err) || text != "" && tc.err == "" {
				t.Errorf("%s, %s: %d events and %q, want %d and %q", tc.name, name, n, text, tc.want, tc.err)
			}
		}
	}
}

// A nil has to stay one that an engine can find.
func TestMessages(t *testing.T) {
	t.Parallel()
	if got := es.Messages([]ledgerv1.PostOutcome{}); got != nil {
		t.Errorf("no events: %v", got)
	}
	got := es.Messages([]ledgerv1.PostOutcome{posted(1), nil, (*ledgerv1.Posted)(nil)})
	if len(got) != 3 || got[1] != nil || got[2] == nil || got[2].ProtoReflect().IsValid() {
		t.Errorf("events: %#v", got)
	}
}
