package record

import (
	"encoding/binary"
	"fmt"
	"math"
)

// NoPrevious is the Prev of the first event of an aggregate.
const NoPrevious int64 = math.MaxInt64

// The layout of the "es" header, in big endian.
const (
	sequenceVersion = 1
	sequenceSize    = 30

	atFlags     = 1  // 1 byte, all zero; bit 0 is meant for encrypted payloads
	atAggregate = 2  // 8 bytes
	atPartition = 10 // 8 bytes
	atPrev      = 18 // 8 bytes, signed
	atIndex     = 26 // 2 bytes
	atCount     = 28 // 2 bytes
)

// Sequence is where an event stands among the others: what the "es" header
// holds. The numbers are dense among committed events, so that every reader
// sees a loss, a repetition or a command that was torn.
type Sequence struct {
	Aggregate uint64 // number within the aggregate, from 1: its version
	Partition uint64 // number within the partition, from 1
	// Prev is where the aggregate's previous event lies in the partition. From
	// 0 on it is the offset of an event of an earlier transaction. Below 0 it
	// is the distance to an event of the same one, whose offset was not known
	// when this was written; a transaction's events lie side by side. The
	// first event of an aggregate has [NoPrevious].
	Prev  int64
	Index uint16 // of the event among those of its command, from 0
	Count uint16 // of the events of the command
}

// Append appends the 30 bytes of the header to b. It fails when the sequence
// is impossible.
func (s Sequence) Append(b []byte) ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	b = append(b, sequenceVersion, 0)
	b = binary.BigEndian.AppendUint64(b, s.Aggregate)
	b = binary.BigEndian.AppendUint64(b, s.Partition)
	b = binary.BigEndian.AppendUint64(b, uint64(s.Prev)) //nolint:gosec // the bits are what is written
	b = binary.BigEndian.AppendUint16(b, s.Index)
	return binary.BigEndian.AppendUint16(b, s.Count), nil
}

// ParseSequence reads an "es" header. It fails with [ErrNewer] when version or
// flags are not known.
func ParseSequence(b []byte) (Sequence, error) {
	switch {
	case len(b) == 0:
		return Sequence{}, fmt.Errorf(`header "es" is empty, and has to have %d bytes`, sequenceSize)
	case b[0] == 0:
		return Sequence{}, fmt.Errorf(`header "es": version 0 does not exist`)
	case b[0] != sequenceVersion:
		return Sequence{}, fmt.Errorf(`header "es": version %d: %w`, b[0], ErrNewer)
	case len(b) != sequenceSize:
		return Sequence{}, fmt.Errorf(`header "es" has %d bytes, and has to have %d`, len(b), sequenceSize)
	case b[atFlags] != 0:
		return Sequence{}, fmt.Errorf(`header "es": flags %#02x: %w`, b[atFlags], ErrNewer)
	}
	s := Sequence{
		Aggregate: binary.BigEndian.Uint64(b[atAggregate:]),
		Partition: binary.BigEndian.Uint64(b[atPartition:]),
		Prev:      int64(binary.BigEndian.Uint64(b[atPrev:])), //nolint:gosec // the bits are what was written
		Index:     binary.BigEndian.Uint16(b[atIndex:]),
		Count:     binary.BigEndian.Uint16(b[atCount:]),
	}
	return s, s.check()
}

// SequenceOf reads the "es" header among the headers of a record, and nothing
// else. It fails with [ErrForeign] when there is none.
func SequenceOf[H AnyHeader](headers []H) (Sequence, error) {
	found := -1
	for i := range headers {
		if Header(headers[i]).Key != keySequence {
			continue
		}
		if found >= 0 {
			return Sequence{}, errTwice(keySequence)
		}
		found = i
	}
	if found < 0 {
		return Sequence{}, ErrForeign
	}
	return ParseSequence(Header(headers[found]).Value)
}

// Previous returns the offset of the aggregate's previous event, given the
// offset of this one, or -1 for the first event of an aggregate. It fails when
// there can be no event, so that whoever follows the chain always comes to its
// end.
func (s Sequence) Previous(offset int64) (int64, error) {
	prev := s.Prev
	switch {
	case prev == NoPrevious:
		return -1, nil
	case prev < 0:
		prev += offset
	}
	if prev < 0 || prev >= offset {
		return 0, fmt.Errorf(`header "es": prev %d of the event at offset %d is not before it`, s.Prev, offset)
	}
	return prev, nil
}

// check says what cannot be in a sequence on its own.
func (s Sequence) check() error {
	switch {
	case s.Aggregate == 0:
		return fmt.Errorf(`header "es": aggregate sequence is 0, and starts at 1`)
	case s.Partition < s.Aggregate:
		return fmt.Errorf(`header "es": partition sequence %d is below aggregate sequence %d`, s.Partition, s.Aggregate)
	case s.Index >= s.Count:
		return fmt.Errorf(`header "es": event %d of a command with %d, counted from 0`, s.Index, s.Count)
	case uint64(s.Index) >= s.Aggregate:
		return fmt.Errorf(`header "es": event %d of a command, counted from 0, has aggregate sequence %d`, s.Index, s.Aggregate)
	case (s.Prev == NoPrevious) != (s.Aggregate == 1):
		return fmt.Errorf(`header "es": prev %d with aggregate sequence %d: only the first event has none`, s.Prev, s.Aggregate)
	case s.Index > 0 && s.Prev != -1:
		return fmt.Errorf(`header "es": prev %d for event %d of a command: its events lie side by side`, s.Prev, s.Index)
	case s.Prev < 0 && s.Partition <= -uint64(s.Prev): //nolint:gosec // the negation is right for every int64
		return fmt.Errorf(`header "es": prev %d with partition sequence %d is before the first event`, s.Prev, s.Partition)
	}
	return nil
}
