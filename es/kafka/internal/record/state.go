package record

import (
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// Checkpoint is the value of a key of [CheckpointKind]. It comes after the
// entries it counts on, and says up to where they make the events of the
// partition unnecessary for those who restore it.
//
//	1  varint  next
//	2  varint  sequence
//	3  varint  aggregates
//	4  varint  time, zigzag
type Checkpoint struct {
	Next       int64     // the offset from which events are to be read
	Sequence   uint64    // number of the last event before it, within the partition
	Aggregates uint64    // how many have an event before it
	Time       time.Time // when it was written, in microseconds
}

// Encode returns the value of the checkpoint under a key.
func (c *Checkpoint) Encode(key []byte) ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	b := appendUint(nil, 1, uint64(c.Next)) //nolint:gosec // not negative
	b = appendUint(b, 2, c.Sequence)
	b = appendUint(b, 3, c.Aggregates)
	return seal(key, appendTime(b, 4, c.Time)), nil
}

// ParseCheckpoint reads the value of a checkpoint.
func ParseCheckpoint(key, value []byte) (*Checkpoint, error) {
	c := &Checkpoint{Time: time.UnixMicro(0).UTC()}
	body, err := open(key, value)
	if err == nil {
		err = each(body, func(v field) error {
			switch v.number {
			case 1:
				return v.offset(&c.Next)
			case 2:
				return v.uint(&c.Sequence)
			case 3:
				return v.uint(&c.Aggregates)
			case 4:
				return v.time(&c.Time)
			}
			return nil
		})
	}
	if err == nil {
		err = c.check()
	}
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	return c, nil
}

func (c *Checkpoint) check() error {
	switch {
	case c.Next < 0:
		return fmt.Errorf("offset %d", c.Next)
	case c.Sequence > uint64(c.Next):
		return fmt.Errorf("%d events before offset %d: there is no room for so many", c.Sequence, c.Next)
	case c.Aggregates > c.Sequence:
		return fmt.Errorf("%d aggregates with %d events", c.Aggregates, c.Sequence)
	case c.Aggregates == 0 && c.Sequence > 0:
		return fmt.Errorf("%d events without an aggregate", c.Sequence)
	}
	return checkTime(c.Time)
}

// Owner is the value of a key of [OwnerKind]: who may write to the partition,
// until the next one. It is written by the first transaction after a fence.
//
//	1  bytes   node
//	2  bytes   address
//	3  bytes   nonce, 16 bytes
//	4  varint  time, zigzag
//	5  bytes   fingerprint
type Owner struct {
	Node    string    // name of the process, for people
	Address string    // where it takes commands; empty when it takes none from others
	Nonce   [16]byte  // random: a process finds its own record by it
	Time    time.Time // when it was written, in microseconds
	// Fingerprint is that of the owner's state, as in the keys of snapshots.
	Fingerprint string
}

// Encode returns the value of the owner under a key.
func (o *Owner) Encode(key []byte) ([]byte, error) {
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("owner: %w", err)
	}
	b := appendText(nil, 1, o.Node)
	b = appendText(b, 2, o.Address)
	b = appendBytes(b, 3, o.Nonce[:])
	b = appendTime(b, 4, o.Time)
	return seal(key, appendText(b, 5, o.Fingerprint)), nil
}

// ParseOwner reads the value of an owner.
func ParseOwner(key, value []byte) (*Owner, error) {
	o := &Owner{Time: time.UnixMicro(0).UTC()}
	body, err := open(key, value)
	if err == nil {
		err = each(body, o.set)
	}
	if err == nil {
		err = o.check()
	}
	if err != nil {
		return nil, fmt.Errorf("owner: %w", err)
	}
	return o, nil
}

func (o *Owner) set(v field) error {
	switch v.number {
	case 1:
		return v.text(&o.Node)
	case 2:
		return v.text(&o.Address)
	case 3:
		if len(v.bytes) != len(o.Nonce) {
			return fmt.Errorf("a nonce of %d bytes, and %d are due", len(v.bytes), len(o.Nonce))
		}
		copy(o.Nonce[:], v.bytes)
		return v.is(protowire.BytesType)
	case 4:
		return v.time(&o.Time)
	case 5:
		return v.text(&o.Fingerprint)
	}
	return nil
}

func (o *Owner) check() error {
	switch {
	case o.Node == "":
		return errors.New("the name of the node is empty")
	case o.Nonce == [16]byte{}:
		return errors.New("there is no nonce")
	case o.Fingerprint == "":
		return errors.New("the fingerprint of the state is empty")
	}
	return checkTime(o.Time)
}
