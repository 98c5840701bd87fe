package protobuf

import (
	"slices"

	"github.com/esgen-dev/esgen/compat/confluent/internal/javaorder"
)

// Every order in which differences come is decided here.
//
// The registry collects the numbers of fields and constants, and the names of
// enums and oneofs, of both sides in a Java HashSet: first those of the
// original, then those of the update. Keys that share a bucket stay in that
// order whatever the tables are that they came from, because no table of one
// side has more buckets than the one of both.

// messageOrder returns the names of both sides: those of the original as they
// stand in its text, then the new ones. It is the order that the probes show;
// a HashSet would have another.
func messageOrder(original, update []*message) []string {
	names := make([]string, 0, len(original)+len(update))
	seen := make(map[string]struct{}, len(original)+len(update))
	for _, messages := range [...][]*message{original, update} {
		for _, m := range messages {
			if _, again := seen[m.name]; !again {
				seen[m.name] = struct{}{}
				names = append(names, m.name)
			}
		}
	}
	return names
}

// nameOrder returns the names of enums or oneofs.
func nameOrder(original, update []string) []string {
	if len(original)+len(update) <= 1 {
		return append(original, update...)
	}
	return javaorder.Strings(distinct(original), update)
}

// tagOrder returns the numbers of fields or of constants. Numbers below the
// size of the smallest table come in ascending order, which is most of them.
func tagOrder(original, update []int32) []int32 {
	const smallestTable = 16
	small := func(tag int32) bool { return 0 <= tag && tag < smallestTable }
	var seen [smallestTable]bool
	for _, tags := range [...][]int32{original, update} {
		for _, tag := range tags {
			if !small(tag) {
				return javaorder.Ints(distinct(original), update)
			}
			seen[tag] = true
		}
	}
	all := make([]int32, 0, smallestTable)
	for tag, used := range seen {
		if used {
			all = append(all, int32(tag))
		}
	}
	return all
}

// distinct leaves out what is said again, such as the numbers of aliases: the
// size of a set's table depends on how many keys it begins with.
func distinct[K comparable](keys []K) []K {
	seen := make(map[K]struct{}, len(keys))
	return slices.DeleteFunc(slices.Clone(keys), func(key K) bool {
		before := len(seen)
		seen[key] = struct{}{}
		return len(seen) == before
	})
}
