package record_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

var cloudEvents = record.Format{Source: "bank.v1.account"}

func opened() *record.Event {
	return &record.Event{
		Record: es.Record{
			Meta: es.Meta{
				AggregateID: "acc/1", Version: 7, CommandID: "cmd-1", CorrelationID: "req-9", Actor: "ann",
				Time: time.Date(2026, 11, 20, 1, 2, 3, 450_000, time.UTC),
			},
			Type: "bank.v1.Opened",
			Data: []byte("\x0a\x01x"),
		},
		Sequence: record.Sequence{Aggregate: 7, Partition: 40, Prev: 12, Count: 1},
		Schema:   record.Schema{ID: 258},
	}
}

// full has a value in every field, none of which another event has.
func full() *record.Event {
	return &record.Event{
		Record: es.Record{
			Meta: es.Meta{
				AggregateID: "acc/2", Version: 8, CommandID: "cmd-2", CorrelationID: "req-10", Actor: "bob",
				Time: time.Date(2026, 11, 21, 1, 2, 3, 450_000, time.UTC),
			},
			Type: "bank.v1.Closed",
			Data: []byte("\x0a\x01y"), Position: es.Position{Partition: 1, Offset: 2, Part: 3},
		},
		Sequence: record.Sequence{Aggregate: 8, Partition: 41, Prev: -1, Index: 1, Count: 2},
		Schema:   record.Schema{Framing: record.InHeader, ID: 1, GUID: [16]byte{1}, Indexes: []int32{1}},
		Producer: 7,
	}
}

// The headers are what every consumer builds on: they never change.
func TestEncoder_headers(t *testing.T) {
	t.Parallel()
	least := opened()
	least.CorrelationID, least.Actor, least.Schema = "", "", record.Schema{Framing: record.Bare}
	least.Time = least.Time.Truncate(time.Second)
	for _, tc := range []struct {
		name   string
		format record.Format
		event  *record.Event
		want   []string
	}{
		{"cloud events", cloudEvents, opened(), []string{
			"cmd=cmd-1", "ce_specversion=1.0", "ce_id=acc/1/7", "ce_source=bank.v1.account", "ce_type=bank.v1.Opened",
			"ce_subject=acc/1", "ce_time=2026-11-20T01:02:03.00045Z", "ce_correlationid=req-9", "ce_actor=ann",
		}},
		{"cloud events, least", cloudEvents, least, []string{
			"cmd=cmd-1", "ce_specversion=1.0", "ce_id=acc/1/7", "ce_source=bank.v1.account", "ce_type=bank.v1.Opened",
			"ce_subject=acc/1", "ce_time=2026-11-20T01:02:03Z", "content-type=application/protobuf",
		}},
		{"compact", record.Format{Envelope: record.Compact}, opened(), []string{
			"cmd=cmd-1", "type=bank.v1.Opened", "at=1795136523000450", "cor=req-9", "actor=ann",
		}},
		{"compact, least", record.Format{Envelope: record.Compact}, least, []string{
			"cmd=cmd-1", "type=bank.v1.Opened", "at=1795136523000000",
		}},
	} {
		_, headers, err := encode[kgo.RecordHeader](tc.format, tc.event)
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		if h := headers[0]; h.Key != "es" || !bytes.Equal(h.Value, sequenceBytes(tc.event.Sequence)) {
			t.Errorf("%s: first header %q %x", tc.name, h.Key, h.Value)
		}
		var got []string
		for _, h := range headers[1:] {
			got = append(got, h.Key+"="+string(h.Value))
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: %s", tc.name, diff)
		}
	}
}

// Everything that is stored comes back, whatever the settings, and whatever was
// read before.
func TestEvent_roundTrip(t *testing.T) {
	t.Parallel()
	events := map[string]*record.Event{"usual": opened()}
	add := func(name string, change func(*record.Event)) {
		ev := opened()
		change(ev)
		events[name] = ev
	}
	add("bare", func(ev *record.Event) { ev.Schema = record.Schema{Framing: record.Bare} })
	add("in header", func(ev *record.Event) {
		ev.Schema = record.Schema{Framing: record.InHeader, GUID: [16]byte{15: 1}, Indexes: []int32{2, 0}}
	})
	add("empty payload", func(ev *record.Event) { ev.Data = nil })
	add("odd strings", func(ev *record.Event) {
		ev.AggregateID, ev.Actor, ev.Type = "\x00\xff/é", "\n", "\xfe"
		ev.CommandID = strings.Repeat("€", 21) + "\xff"
	})
	add("no trace", func(ev *record.Event) { ev.Actor, ev.CorrelationID = "", "" })
	add("zero time", func(ev *record.Event) { ev.Time = time.Time{}.AddDate(1, 0, 0) })
	add("first", func(ev *record.Event) {
		ev.Version, ev.Sequence = 1, record.Sequence{Aggregate: 1, Partition: 1, Prev: record.NoPrevious, Count: 3}
	})
	for name, ev := range events {
		for _, f := range []record.Format{cloudEvents, {Envelope: record.Compact}} {
			value, headers, err := encode[record.Header](f, ev)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			headers = append(headers, record.Header{Key: "traceparent", Value: []byte("00-1")}, record.Header{})
			for _, before := range []*record.Event{{}, opened(), full()} {
				got := *before
				if err := record.ReadEvent(&got, []byte(ev.AggregateID), value, headers); err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				if len(got.Data) == 0 {
					got.Data = nil
				}
				if diff := cmp.Diff(ev, &got); diff != "" {
					t.Errorf("%s: %s", name, diff)
				}
			}
		}
	}
}

