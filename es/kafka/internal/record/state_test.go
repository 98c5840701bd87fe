package record_test

import (
	"encoding/hex"
	"errors"
	"hash/crc32"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

var (
	stateKey = []byte("a/acc-1/f")
	second   = time.Unix(1, 0).UTC() // zigzag 2000000, varint 80897a
)

func snapshot() *record.Snapshot {
	return &record.Snapshot{
		Version: 9, Offset: 300, Time: second, State: []byte("state"),
		Window: []record.Outcome{
			{Hash: 0x0102030405060708, First: 2, Last: 4, Offset: 100, Time: second.Add(-time.Second)},
			{Hash: math.MaxUint64, First: 5, Last: 5, Offset: 101, Time: second},
			{Hash: 1, First: 9, Last: 9, Offset: 300, Time: second.Add(time.Microsecond)},
		},
	}
}

func checkpoint() *record.Checkpoint {
	return &record.Checkpoint{Next: 300, Sequence: 200, Aggregates: 3, Time: second}
}

func owner() *record.Owner {
	return &record.Owner{
		Node: "n", Address: "h:1", Nonce: [16]byte{0: 1, 15: 2}, Time: second, Fingerprint: "f",
	}
}

func entry() *record.Entry { return &record.Entry{Version: 9, Offset: 300, Time: second} }

func types() *record.Types { return &record.Types{Names: []string{"A", "B"}} }

func meta() *record.Meta {
	return &record.Meta{Format: 1, Partitions: 12, Hash: "murmur2", Creator: "c", Time: second}
}

// value is any value of the state topic, as tests see it.
type value interface {
	Encode(key []byte) ([]byte, error)
}

func parseState(kind record.Kind, key, b []byte) (value, error) {
	switch kind {
	case record.SnapshotKind:
		return record.ParseSnapshot(key, b)
	case record.CheckpointKind:
		return record.ParseCheckpoint(key, b)
	case record.OwnerKind:
		return record.ParseOwner(key, b)
	case record.EntryKind:
		return record.ParseEntry(key, b)
	case record.TypesKind:
		return record.ParseTypes(key, b)
	default:
		return record.ParseMeta(key, b)
	}
}

// sealed returns a value with the given fields in hex, made without the package.
func sealed(body string) []byte {
	b, err := hex.DecodeString(body)
	if err != nil {
		return nil
	}
	return resealed(b)
}

func resealed(body []byte) []byte {
	b := append([]byte{1}, body...)
	sum := crc32.Checksum(append(append([]byte(nil), stateKey...), b...), crc32.MakeTable(crc32.Castagnoli))
	return append(b, byte(sum>>24), byte(sum>>16), byte(sum>>8), byte(sum))
}

// The bytes are what old snapshots have: they never change.
func TestState_bytes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		kind  record.Kind
		value value
		body  string
	}{
		{
			record.SnapshotKind, snapshot(),
			"0809" + "10ac02" + "1880897a" + "22057374617465" +
				"320f" + "090807060504030201" + "1002" + "1802" + "2064" +
				"3211" + "09ffffffffffffffff" + "1001" + "2001" + "2880897a" +
				"3210" + "090100000000000000" + "1004" + "20c701" + "2802",
		},
		{
			record.SnapshotKind, &record.Snapshot{Version: 1, Time: time.Unix(0, 0).UTC(), Deleted: true},
			"0801" + "2801",
		},
		{record.CheckpointKind, checkpoint(), "08ac02" + "10c801" + "1803" + "2080897a"},
		{record.CheckpointKind, &record.Checkpoint{Time: time.Unix(0, 0).UTC()}, ""},
		{record.EntryKind, entry(), "0809" + "10ac02" + "1880897a"},
		{record.TypesKind, types(), "0a0141" + "0a0142"},
		{
			record.OwnerKind, owner(),
			"0a016e" + "1203683a31" + "1a10" + "01" + strings.Repeat("00", 14) + "02" + "2080897a" + "2a0166",
		},
		{record.MetaKind, meta(), "0801" + "100c" + "1a076d75726d757232" + "220163" + "2880897a"},
	} {
		got, err := tc.value.Encode(stateKey)
		want := sealed(tc.body)
		if diff := cmp.Diff(hex.EncodeToString(want), hex.EncodeToString(got)); diff != "" || err != nil {
			t.Errorf("%T: %v\n%s", tc.value, err, diff)
			continue
		}
		back, err := parseState(tc.kind, stateKey, want)
		if diff := cmp.Diff(tc.value, back); diff != "" || err != nil {
			t.Errorf("%T: %v\n%s", tc.value, err, diff)
		}
		// A newer version may add fields of every kind.
		newer := sealed(tc.body + "f80601" + "f9060000000000000000" + "fa0601ff" + "fd0600000000" + "fb060801fc06")
		if back, err = parseState(tc.kind, stateKey, newer); err != nil || cmp.Diff(tc.value, back) != "" {
			t.Errorf("%T with new fields: %v\n%s", tc.value, err, cmp.Diff(tc.value, back))
		}
	}
}

