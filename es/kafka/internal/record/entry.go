package record

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// Entry is the value of a key of [EntryKind]: where an aggregate stands. All of
// them together are the index of a partition. It says nothing of the state, so
// it serves code of every version.
//
//	1  varint  version
//	2  varint  offset
//	3  varint  time, zigzag
type Entry struct {
	Version uint64    // of the aggregate: the sequence number of its last event
	Offset  int64     // where its last event lies in the partition
	Time    time.Time // of its last event, in microseconds
}

// Encode returns the value of the entry under a key.
func (e *Entry) Encode(key []byte) ([]byte, error) {
	if err := e.check(); err != nil {
		return nil, fmt.Errorf("entry: %w", err)
	}
	b := appendUint(nil, 1, e.Version)
	b = appendUint(b, 2, uint64(e.Offset)) //nolint:gosec // not negative
	return seal(key, appendTime(b, 3, e.Time)), nil
}

// ParseEntry reads the value of an entry.
func ParseEntry(key, value []byte) (*Entry, error) {
	e := &Entry{Time: time.UnixMicro(0).UTC()}
	body, err := open(key, value)
	if err == nil {
		err = each(body, func(v field) error {
			switch v.number {
			case 1:
				return v.uint(&e.Version)
			case 2:
				return v.offset(&e.Offset)
			case 3:
				return v.time(&e.Time)
			}
			return nil
		})
	}
	if err == nil {
		err = e.check()
	}
	if err != nil {
		return nil, fmt.Errorf("entry: %w", err)
	}
	return e, nil
}

func (e *Entry) check() error {
	if err := checkPlace(e.Version, e.Offset); err != nil {
		return err
	}
	return checkTime(e.Time)
}

// Types is the value of a key of [TypesKind]: the stored names of the events
// that the partition may hold. It is written together with the first event of
// each type, and with every checkpoint. Who does not know all of them has to
// leave the partition to others.
//
//	1  bytes  type, repeated
type Types struct {
	Names []string // ascending
}

// Encode returns the value of the types under a key.
func (t *Types) Encode(key []byte) ([]byte, error) {
	if err := t.check(); err != nil {
		return nil, fmt.Errorf("types: %w", err)
	}
	var b []byte
	for _, name := range t.Names {
		b = appendText(b, 1, name)
	}
	return seal(key, b), nil
}

// ParseTypes reads the value of the types.
func ParseTypes(key, value []byte) (*Types, error) {
	t := new(Types)
	body, err := open(key, value)
	if err == nil {
		err = each(body, func(v field) error {
			if v.number != 1 {
				return nil
			}
			t.Names = append(t.Names, string(v.bytes))
			return v.is(protowire.BytesType)
		})
	}
	if err == nil {
		err = t.check()
	}
	if err != nil {
		return nil, fmt.Errorf("types: %w", err)
	}
	return t, nil
}

func (t *Types) check() error {
	if len(t.Names) == 0 || slices.Contains(t.Names, "") {
		return errors.New("a type of event is empty, or there is none")
	}
	for i := 1; i < len(t.Names); i++ {
		if t.Names[i-1] >= t.Names[i] {
			return fmt.Errorf("types of events %q and %q are not in ascending order", t.Names[i-1], t.Names[i])
		}
	}
	return nil
}
