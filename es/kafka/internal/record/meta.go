package record

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// EventFormat is the version of the formats of the events topic.
const EventFormat = 1

// Meta is the value of the key of [MetaKind]: what is settled once for the
// topics of an aggregate type and never changes. It is in partition 0.
//
//	1  varint  format
//	2  varint  partitions
//	3  bytes   hash
//	4  bytes   creator
//	5  varint  time, zigzag
type Meta struct {
	Format     uint64    // of the events; see [EventFormat]
	Partitions int32     // of the events topic and of the state topic
	Hash       string    // how an id gets its partition; see [HashName]
	Creator    string    // who wrote it, for people
	Time       time.Time // when, in microseconds
}

// NewMeta returns what this code settles for topics that are new to it.
func NewMeta(partitions int32, creator string, now time.Time) *Meta {
	return &Meta{
		Format: EventFormat, Partitions: partitions, Hash: HashName,
		Creator: creator, Time: now.UTC().Truncate(time.Microsecond),
	}
}

// Check says why topics with this many partitions cannot be used by this code:
// ids would be sought in other partitions than those they are in, or events be
// misread.
func (m *Meta) Check(partitions int32) error {
	switch {
	case m.Format > EventFormat:
		return fmt.Errorf("events have format %d, and this code knows up to %d: %w", m.Format, EventFormat, ErrNewer)
	case m.Hash != HashName:
		return fmt.Errorf("aggregates were put in partitions by the hash %q, and this code has %q", m.Hash, HashName)
	case m.Partitions != partitions:
		return fmt.Errorf("the topic has %d partitions, and was made with %d: "+
			"the number must not change, or aggregates are sought where they are not", partitions, m.Partitions)
	}
	return nil
}

// Encode returns the value under a key.
func (m *Meta) Encode(key []byte) ([]byte, error) {
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("meta: %w", err)
	}
	b := appendUint(nil, 1, m.Format)
	b = appendUint(b, 2, uint64(m.Partitions)) //nolint:gosec // positive
	b = appendText(b, 3, m.Hash)
	b = appendText(b, 4, m.Creator)
	return seal(key, appendTime(b, 5, m.Time)), nil
}

// ParseMeta reads the value of [Meta].
func ParseMeta(key, value []byte) (*Meta, error) {
	m := &Meta{Time: time.UnixMicro(0).UTC()}
	body, err := open(key, value)
	if err == nil {
		err = each(body, m.set)
	}
	if err == nil {
		err = m.check()
	}
	if err != nil {
		return nil, fmt.Errorf("meta: %w", err)
	}
	return m, nil
}

func (m *Meta) set(v field) error {
	switch v.number {
	case 1:
		return v.uint(&m.Format)
	case 2:
		var n int64
		if err := v.offset(&n); err != nil {
			return err
		}
		if n > math.MaxInt32 {
			return fmt.Errorf("%d is out of range", n)
		}
		m.Partitions = int32(n) //nolint:gosec // within the bounds
	case 3:
		return v.text(&m.Hash)
	case 4:
		return v.text(&m.Creator)
	case 5:
		return v.time(&m.Time)
	}
	return nil
}

func (m *Meta) check() error {
	switch {
	case m.Format == 0:
		return errors.New("format 0 does not exist")
	case m.Partitions < 1:
		return fmt.Errorf("%d partitions", m.Partitions)
	case m.Hash == "":
		return errors.New("the name of the hash is empty")
	}
	return checkTime(m.Time)
}

// Probe returns the value under a key of [ProbeKind]. It says nothing: that it
// could be written shows that its writer has not been fenced.
func Probe(key []byte) []byte { return seal(key, nil) }
