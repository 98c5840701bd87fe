package record

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// stateVersion is the first byte of every value of the state topic. It is
// raised when old code must not read new values; what it may ignore is a new
// field.
const stateVersion = 1

const frameSize = 1 + crc32.Size

// castagnoli returns the table of CRC-32C, which the standard library makes
// once.
func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// checksum covers the key too: a value that comes under another key is damaged.
func checksum(key, value []byte) uint32 {
	return crc32.Update(crc32.Checksum(key, castagnoli()), castagnoli(), value)
}

// seal returns a value for the state topic: its version, the fields, the sum.
func seal(key, body []byte) []byte {
	b := make([]byte, 0, frameSize+len(body))
	b = append(append(b, stateVersion), body...)
	return binary.BigEndian.AppendUint32(b, checksum(key, b))
}

// open returns the fields of a value.
func open(key, value []byte) ([]byte, error) {
	switch {
	case len(value) == 0:
		return nil, errors.New("the value is empty or null")
	case value[0] == 0:
		return nil, errors.New("version 0 does not exist")
	case value[0] != stateVersion:
		return nil, fmt.Errorf("version %d: %w", value[0], ErrNewer)
	case len(value) < frameSize:
		return nil, fmt.Errorf("the value has %d bytes, and at least %d are due", len(value), frameSize)
	}
	body, sum := value[:len(value)-crc32.Size], value[len(value)-crc32.Size:]
	if got, want := checksum(key, body), binary.BigEndian.Uint32(sum); got != want {
		return nil, fmt.Errorf("the checksum of key and value is %08x, and has to be %08x: they are damaged", got, want)
	}
	return body[1:], nil
}

// field is one field of a value, in Protobuf's wire format.
type field struct {
	number int32
	kind   protowire.Type
	scalar uint64 // of a varint or fixed64
	bytes  []byte
}

// each calls f with the fields of a value, but for kinds that no version has
// used. What f does not know it is to ignore.
func each(b []byte, f func(field) error) error {
	for len(b) > 0 {
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return fmt.Errorf("a field does not decode: %w", protowire.ParseError(n))
		}
		b = b[n:]
		v := field{number: int32(number), kind: kind}
		switch kind {
		case protowire.VarintType:
			v.scalar, n = protowire.ConsumeVarint(b)
		case protowire.Fixed64Type:
			v.scalar, n = protowire.ConsumeFixed64(b)
		case protowire.BytesType:
			v.bytes, n = protowire.ConsumeBytes(b)
		default:
			n = protowire.ConsumeFieldValue(number, kind, b)
		}
		if n < 0 {
			return fmt.Errorf("field %d does not decode: %w", number, protowire.ParseError(n))
		}
		b = b[n:]
		if err := f(v); err != nil {
			return fmt.Errorf("field %d: %w", number, err)
		}
	}
	return nil
}

// The setters take a field into *to, and fail when it has another kind.

func (v field) uint(to *uint64) error {
	*to = v.scalar
	return v.is(protowire.VarintType)
}

func (v field) fixed(to *uint64) error {
	*to = v.scalar
	return v.is(protowire.Fixed64Type)
}

func (v field) offset(to *int64) error {
	if v.scalar > math.MaxInt64 {
		return fmt.Errorf("%d is out of range", v.scalar)
	}
	*to = int64(v.scalar)
	return v.is(protowire.VarintType)
}

func (v field) time(to *time.Time) error {
	*to = time.UnixMicro(protowire.DecodeZigZag(v.scalar)).UTC()
	return v.is(protowire.VarintType)
}

func (v field) text(to *string) error {
	*to = string(v.bytes)
	return v.is(protowire.BytesType)
}

func (v field) is(kind protowire.Type) error {
	if v.kind != kind {
		return fmt.Errorf("wire type %d, and %d is due", v.kind, kind)
	}
	return nil
}

// The appenders leave out a zero, which is what a field is that is not there.

func appendUint(b []byte, number protowire.Number, v uint64) []byte {
	if v == 0 {
		return b
	}
	return protowire.AppendVarint(protowire.AppendTag(b, number, protowire.VarintType), v)
}

func appendTime(b []byte, number protowire.Number, t time.Time) []byte {
	return appendUint(b, number, protowire.EncodeZigZag(t.UnixMicro()))
}

func appendBytes(b []byte, number protowire.Number, v []byte) []byte {
	if len(v) == 0 {
		return b
	}
	return protowire.AppendBytes(protowire.AppendTag(b, number, protowire.BytesType), v)
}

func appendText(b []byte, number protowire.Number, v string) []byte {
	return appendBytes(b, number, []byte(v))
}

// checkTime fails for a time that would come back as another.
func checkTime(t time.Time) error {
	if !t.Equal(time.UnixMicro(t.UnixMicro())) {
		return fmt.Errorf("time %v is not in microseconds", t)
	}
	return nil
}
