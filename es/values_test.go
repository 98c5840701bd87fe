package es_test

import (
	"testing"
	"time"

	"github.com/esgen-dev/esgen/es"
)

func TestMode(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		mode    es.Mode
		name    string
		none    error // on an aggregate without events
		existed error
	}{
		{es.Update, "MODE_UPDATE", es.ErrNotFound, nil},
		{es.Create, "MODE_CREATE", nil, es.ErrExists},
		{es.Upsert, "MODE_UPSERT", nil, nil},
	} {
		if got := tc.mode.String(); got != tc.name {
			t.Errorf("%d: %s, want %s", tc.mode, got, tc.name)
		}
		if got := tc.mode.Check(0); got != tc.none { //nolint:errorlint // the sentinel itself
			t.Errorf("%s at version 0: %v, want %v", tc.mode, got, tc.none)
		}
		if got := tc.mode.Check(7); got != tc.existed { //nolint:errorlint // the sentinel itself
			t.Errorf("%s at version 7: %v, want %v", tc.mode, got, tc.existed)
		}
	}
	if got := es.Mode(9).String(); got != "MODE_UNSPECIFIED" {
		t.Errorf("an unknown mode is %s", got)
	}
}

func TestEventTime(t *testing.T) {
	t.Parallel()
	last := time.Date(2024, time.May, 1, 12, 0, 0, 5_000, time.UTC)
	for _, tc := range []struct{ now, want time.Time }{
		{last.Add(time.Hour), last.Add(time.Hour)},
		{last.Add(-time.Hour), last},
		{last, last},
		{last.Add(999 * time.Nanosecond), last}, // below a microsecond
		{last.Add(time.Microsecond).In(time.FixedZone("", 3600)), last.Add(time.Microsecond)},
	} {
		got := es.EventTime(tc.now, last)
		if !got.Equal(tc.want) || got.Location() != time.UTC {
			t.Errorf("now %s: %s, want %s", tc.now, got, tc.want)
		}
	}
	if got := es.EventTime(last, time.Time{}); got != last {
		t.Errorf("the first event: %s, want %s", got, last)
	}
}

func TestCommandOptions(t *testing.T) {
	t.Parallel()
	if o := es.NewCommandOptions(); o != (es.CommandOptions{}) {
		t.Errorf("no options: %+v", o)
	}
	o := es.NewCommandOptions(es.CommandID("a"), es.CorrelationID("b"), es.Actor("c"), es.ExpectVersion(0), es.CommandID("d"))
	if o.CommandID != "d" || o.CorrelationID != "b" || o.Actor != "c" || o.Expect == nil || *o.Expect != 0 {
		t.Errorf("options: %+v", o)
	}
	expect := es.ExpectVersion(7)
	first, second := es.NewCommandOptions(expect), es.NewCommandOptions(expect)
	if *first.Expect != 7 || *second.Expect != 7 {
		t.Errorf("an option used twice: %d and %d", *first.Expect, *second.Expect)
	}
}

func TestReadOptions(t *testing.T) {
	t.Parallel()
	at := time.Date(2024, time.May, 1, 0, 0, 0, 0, time.UTC)
	if got, want := es.NewLoadOptions(es.AtVersion(3), es.AtTime(at), es.Fresh()),
		(es.ReadOptions{AtVersion: 3, AtTime: at, Fresh: true}); got != want {
		t.Errorf("load: %+v, want %+v", got, want)
	}
	if got, want := es.NewHistoryOptions(es.AtVersion(3), es.AtTime(at), es.FromVersion(2)),
		(es.ReadOptions{AtVersion: 3, AtTime: at, FromVersion: 2}); got != want {
		t.Errorf("history: %+v, want %+v", got, want)
	}
	if got, want := es.NewFeedOptions(es.Follow()), (es.FeedOptions{Follow: true}); got != want {
		t.Errorf("feed: %+v, want %+v", got, want)
	}
}
