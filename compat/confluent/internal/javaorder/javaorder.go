// Package javaorder lists names and numbers in the order in which a Java
// program meets them in a HashSet or a HashMap.
//
// The registry collects names in such sets and reports differences in the
// order of their iteration, so the order is part of what it answers. It follows
// from four facts. A hash is mixed as h ^ h>>>16. A table has a power of two of
// buckets, and doubles when it is three quarters full; a set made of a
// collection starts large enough for it. A bucket keeps the order of insertion,
// also when it is split. A bucket that would reach nine entries while the table
// has less than 64 buckets doubles the table instead.
//
// It does not model the trees that Java makes of larger buckets: it takes
// names chosen to collide to see a difference.
package javaorder

import "unicode/utf16"

const (
	minBuckets = 16
	treeBucket = 8  // entries of a bucket before it becomes a tree
	treeTable  = 64 // buckets of a table before any does
)

// Strings returns the names of all sets, each once, as
// new HashSet<>(sets[0]) iterates them after addAll of the others in turn.
func Strings(sets ...[]string) []string { return order(Hash, sets) }

// Ints is Strings for numbers.
func Ints(sets ...[]int32) []int32 { return order(bits, sets) }

func bits(n int32) uint32 { return uint32(n) } //nolint:gosec // the bits are what counts

// Hash returns what String.hashCode does: over UTF-16 code units.
func Hash(s string) uint32 {
	var h uint32
	for _, r := range s {
		if r < 0x10000 {
			h = 31*h + bits(r)
			continue
		}
		high, low := utf16.EncodeRune(r)
		h = 31*(31*h+bits(high)) + bits(low)
	}
	return h
}

type entry[T comparable] struct {
	key  T
	hash uint32
}

func order[T comparable](hash func(T) uint32, sets [][]T) []T {
	if len(sets) == 0 {
		return nil
	}
	buckets := minBuckets
	for want := int(float32(len(sets[0]))/.75) + 1; buckets < want; {
		buckets *= 2
	}
	table := make([][]entry[T], buckets)
	seen := make(map[T]struct{}, len(sets[0]))
	for _, set := range sets {
		for _, key := range set {
			if _, ok := seen[key]; ok {
				continue
			}
			seen[key] = struct{}{}
			h := hash(key)
			h ^= h >> 16
			at := int(h) & (len(table) - 1)
			table[at] = append(table[at], entry[T]{key, h})
			if len(table[at]) > treeBucket && len(table) < treeTable {
				table = double(table)
			}
			if 4*len(seen) > 3*len(table) {
				table = double(table)
			}
		}
	}
	keys := make([]T, 0, len(seen))
	for _, bucket := range table {
		for _, e := range bucket {
			keys = append(keys, e.key)
		}
	}
	return keys
}

func double[T comparable](table [][]entry[T]) [][]entry[T] {
	doubled := make([][]entry[T], 2*len(table))
	for _, bucket := range table {
		for _, e := range bucket {
			at := int(e.hash) & (len(doubled) - 1)
			doubled[at] = append(doubled[at], e)
		}
	}
	return doubled
}
