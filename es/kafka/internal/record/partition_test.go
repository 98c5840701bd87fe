package record_test

import (
	"strconv"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// The hashes are those that Kafka's own tests of murmur2 expect.
func TestPartition_java(t *testing.T) {
	t.Parallel()
	const n = 1<<31 - 1 // a prime: nearly all bits of the hash are seen
	for key, hash := range map[string]int32{
		"21":                         -973932308,
		"foobar":                     -790332482,
		"a-little-bit-long-string":   -985981536,
		"a-little-bit-longer-string": -1486304829,
		"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
		"abc": 479470107,
	} {
		if got, want := record.Partition(key, n), hash&0x7fffffff%n; got != want {
			t.Errorf("%q: partition %d, want %d", key, got, want)
		}
	}
}

// Keys of every length, and of every byte, lie where the client's own hash
// puts them.
func TestPartition_client(t *testing.T) {
	t.Parallel()
	partitioner := kgo.StickyKeyPartitioner(nil).ForTopic("t")
	check := func(id string) {
		for _, n := range []int{1, 2, 12, 1000} {
			want := partitioner.Partition(&kgo.Record{Key: []byte(id)}, n)
			if got := record.Partition(id, int32(n)); int(got) != want {
				t.Errorf("%q among %d: %d, want %d", id, n, got, want)
			}
		}
	}
	for i := range 256 {
		check(string(byte(i)))
		check("é€\xff" + string([]byte{byte(i), 1, byte(255 - i)}))
		check("account-" + strconv.Itoa(i*i*i))
	}
}
