package record

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Framing says where a value names its schema.
type Framing int8

// The framings.
const (
	// Prefix is the wire format of the Confluent serializers: a zero byte, the
	// registry's id, the path to the message in the schema, the payload.
	Prefix Framing = iota
	// InHeader is their newer one: the schema's GUID and the path in the header
	// "__value_schema_id", the value is the payload.
	InHeader
	// Bare is the payload alone: the type of the event says what it is.
	Bare
)

// Schema is how a value says which schema it has.
type Schema struct {
	Framing Framing
	ID      int32    // of the registry, from 1; for Prefix
	GUID    [16]byte // of the schema; for InHeader
	// Indexes is the path to the message: its index among the messages of the
	// file, then among those nested in it, and so on. Nil is the first one of
	// the file. For Prefix and InHeader.
	Indexes []int32
}

const (
	magicPrefix = 0
	magicGUID   = 1
)

// empty stands for a payload without bytes where the value has nothing else:
// an empty value is a null, and so a deletion, to many tools. It is field
// 19000 as varint 0. No message may declare that number, so a reader that
// knows nothing of this finds an empty message with an unknown field.
func empty() []byte { return []byte{0xc0, 0xa3, 0x09, 0x00} }

// appendValue appends the value for a payload to b.
func (s Schema) appendValue(b, payload []byte) ([]byte, error) {
	switch s.Framing {
	case Prefix:
		if s.ID < 1 {
			return nil, fmt.Errorf("schema id %d of the value: ids start at 1", s.ID)
		}
		b, err := appendIndexes(binary.BigEndian.AppendUint32(append(b, magicPrefix), uint32(s.ID)), s.Indexes)
		if err != nil {
			return nil, err
		}
		return append(b, payload...), nil
	case InHeader, Bare:
		return appendBare(b, payload)
	}
	return nil, fmt.Errorf("framing %d of the value is not known", s.Framing)
}

// appendHeader appends the value of the header that names the schema to b.
func (s Schema) appendHeader(b []byte) ([]byte, error) {
	if s.GUID == [16]byte{} {
		return nil, errors.New("the schema of the value has no GUID")
	}
	return appendIndexes(append(append(b, magicGUID), s.GUID[:]...), s.Indexes)
}

// appendBare appends the value for a payload that stands alone.
func appendBare(b, payload []byte) ([]byte, error) {
	switch {
	case len(payload) == 0:
		return append(b, empty()...), nil
	case payload[0] == magicPrefix:
		return nil, errors.New("the payload starts with a zero byte, which Protobuf never does")
	case bytes.Equal(payload, empty()):
		return nil, errors.New("the payload is the mark of an empty one")
	}
	return append(b, payload...), nil
}

// unframe reads a value without a schema header. No Protobuf message starts
// with a zero byte, so the first byte tells the framings apart.
func unframe(value []byte) (Schema, []byte, error) {
	if len(value) == 0 {
		return Schema{}, nil, errors.New("the value is empty or null: an event always has one")
	}
	if value[0] != magicPrefix {
		return Schema{Framing: Bare}, unmark(value), nil
	}
	if len(value) < 6 {
		return Schema{}, nil, fmt.Errorf("the value has %d bytes, too few for a schema id and a path", len(value))
	}
	id := binary.BigEndian.Uint32(value[1:])
	if id < 1 || id > math.MaxInt32 {
		return Schema{}, nil, fmt.Errorf("the value has schema id %d", int32(id)) //nolint:gosec // as readers print it
	}
	indexes, payload, err := parseIndexes(value[5:])
	if err != nil {
		return Schema{}, nil, fmt.Errorf("the value with schema id %d: %w", id, err)
	}
	return Schema{Framing: Prefix, ID: int32(id), Indexes: indexes}, payload, nil
}

// unframeHeader reads a value whose schema is named in a header.
func unframeHeader(header, value []byte) (Schema, []byte, error) {
	switch {
	case len(header) == 0:
		return Schema{}, nil, errMissing(keySchema)
	case header[0] != magicGUID:
		return Schema{}, nil, fmt.Errorf("header %q: version %d: %w", keySchema, header[0], ErrNewer)
	case len(header) < 18:
		return Schema{}, nil, fmt.Errorf("header %q has %d bytes, too few for a GUID and a path", keySchema, len(header))
	case len(value) == 0:
		return Schema{}, nil, errors.New("the value is empty or null: an event always has one")
	case value[0] == magicPrefix:
		return Schema{}, nil, fmt.Errorf("the value starts with a zero byte although header %q names its schema", keySchema)
	}
	s := Schema{Framing: InHeader, GUID: [16]byte(header[1:17])}
	if s.GUID == [16]byte{} {
		return Schema{}, nil, fmt.Errorf("header %q: the GUID is zero", keySchema)
	}
	indexes, rest, err := parseIndexes(header[17:])
	if err != nil {
		return Schema{}, nil, fmt.Errorf("header %q: %w", keySchema, err)
	}
	if len(rest) > 0 {
		return Schema{}, nil, fmt.Errorf("header %q: %d bytes too many", keySchema, len(rest))
	}
	s.Indexes = indexes
	return s, unmark(value), nil
}

func unmark(value []byte) []byte {
	if len(value) == 4 && bytes.Equal(value, empty()) {
		return value[:0]
	}
	return value
}

// appendIndexes appends a path: zigzag varints, their number first. The path
// to the first message, by far the most common, is a single zero.
func appendIndexes(b []byte, indexes []int32) ([]byte, error) {
	if isFirst(indexes) {
		return append(b, 0), nil
	}
	b = binary.AppendVarint(b, int64(len(indexes)))
	for _, i := range indexes {
		if i < 0 {
			return nil, fmt.Errorf("index %d in the path to a message", i)
		}
		b = binary.AppendVarint(b, int64(i))
	}
	return b, nil
}

func isFirst(indexes []int32) bool {
	return len(indexes) == 0 || len(indexes) == 1 && indexes[0] == 0
}

// parseIndexes reads a path, in its one shortest form, and returns the rest.
func parseIndexes(b []byte) (indexes []int32, rest []byte, err error) {
	n, b, err := parseVarint(b)
	if err != nil || n == 0 {
		return nil, b, err
	}
	if int(n) > len(b) {
		return nil, nil, fmt.Errorf("the path to the message is cut short: %d indexes in %d bytes", n, len(b))
	}
	indexes = make([]int32, n)
	for i := range indexes {
		if indexes[i], b, err = parseVarint(b); err != nil {
			return nil, nil, err
		}
	}
	if isFirst(indexes) {
		return nil, nil, errors.New("the path to the first message is not in its short form")
	}
	return indexes, b, nil
}

func parseVarint(b []byte) (int32, []byte, error) {
	v, n := binary.Varint(b)
	switch {
	case n <= 0:
		return 0, nil, errors.New("the path to the message is cut short")
	case v < 0 || v > math.MaxInt32:
		return 0, nil, fmt.Errorf("number %d in the path to the message", v)
	case n > 1 && b[n-1] == 0:
		return 0, nil, fmt.Errorf("number %d in the path to the message is not in its shortest form", v)
	}
	return int32(v), b[n:], nil
}