func TestEncoder_refuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		want   string
		change func(*record.Event)
	}{
		{"aggregate id is empty", func(ev *record.Event) { ev.AggregateID = "" }},
		{"version 8 with aggregate sequence 7", func(ev *record.Event) { ev.Version = 8 }},
		{"the command id is empty", func(ev *record.Event) { ev.CommandID = "" }},
		{`header "cmd" has 65 bytes: command id is longer than 64`, func(ev *record.Event) { ev.CommandID = strings.Repeat("x", 65) }},
		{"has no type", func(ev *record.Event) { ev.Type = "" }},
		{"is not in microseconds", func(ev *record.Event) { ev.Time = ev.Time.Add(1) }},
		{"counted from 0", func(ev *record.Event) { ev.Sequence.Count = 0 }},
		{"schema id 0", func(ev *record.Event) { ev.Schema = record.Schema{} }},
	} {
		ev := opened()
		tc.change(ev)
		for _, f := range []record.Format{cloudEvents, {Envelope: record.Compact}} {
			if _, _, err := encode[record.Header](f, ev); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want %q", err, tc.want)
			}
		}
	}
	far := opened()
	far.Time = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	if _, _, err := encode[record.Header](cloudEvents, far); err == nil || !strings.Contains(err.Error(), "RFC 3339") {
		t.Errorf("the year 10000: %v", err)
	}
	if _, _, err := encode[record.Header](record.Format{}, opened()); err == nil || !strings.Contains(err.Error(), "source") {
		t.Errorf("no source: %v", err)
	}
}

// edit is a change to the headers of a good record: a value that is replaced,
// one that is nil and removes, or one that is added.
type edit struct {
	key   string
	value []byte
}

func TestParseEvent_damaged(t *testing.T) {
	t.Parallel()
	compact := record.Format{Envelope: record.Compact}
	for _, tc := range []struct {
		format record.Format
		edit   edit
		want   string
	}{
		{compact, edit{"cmd", nil}, `header "cmd": the command id is empty`},
		{compact, edit{"cmd", bytes.Repeat([]byte("x"), 65)}, `header "cmd" has 65 bytes`},
		{compact, edit{"es", []byte{1}}, `header "es" has 1 bytes`},
		{compact, edit{"es", []byte{}}, `header "es" is empty`},
		{compact, edit{"type", nil}, `header "type" is missing or empty`},
		{compact, edit{"at", nil}, `header "at" is "", and has to be microseconds`},
		{compact, edit{"at", []byte("1.5")}, `header "at" is "1.5"`},
		{compact, edit{"at", []byte("+1")}, `header "at" is "+1"`},
		{compact, edit{"at", []byte("99999999999999999999")}, `header "at" is "9999`},
		{compact, edit{"ce_time", []byte("2026-11-20T01:02:03Z")}, `headers of both envelopes`},
		{cloudEvents, edit{"at", []byte("1")}, `headers of both envelopes`},
		{cloudEvents, edit{"ce_specversion", []byte("0.3")}, `header "ce_specversion" is "0.3", and has to be "1.0"`},
		{cloudEvents, edit{"ce_type", nil}, `header "ce_type" is missing or empty`},
		{cloudEvents, edit{"ce_time", nil}, `header "ce_time": "" is not a time`},
		{cloudEvents, edit{"ce_time", []byte("2026-11-20T01:02:03+01:00")}, `is not a time in RFC 3339`},
		{cloudEvents, edit{"ce_time", []byte("2026-11-20T01:02:03.0000001Z")}, `is not a time in RFC 3339`},
		{cloudEvents, edit{"__value_schema_id", []byte{}}, `header "__value_schema_id" is missing or empty`},
	} {
		ev := opened()
		value, headers, err := encode[record.Header](tc.format, ev)
		if err != nil {
			t.Fatal(err)
		}
		_, err = record.ParseEvent([]byte(ev.AggregateID), value, tc.edit.apply(headers))
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s=%q: %v, want %q", tc.edit.key, tc.edit.value, err, tc.want)
		}
	}
}

func (e edit) apply(headers []record.Header) []record.Header {
	var out []record.Header
	for _, h := range headers {
		if h.Key != e.key {
			out = append(out, h)
		}
	}
	if e.value == nil {
		return out
	}
	return append(out, record.Header{Key: e.key, Value: e.value})
}

func TestParseEvent_foreignAndTwice(t *testing.T) {
	t.Parallel()
	for _, f := range []record.Format{cloudEvents, {Envelope: record.Compact}} {
		ev := opened()
		ev.Schema = record.Schema{Framing: record.InHeader, GUID: [16]byte{1}}
		key := []byte(ev.AggregateID)
		value, headers, err := encode[record.Header](f, ev)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := record.ParseEvent(key, value, headers[1:]); !errors.Is(err, record.ErrForeign) {
			t.Errorf("without es: %v", err)
		}
		if _, err := record.ParseEvent(nil, value, headers); err == nil || !strings.Contains(err.Error(), "no key") {
			t.Errorf("without a key: %v", err)
		}
		for _, h := range headers {
			switch h.Key {
			case "ce_id", "ce_source", "ce_subject", "content-type":
				continue // not read
			}
			_, err := record.ParseEvent(key, value, append(slices.Clip(headers), record.Header{Key: h.Key}))
			if err == nil || !strings.Contains(err.Error(), h.Key) || !strings.Contains(err.Error(), "twice") {
				t.Errorf("%s twice: %v", h.Key, err)
			}
		}
	}
}

// A reader goes through millions of these.
func BenchmarkParseEvent(b *testing.B) {
	ev := opened()
	value, headers, err := encode[kgo.RecordHeader](cloudEvents, ev)
	if err != nil {
		b.Fatal(err)
	}
	key := []byte(ev.AggregateID)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := record.ParseEvent(key, value, headers); err != nil {
			b.Fatal(err)
		}
	}
}
