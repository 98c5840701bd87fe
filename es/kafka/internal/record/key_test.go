package record_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

func TestKey_bytes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		key  record.Key
		want string
	}{
		{record.Key{Kind: record.SnapshotKind, AggregateID: "acc-1", Fingerprint: "fd96"}, "a/acc-1/fd96"},
		{record.Key{Kind: record.SnapshotKind, AggregateID: "/", Fingerprint: "fd96"}, "a///fd96"},
		{record.Key{Kind: record.SnapshotKind, AggregateID: "a/b\x00\xff", Fingerprint: "\xff"}, "a/a/b\x00\xff/\xff"},
		{record.Key{Kind: record.CheckpointKind}, "c/0"},
		{record.Key{Kind: record.OwnerKind, Partition: 11}, "o/11"},
		{record.Key{Kind: record.ProbeKind, Partition: math.MaxInt32}, "p/2147483647"},
		{record.Key{Kind: record.MetaKind}, "m/meta"},
		{record.Key{Kind: record.EntryKind, AggregateID: "a/b/"}, "i/a/b/"},
		{record.Key{Kind: record.TypesKind, Partition: 3}, "t/3"},
	} {
		b, err := tc.key.Encode()
		if err != nil || string(b) != tc.want {
			t.Errorf("%+v: %q, %v, want %q", tc.key, b, err, tc.want)
		}
		if got, err := record.ParseKey([]byte(tc.want)); err != nil || got != tc.key {
			t.Errorf("%q: %+v, %v", tc.want, got, err)
		}
	}
}

// Ids of any bytes have keys of their own, and come back from them. The ids are
// made of what could confuse.
func TestKey_anyID(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	parts := []string{"/", "//", "a", "a/", "c/0", "m/meta", "f1", "f2", "%2F", "\\", "\x00", "\xff", "é"}
	word := func(fine func(string) bool) string {
		for {
			var b strings.Builder
			for range 1 + rnd.IntN(4) {
				b.WriteString(parts[rnd.IntN(len(parts))])
			}
			if fine(b.String()) {
				return b.String()
			}
		}
	}
	seen := make(map[string]record.Key)
	for range 20_000 {
		k := record.Key{
			Kind:        record.SnapshotKind,
			AggregateID: word(func(string) bool { return true }),
			Fingerprint: word(func(s string) bool { return !strings.Contains(s, "/") }),
		}
		b, err := k.Encode()
		if err != nil {
			t.Fatalf("%+v: %v", k, err)
		}
		if other, ok := seen[string(b)]; ok && other != k {
			t.Fatalf("%+v and %+v have the same key %q", k, other, b)
		}
		seen[string(b)] = k
		if got, err := record.ParseKey(b); err != nil || got != k {
			t.Fatalf("%+v came back as %+v, %v", k, got, err)
		}
	}
}

func TestKey_refuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		key  record.Key
		want string
	}{
		{record.Key{}, "kind '\\x00'"},
		{record.Key{Kind: 'x'}, "kind 'x'"},
		{record.Key{Kind: record.SnapshotKind, Fingerprint: "f"}, "aggregate id is empty"},
		{record.Key{Kind: record.SnapshotKind, AggregateID: "i"}, "fingerprint of the state is empty"},
		{record.Key{Kind: record.SnapshotKind, AggregateID: "i", Fingerprint: "f/g"}, "has a slash"},
		{record.Key{Kind: record.SnapshotKind, AggregateID: "i", Fingerprint: "f", Partition: 1}, "has no partition"},
		{record.Key{Kind: record.MetaKind, Partition: 1}, "has no partition"},
		{record.Key{Kind: record.MetaKind, AggregateID: "i"}, "has no aggregate"},
		{record.Key{Kind: record.OwnerKind, Fingerprint: "f"}, "has no fingerprint"},
		{record.Key{Kind: record.EntryKind}, "aggregate id is empty"},
		{record.Key{Kind: record.TypesKind, AggregateID: "i"}, "has no aggregate"},
		{record.Key{Kind: record.OwnerKind, Partition: -1}, "partition -1"},
	} {
		if b, err := tc.key.Encode(); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%+v: %q, %v, want %q", tc.key, b, err, tc.want)
		}
	}
	for _, tc := range []struct {
		key   string
		newer bool
	}{
		{"", false},
		{"a", false},
		{"a:", false},
		{"a/", false},
		{"a/id", false},
		{"a//f", false},
		{"a/id/", false},
		{"c/", false},
		{"c/-1", false},
		{"c/+1", false},
		{"c/01", false},
		{"c/1 ", false},
		{"o/2147483648", false},
		{"p/x", false},
		{"m/", true},
		{"m/metadata", true},
		{"z/1", true},
	} {
		k, err := record.ParseKey([]byte(tc.key))
		if err == nil || errors.Is(err, record.ErrNewer) != tc.newer || k != (record.Key{}) {
			t.Errorf("%q: %+v, %v, newer %v", tc.key, k, err, tc.newer)
		}
	}
}
