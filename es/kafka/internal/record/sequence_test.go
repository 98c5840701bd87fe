package record_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// The bytes are what every record in every topic has: they never change.
func TestSequence_bytes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		s    record.Sequence
		want string
	}{
		{
			record.Sequence{Aggregate: 1, Partition: 1, Prev: record.NoPrevious, Count: 1},
			"0100" + "0000000000000001" + "0000000000000001" + "7fffffffffffffff" + "0000" + "0001",
		},
		{
			record.Sequence{Aggregate: 0x0102, Partition: 0x1122334455667788, Prev: 0x0a0b, Index: 0, Count: 0x0203},
			"0100" + "0000000000000102" + "1122334455667788" + "0000000000000a0b" + "0000" + "0203",
		},
		{
			record.Sequence{Aggregate: 9, Partition: 10, Prev: -1, Index: 1, Count: 2},
			"0100" + "0000000000000009" + "000000000000000a" + "ffffffffffffffff" + "0001" + "0002",
		},
	} {
		got, err := tc.s.Append([]byte("before"))
		if err != nil || hex.EncodeToString(got) != hex.EncodeToString([]byte("before"))+tc.want {
			t.Errorf("%+v: %x, %v, want %s", tc.s, got, err, tc.want)
			continue
		}
		back, err := record.ParseSequence(got[6:])
		if err != nil || back != tc.s {
			t.Errorf("%+v came back as %+v, %v", tc.s, back, err)
		}
	}
}

// What cannot be is neither written nor read.
func TestSequence_impossible(t *testing.T) {
	t.Parallel()
	good := record.Sequence{Aggregate: 5, Partition: 9, Prev: 3, Index: 0, Count: 2}
	for _, tc := range []struct {
		change func(*record.Sequence)
		want   string
	}{
		{func(s *record.Sequence) { s.Aggregate = 0 }, "aggregate sequence is 0"},
		{func(s *record.Sequence) { s.Partition = 4 }, "partition sequence 4 is below aggregate sequence 5"},
		{func(s *record.Sequence) { s.Count = 0 }, "event 0 of a command with 0"},
		{func(s *record.Sequence) { s.Index, s.Prev = 2, -1 }, "event 2 of a command with 2"},
		{func(s *record.Sequence) { s.Aggregate, s.Index, s.Count, s.Prev = 2, 2, 3, -1 }, "event 2 of a command, counted from 0, has aggregate sequence 2"},
		{func(s *record.Sequence) { s.Prev = record.NoPrevious }, "only the first event has none"},
		{func(s *record.Sequence) { s.Aggregate = 1 }, "only the first event has none"},
		{func(s *record.Sequence) { s.Index = 1 }, "its events lie side by side"},
		{func(s *record.Sequence) { s.Index, s.Prev = 1, -2 }, "its events lie side by side"},
		{func(s *record.Sequence) { s.Prev = -9 }, "prev -9 with partition sequence 9 is before the first event"},
		{func(s *record.Sequence) { s.Prev = math.MinInt64 }, "is before the first event"},
	} {
		s := good
		tc.change(&s)
		if b, err := s.Append(nil); err == nil || !strings.Contains(err.Error(), tc.want) || b != nil {
			t.Errorf("%+v is written: %x, %v, want %q", s, b, err, tc.want)
		}
		if _, err := record.ParseSequence(sequenceBytes(s)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%+v is read: %v, want %q", s, err, tc.want)
		}
	}
	for _, s := range []record.Sequence{
		good,
		{Aggregate: 5, Partition: 5, Prev: 0, Count: math.MaxUint16},
		{Aggregate: 5, Partition: 9, Prev: -8, Count: 1},
		{Aggregate: 5, Partition: 9, Prev: -1, Index: 4, Count: 5},
		{Aggregate: math.MaxUint64, Partition: math.MaxUint64, Prev: math.MaxInt64 - 1, Count: 1},
		{Aggregate: 2, Partition: math.MaxUint64, Prev: math.MinInt64, Count: 1},
	} {
		if _, err := s.Append(nil); err != nil {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

func TestParseSequence_damaged(t *testing.T) {
	t.Parallel()
	good := sequenceBytes(record.Sequence{Aggregate: 5, Partition: 9, Prev: 3, Count: 2})
	for _, tc := range []struct {
		b     []byte
		want  string
		newer bool
	}{
		{nil, `header "es" is empty, and has to have 30 bytes`, false},
		{good[:29], `header "es" has 29 bytes, and has to have 30`, false},
		{append(bytes.Clone(good), 0), `header "es" has 31 bytes, and has to have 30`, false},
		{with(good, 0, 0), `header "es": version 0 does not exist`, false},
		{with(good, 0, 2), `header "es": version 2: written in a format that this code does not know`, true},
		{[]byte{7}, `header "es": version 7: written`, true},
		{with(good, 1, 1), `header "es": flags 0x01: written`, true},
		{with(good, 1, 0x80), `header "es": flags 0x80: written`, true},
	} {
		_, err := record.ParseSequence(tc.b)
		if err == nil || !strings.Contains(err.Error(), tc.want) || errors.Is(err, record.ErrNewer) != tc.newer {
			t.Errorf("%x: %v, want %q, newer %v", tc.b, err, tc.want, tc.newer)
		}
	}
}

func TestSequenceOf(t *testing.T) {
	t.Parallel()
	s := record.Sequence{Aggregate: 5, Partition: 9, Prev: 3, Count: 2}
	es := record.Header{Key: "es", Value: sequenceBytes(s)}
	other := record.Header{Key: "ES", Value: []byte{1}}
	if got, err := record.SequenceOf([]record.Header{other, es, other}); err != nil || got != s {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := record.SequenceOf([]record.Header{other}); !errors.Is(err, record.ErrForeign) {
		t.Errorf("without: %v", err)
	}
	if _, err := record.SequenceOf([]record.Header{es, other, es}); err == nil || err.Error() != `header "es" is there twice` {
		t.Errorf("twice: %v", err)
	}
}

// Whoever follows the chain comes closer to the start with every step.
func TestSequence_Previous(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		prev, offset, want int64
		err                bool
	}{
		{record.NoPrevious, 0, -1, false},
		{record.NoPrevious, 70, -1, false},
		{0, 1, 0, false},
		{69, 70, 69, false},
		{70, 70, 0, true},
		{71, 70, 0, true},
		{-1, 70, 69, false},
		{-70, 70, 0, false},
		{-71, 70, 0, true},
		{math.MinInt64, 70, 0, true},
		{math.MinInt64, math.MaxInt64, 0, true},
		{math.MaxInt64 - 1, math.MaxInt64, math.MaxInt64 - 1, false},
	} {
		got, err := record.Sequence{Prev: tc.prev}.Previous(tc.offset)
		if (err != nil) != tc.err || got != tc.want {
			t.Errorf("prev %d at %d: %d, %v", tc.prev, tc.offset, got, err)
		}
	}
}

// sequenceBytes lays out a header without checking it.
func sequenceBytes(s record.Sequence) []byte {
	b := []byte{1, 0}
	for _, n := range []uint64{s.Aggregate, s.Partition, uint64(s.Prev)} {
		for shift := 56; shift >= 0; shift -= 8 {
			b = append(b, byte(n>>shift))
		}
	}
	return append(b, byte(s.Index>>8), byte(s.Index), byte(s.Count>>8), byte(s.Count))
}

func with(b []byte, i int, v byte) []byte {
	b = bytes.Clone(b)
	b[i] = v
	return b
}
