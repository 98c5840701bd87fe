package record_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// What is read is written with the same bytes, and nothing else is read.
func FuzzParseSequence(f *testing.F) {
	f.Add(sequenceBytes(record.Sequence{Aggregate: 5, Partition: 9, Prev: 3, Count: 2}))
	f.Add(sequenceBytes(record.Sequence{Aggregate: 5, Partition: 9, Prev: -1, Index: 1, Count: 2}))
	f.Add(sequenceBytes(record.Sequence{Aggregate: 1, Partition: 1, Prev: record.NoPrevious, Count: 1}))
	f.Add([]byte{2})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := record.ParseSequence(b)
		if err != nil {
			return
		}
		if back, err := s.Append(nil); err != nil || !bytes.Equal(back, b) {
			t.Errorf("%x is read as %+v and written as %x, %v", b, s, back, err)
		}
		for _, offset := range []int64{0, 1, 1 << 40} {
			if prev, err := s.Previous(offset); err == nil && (prev < -1 || prev >= offset && prev != -1) {
				t.Errorf("%+v at %d: previous %d", s, offset, prev)
			}
		}
	})
}

// A value that is read, with or without a schema header, is written with the
// same bytes.
func FuzzValue(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x00\x01\x00\x08\x01"), []byte(nil))
	f.Add([]byte("\x00\x00\x00\x00\x01\x04\x02\x00\x08\x01"), []byte(nil))
	f.Add([]byte("\x00\x00\x00\x00\x01\x02\x82\x00"), []byte(nil))
	f.Add([]byte("\x08\x01"), []byte(nil))
	f.Add([]byte("\xc0\xa3\x09\x00"), []byte("\x01abcdefghijklmnop\x02\x02"))
	f.Add([]byte("\x08\x01"), []byte("\x01abcdefghijklmnop\x00"))
	f.Fuzz(func(t *testing.T, value, header []byte) {
		if len(header) == 0 {
			header = nil
		}
		schema, data, err := parseValue(value, header)
		if err != nil {
			return
		}
		value2, header2, err := encodeValue(schema, data)
		if err != nil || !bytes.Equal(value, value2) || !bytes.Equal(header, header2) {
			t.Errorf("%x, header %x, is read as %+v %x and written as %x, header %x, %v",
				value, header, schema, data, value2, header2, err)
		}
	})
}

// An event that is written is read as it was; one that is not written has a
// reason that is known.
func FuzzEvent(f *testing.F) {
	f.Add("id", "cmd", "type", "cor", "actor", []byte("data"), int64(1), uint64(1), uint64(1), uint8(0))
	f.Add("\xff/\x00", "€", "t", "", "", []byte{}, int64(-5), uint64(7), uint64(1<<63), uint8(7))
	f.Fuzz(func(t *testing.T, id, cmd, typ, cor, actor string, data []byte, micros int64, version, sequence uint64, mode uint8) {
		ev := opened()
		ev.AggregateID, ev.CommandID, ev.Type, ev.CorrelationID, ev.Actor, ev.Data = id, cmd, typ, cor, actor, data
		ev.Time, ev.Version = time.UnixMicro(micros).UTC(), version
		ev.Sequence = record.Sequence{Aggregate: version, Partition: sequence, Prev: 5, Count: 1}
		if version == 1 {
			ev.Sequence.Prev = record.NoPrevious
		}
		ev.Schema = [...]record.Schema{{ID: 7}, {Framing: record.InHeader, GUID: [16]byte{1}}, {Framing: record.Bare}}[mode>>1%3]
		format := record.Format{Source: "s", Envelope: record.Envelope(mode & 1)}
		value, headers, err := encode[record.Header](format, ev)
		if err != nil {
			known := id == "" || cmd == "" || len(cmd) > 64 || typ == "" || version == 0 || sequence < version ||
				ev.Schema.Framing != record.Prefix && len(data) > 0 && (data[0] == 0 || string(data) == "\xc0\xa3\x09\x00") ||
				strings.Contains(err.Error(), "RFC 3339")
			if !known {
				t.Errorf("%+v is not written: %v", ev, err)
			}
			return
		}
		got, err := record.ParseEvent([]byte(id), value, headers)
		if err != nil || len(value) == 0 {
			t.Fatalf("%+v is not read: %v", ev, err)
		}
		if len(data) == 0 {
			ev.Data, got.Data = nil, nil
		}
		if diff := cmp.Diff(ev, got); diff != "" {
			t.Error(diff)
		}
	})
}

