package record

import "encoding/binary"

// HashName names the hash of [Partition] in the record that fixes it.
const HashName = "murmur2"

// Partition returns the partition of an aggregate among n, which is at least
// 1: where Java's default partitioner puts the id as key.
func Partition(id string, n int32) int32 {
	return int32(murmur2(id)&0x7fffffff) % n
}

// murmur2 is the 32-bit MurmurHash2 of Austin Appleby with the seed of Kafka.
func murmur2(s string) uint32 {
	const (
		seed = 0x9747b28c
		m    = 0x5bd1e995
	)
	h := seed ^ uint32(len(s)) //nolint:gosec // the hash takes the length modulo 2^32
	for ; len(s) >= 4; s = s[4:] {
		k := binary.LittleEndian.Uint32([]byte(s[:4])) * m
		h = h*m ^ (k^k>>24)*m
	}
	switch len(s) {
	case 3:
		h ^= uint32(s[2]) << 16
		fallthrough
	case 2:
		h ^= uint32(s[1]) << 8
		fallthrough
	case 1:
		h = (h ^ uint32(s[0])) * m
	}
	h = (h ^ h>>13) * m
	return h ^ h>>15
}
