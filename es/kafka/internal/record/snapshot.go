package record

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// Snapshot is the value of a key of [SnapshotKind]: an aggregate as of one of
// its versions. It only saves work: the events alone give the same.
//
//	1  varint   version
//	2  varint   offset
//	3  varint   time, zigzag
//	4  bytes    state
//	5  varint   deleted
//	6  message  outcome, repeated
type Snapshot struct {
	Version uint64    // of the aggregate: the sequence number of its last event
	Offset  int64     // where its last event lies in the partition
	Time    time.Time // of its last event, in microseconds
	State   []byte    // in Protobuf's binary form; without meaning when deleted
	Deleted bool
	Window  []Outcome // the commands that are remembered, ascending by version
}

// Outcome is what became of a command, as far as a second execution of it has
// to know.
//
//	1  fixed64  hash
//	2  varint   first, minus the last of the outcome before
//	3  varint   last, minus first
//	4  varint   offset, minus that of the outcome before
//	5  varint   time, zigzag, minus that of the outcome before
type Outcome struct {
	Hash        uint64 // [CommandHash] of its id
	First, Last uint64 // the versions of its events: an outcome has at least one
	Offset      int64  // of its last event
	Time        time.Time
	// Producer says who stored it, if it was read from the log. It is not part
	// of the formats.
	Producer Producer
}

// Producer stands for a transactional producer and one of its epochs. The zero
// value is that of nobody who is known.
type Producer uint64

// NewProducer returns what stands for a producer, as brokers count them.
func NewProducer(id int64, epoch int16) Producer {
	return Producer(id)<<16 | Producer(uint16(epoch)) + 1 //nolint:gosec // the bits are compared, and nothing else
}

// CommandHash returns the hash under which a command id is remembered: the
// first 64 bits of SHA-256, so that callers cannot make up ids that collide
// without much work.
func CommandHash(id string) uint64 {
	sum := sha256.Sum256([]byte(id))
	return binary.BigEndian.Uint64(sum[:])
}

// Encode returns the value of the snapshot under a key.
func (s *Snapshot) Encode(key []byte) ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	b := make([]byte, 0, 32+len(s.State)+24*len(s.Window))
	b = appendUint(b, 1, s.Version)
	b = appendUint(b, 2, uint64(s.Offset)) //nolint:gosec // not negative
	b = appendTime(b, 3, s.Time)
	b = appendBytes(b, 4, s.State)
	if s.Deleted {
		b = appendUint(b, 5, 1)
	}
	var before Outcome
	before.Time = time.UnixMicro(0)
	var message []byte
	for _, o := range s.Window {
		message = o.append(message[:0], before)
		b = protowire.AppendBytes(protowire.AppendTag(b, 6, protowire.BytesType), message)
		before = o
	}
	return seal(key, b), nil
}

// ParseSnapshot reads the value of a snapshot. Its State is part of value.
func ParseSnapshot(key, value []byte) (*Snapshot, error) {
	body, err := open(key, value)
	if err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	s := &Snapshot{Time: time.UnixMicro(0).UTC()}
	before := Outcome{Time: time.UnixMicro(0).UTC()}
	err = each(body, func(v field) error {
		switch v.number {
		case 1:
			return v.uint(&s.Version)
		case 2:
			return v.offset(&s.Offset)
		case 3:
			return v.time(&s.Time)
		case 4:
			s.State = v.bytes
			return v.is(protowire.BytesType)
		case 5:
			s.Deleted = v.scalar != 0
			return v.is(protowire.VarintType)
		case 6:
			o, err := parseOutcome(v, before)
			s.Window, before = append(s.Window, o), o
			return err
		}
		return nil
	})
	if err == nil {
		err = s.check()
	}
	if err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	return s, nil
}

// append appends the fields of an outcome. They are differences, which are
// small, and is called for outcomes that check has found to ascend.
func (o Outcome) append(b []byte, before Outcome) []byte {
	b = protowire.AppendTag(b, 1, protowire.Fixed64Type)
	b = protowire.AppendFixed64(b, o.Hash)
	b = appendUint(b, 2, o.First-before.Last)
	b = appendUint(b, 3, o.Last-o.First)
	b = appendUint(b, 4, uint64(o.Offset-before.Offset)) //nolint:gosec // not negative
	return appendUint(b, 5, protowire.EncodeZigZag(o.Time.UnixMicro()-before.Time.UnixMicro()))
}

func parseOutcome(v field, before Outcome) (Outcome, error) {
	var hash, first, more, offset, micros uint64
	if err := v.is(protowire.BytesType); err != nil {
		return Outcome{}, err
	}
	err := each(v.bytes, func(v field) error {
		switch v.number {
		case 1:
			return v.fixed(&hash)
		case 2:
			return v.uint(&first)
		case 3:
			return v.uint(&more)
		case 4:
			return v.uint(&offset)
		case 5:
			return v.uint(&micros)
		}
		return nil
	})
	// A sum may wrap around. What comes out is then not in order, or right:
	// check looks at the sums.
	o := Outcome{Hash: hash, First: before.Last + first}
	o.Last = o.First + more
	o.Offset = before.Offset + int64(offset)
	o.Time = time.UnixMicro(before.Time.UnixMicro() + protowire.DecodeZigZag(micros)).UTC()
	return o, err
}

// check says what no snapshot can be.
func (s *Snapshot) check() error {
	if err := checkPlace(s.Version, s.Offset); err != nil {
		return err
	}
	var before Outcome
	before.Offset = -1
	for i, o := range s.Window {
		switch {
		case o.First <= before.Last || o.Last < o.First || o.Last > s.Version:
			return fmt.Errorf("command %d of the window has versions %d to %d, after %d and within %d",
				i, o.First, o.Last, before.Last, s.Version)
		case o.Offset <= before.Offset || o.Offset > s.Offset:
			return fmt.Errorf("command %d of the window has offset %d, after %d and within %d",
				i, o.Offset, before.Offset, s.Offset)
		}
		if err := checkTime(o.Time); err != nil {
			return err
		}
		before = o
	}
	return checkTime(s.Time)
}

// checkPlace says where no last event of an aggregate can lie.
func checkPlace(version uint64, offset int64) error {
	switch {
	case version == 0:
		return errors.New("version 0: an aggregate exists from its first event on")
	case offset < 0:
		return fmt.Errorf("offset %d", offset)
	case offset < math.MaxInt64 && version > uint64(offset)+1:
		return fmt.Errorf("version %d with the last event at offset %d: there is no room for so many", version, offset)
	}
	return nil
}