// One bit that is wrong, in the key or in the value, is found; and so is a
// value that was cut.
func TestState_everyBit(t *testing.T) {
	t.Parallel()
	for kind, v := range map[record.Kind]value{
		record.SnapshotKind: snapshot(), record.CheckpointKind: checkpoint(), record.OwnerKind: owner(), record.MetaKind: meta(),
	} {
		good, err := v.Encode(stateKey)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 8 * len(good) {
			if _, err := parseState(kind, stateKey, with(good, i/8, good[i/8]^1<<(i%8))); err == nil {
				t.Errorf("%T: bit %d is wrong, and nothing is said", v, i)
			}
		}
		for i := range 8 * len(stateKey) {
			if _, err := parseState(kind, with(stateKey, i/8, stateKey[i/8]^1<<(i%8)), good); err == nil {
				t.Errorf("%T: bit %d of the key is wrong, and nothing is said", v, i)
			}
		}
		for n := range good {
			if _, err := parseState(kind, stateKey, good[:n]); err == nil {
				t.Errorf("%T is cut to %d bytes, and nothing is said", v, n)
			}
		}
	}
}

func TestState_damaged(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		kind  record.Kind
		value []byte
		want  string
		newer bool
	}{
		{record.SnapshotKind, nil, "snapshot: the value is empty or null", false},
		{record.CheckpointKind, []byte{0, 1, 2, 3, 4}, "checkpoint: version 0", false},
		{record.OwnerKind, []byte{2}, "owner: version 2: written in a format", true},
		{record.MetaKind, []byte{1, 2, 3, 4}, "meta: the value has 4 bytes, and at least 5 are due", false},
		{record.MetaKind, []byte{1, 2, 3, 4, 5}, "checksum of key and value", false},
		{record.SnapshotKind, sealed("0801" + "08"), "field 1 does not decode", false},
		{record.SnapshotKind, sealed("0801" + "02"), "a field does not decode", false},
		{record.SnapshotKind, sealed("0a0101"), "field 1: wire type 2, and 0 is due", false},
		{record.SnapshotKind, sealed("0801" + "1201"), "field 2 does not decode", false},
		{record.SnapshotKind, sealed("0801" + "10ffffffffffffffffff01"), "field 2: 18446744073709551615 is out of range", false},
		{record.SnapshotKind, sealed("0801" + "1801" + "2001"), "field 4: wire type 0", false},
		{record.SnapshotKind, sealed("0801" + "2a00"), "field 5: wire type 2", false},
		{record.SnapshotKind, sealed("0801" + "3001"), "field 6: wire type 0", false},
		{record.SnapshotKind, sealed("0801" + "32020801"), "field 6: field 1: wire type 0, and 1 is due", false},
		{record.CheckpointKind, sealed("1a00"), "field 3: wire type 2", false},
		{record.CheckpointKind, sealed("2200"), "field 4: wire type 2", false},
		{record.EntryKind, sealed("0801" + "1200"), "entry: field 2: wire type 2", false},
		{record.TypesKind, sealed("0801"), "types: field 1: wire type 0", false},
		{record.OwnerKind, sealed("1a0101"), "field 3: a nonce of 1 bytes, and 16 are due", false},
		{record.OwnerKind, sealed("2801"), "field 5: wire type 0", false},
		{record.MetaKind, sealed("1080808080" + "08"), "field 2: 2147483648 is out of range", false},
		{record.MetaKind, sealed("1200"), "field 2: wire type 2", false},
		{record.MetaKind, sealed("2a00"), "field 5: wire type 2", false},
	} {
		_, err := parseState(tc.kind, stateKey, tc.value)
		if err == nil || !strings.Contains(err.Error(), tc.want) || errors.Is(err, record.ErrNewer) != tc.newer {
			t.Errorf("%x: %v, want %q", tc.value, err, tc.want)
		}
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	if got, want := record.Probe(stateKey), sealed(""); string(got) != string(want) {
		t.Errorf("%x, want %x", got, want)
	}
}

func TestCommandHash(t *testing.T) {
	t.Parallel()
	// The well-known SHA-256 of "abc" and of nothing.
	for id, want := range map[string]uint64{"abc": 0xba7816bf8f01cfea, "": 0xe3b0c44298fc1c14} {
		if got := record.CommandHash(id); got != want {
			t.Errorf("%q: %x, want %x", id, got, want)
		}
	}
}