// Headers of any kind are read or refused, and what is read can be written.
func FuzzParseEvent(f *testing.F) {
	f.Add("type", []byte("t"), "at", []byte("1"), "ce_specversion", []byte("1.0"))
	f.Add("ce_type", []byte("t"), "ce_time", []byte("2026-11-20T01:02:03.5Z"), "ce_specversion", []byte("1.0"))
	f.Fuzz(func(t *testing.T, k1 string, v1 []byte, k2 string, v2 []byte, k3 string, v3 []byte) {
		headers := []record.Header{
			{Key: "es", Value: sequenceBytes(opened().Sequence)},
			{Key: "cmd", Value: []byte("c")},
			{Key: k1, Value: v1},
			{Key: k2, Value: v2},
			{Key: k3, Value: v3},
		}
		ev, err := record.ParseEvent([]byte("id"), []byte{8, 1}, headers)
		if err != nil {
			return
		}
		for _, format := range []record.Format{{Source: "s"}, {Envelope: record.Compact}} {
			value, again, err := encode[record.Header](format, ev)
			if err != nil && format.Envelope == record.CloudEvents && strings.Contains(err.Error(), "RFC 3339") {
				continue // a time that only the other envelope can write
			}
			if err != nil {
				t.Fatalf("%+v is not written: %v", ev, err)
			}
			back, err := record.ParseEvent([]byte("id"), value, again)
			if diff := cmp.Diff(ev, back); diff != "" || err != nil {
				t.Errorf("%v\n%s", err, diff)
			}
		}
	})
}

// A key that is read is written with the same bytes.
func FuzzParseKey(f *testing.F) {
	for _, s := range []string{"a/acc/1/fd96", "c/0", "o/2147483647", "p/1", "m/meta", "a//f", "z/1"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		k, err := record.ParseKey(b)
		if err != nil {
			return
		}
		if back, err := k.Encode(); err != nil || !bytes.Equal(back, b) {
			t.Errorf("%q is read as %+v and written as %q, %v", b, k, back, err)
		}
	})
}

// Fields that are read are written, and then read as the same. Their bytes may
// differ: fields that are not known, or come twice, are gone.
func FuzzState(f *testing.F) {
	for kind, v := range map[record.Kind]value{
		record.SnapshotKind: snapshot(), record.CheckpointKind: checkpoint(), record.OwnerKind: owner(), record.MetaKind: meta(),
		record.EntryKind: entry(), record.TypesKind: types(),
	} {
		b, err := v.Encode(stateKey)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(kind), b[1:len(b)-4])
	}
	f.Fuzz(func(t *testing.T, kind uint8, body []byte) {
		_, _ = parseState(record.Kind(kind), stateKey, body) // as it is, with no checksum
		v, err := parseState(record.Kind(kind), stateKey, resealed(body))
		if err != nil {
			return
		}
		first, err := v.Encode(stateKey)
		if err != nil {
			t.Fatalf("%+v is not written: %v", v, err)
		}
		back, err := parseState(record.Kind(kind), stateKey, first)
		if diff := cmp.Diff(v, back); diff != "" || err != nil {
			t.Errorf("%v\n%s", err, diff)
		}
		if again, err := back.Encode(stateKey); err != nil || !bytes.Equal(first, again) {
			t.Errorf("%x is written as %x, %v", first, again, err)
		}
	})
}
