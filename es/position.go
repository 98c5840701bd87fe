package es

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Position is where an event lies in the log of its aggregate type. It is a
// comparable value.
type Position struct {
	Partition int32
	Offset    int64
	// Part counts the events that one stored event was upcast to, from 0.
	Part int32
}

// String returns the position as "partition:offset" or, for a later part of
// an upcast event, "partition:offset.part".
func (p Position) String() string {
	s := strconv.FormatInt(int64(p.Partition), 10) + ":" + strconv.FormatInt(p.Offset, 10)
	if p.Part > 0 {
		s += "." + strconv.FormatInt(int64(p.Part), 10)
	}
	return s
}

// Cursor is how far a reader has come in the log: the next position of every
// partition it has read from. The zero value is the start. Store it as text,
// together with what was written up to it. A Cursor is not safe for concurrent
// use while it is advanced.
type Cursor struct { //nolint:recvcheck // a value; only Advance and UnmarshalText change it
	next []Position // sorted by partition
}

// Start returns the cursor before the first event.
func Start() Cursor { return Cursor{} }

// Advance moves the cursor behind the event at p. Events of one partition are
// to be passed in their order; a position that the cursor is past already
// leaves it where it is.
func (c *Cursor) Advance(p Position) {
	p.Part++
	i, found := c.search(p.Partition)
	switch {
	case !found:
		c.next = slices.Insert(slices.Clone(c.next), i, p)
	case before(c.next[i], p):
		c.next = slices.Clone(c.next) // a copy of the cursor keeps its place
		c.next[i] = p
	}
}

// Next returns the position from which to read a partition. Part is above 0
// where some parts of an upcast event have been read.
func (c Cursor) Next(partition int32) Position {
	if i, found := c.search(partition); found {
		return c.next[i]
	}
	return Position{Partition: partition}
}

// Includes reports whether the cursor is past the event at p.
func (c Cursor) Includes(p Position) bool {
	return before(p, c.Next(p.Partition))
}

// String returns the cursor as text, e.g. "0:17.1,3:201.1": for each partition
// the offset and part to read next. The start is "".
func (c Cursor) String() string {
	parts := make([]string, len(c.next))
	for i, p := range c.next {
		parts[i] = p.String()
	}
	return strings.Join(parts, ",")
}

// MarshalText implements [encoding.TextMarshaler]. It never fails.
func (c Cursor) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]. It fails on text that
// String did not produce.
func (c *Cursor) UnmarshalText(text []byte) error {
	next := []Position(nil)
	if len(text) > 0 {
		for field := range strings.SplitSeq(string(text), ",") {
			p, err := parsePosition(field)
			if err != nil {
				return fmt.Errorf("es: cursor %q: %w", text, err)
			}
			if n := len(next); n > 0 && next[n-1].Partition >= p.Partition {
				return fmt.Errorf("es: cursor %q: partitions are not in ascending order", text)
			}
			next = append(next, p)
		}
	}
	c.next = next
	return nil
}

func (c Cursor) search(partition int32) (int, bool) {
	return slices.BinarySearchFunc(c.next, partition, func(p Position, n int32) int {
		return cmp.Compare(p.Partition, n)
	})
}

func before(a, b Position) bool {
	return a.Offset < b.Offset || a.Offset == b.Offset && a.Part < b.Part
}

func parsePosition(s string) (Position, error) {
	partition, rest, ok := strings.Cut(s, ":")
	if !ok {
		return Position{}, fmt.Errorf("%q has no colon", s)
	}
	offset, part, hasPart := strings.Cut(rest, ".")
	if !hasPart {
		part = "0"
	}
	p, err := parseNumbers(partition, offset, part)
	if err != nil {
		return Position{}, fmt.Errorf("%q: %w", s, err)
	}
	if p.String() != s {
		return Position{}, fmt.Errorf("%q is not in canonical form", s)
	}
	return p, nil
}

func parseNumbers(partition, offset, part string) (Position, error) {
	pt, err := strconv.ParseUint(partition, 10, 31)
	if err != nil {
		return Position{}, fmt.Errorf("partition: %w", err)
	}
	off, err := strconv.ParseUint(offset, 10, 63)
	if err != nil {
		return Position{}, fmt.Errorf("offset: %w", err)
	}
	n, err := strconv.ParseUint(part, 10, 31)
	if err != nil {
		return Position{}, fmt.Errorf("part: %w", err)
	}
	return Position{Partition: int32(pt), Offset: int64(off), Part: int32(n)}, nil
}
