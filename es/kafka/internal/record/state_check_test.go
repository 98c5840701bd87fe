package record_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

type refusal struct {
	value value
	want  string
}

func refused[T any](fresh func() *T, change func(*T), want string) refusal {
	v := fresh()
	change(v)
	return refusal{any(v).(value), want} //nolint:forcetypeassert // the tests name the types
}

// What cannot be is not written.
func TestState_refuses(t *testing.T) {
	t.Parallel()
	for _, r := range slices.Concat(refusedSnapshots(), refusedRest()) {
		if b, err := r.value.Encode(stateKey); err == nil || !strings.Contains(err.Error(), r.want) || b != nil {
			t.Errorf("%+v: %x, %v, want %q", r.value, b, err, r.want)
		}
	}
}

func refusedSnapshots() []refusal {
	return []refusal{
		refused(snapshot, func(s *record.Snapshot) { s.Version = 0 }, "version 0"),
		refused(snapshot, func(s *record.Snapshot) { s.Offset = -1 }, "offset -1"),
		refused(snapshot, func(s *record.Snapshot) { s.Version, s.Offset = 302, 300 }, "no room for so many"),
		refused(snapshot, func(s *record.Snapshot) { s.Time = second.Add(1) }, "not in microseconds"),
		refused(snapshot, func(s *record.Snapshot) { s.Window[2].Time = second.Add(1) }, "not in microseconds"),
		refused(snapshot, func(s *record.Snapshot) { s.Window[0].First = 0 }, "command 0 of the window has versions 0 to 4"),
		refused(snapshot, func(s *record.Snapshot) { s.Window[1].First = 4 }, "versions 4 to 5, after 4"),
		refused(snapshot, func(s *record.Snapshot) { s.Window[1].Last = 4 }, "versions 5 to 4"),
		refused(snapshot, func(s *record.Snapshot) { s.Window[2].Last = 10 }, "versions 9 to 10, after 5 and within 9"),
		refused(snapshot, func(s *record.Snapshot) { s.Window[0].Offset = -1 }, "offset -1, after -1"),
		refused(snapshot, func(s *record.Snapshot) { s.Window[1].Offset = 100 }, "offset 100, after 100"),
		refused(snapshot, func(s *record.Snapshot) { s.Window[2].Offset = 301 }, "offset 301, after 101 and within 300"),
	}
}

func refusedRest() []refusal {
	return []refusal{
		refused(checkpoint, func(c *record.Checkpoint) { c.Next = -1 }, "offset -1"),
		refused(checkpoint, func(c *record.Checkpoint) { c.Sequence = 301 }, "301 events before offset 300"),
		refused(checkpoint, func(c *record.Checkpoint) { c.Aggregates = 201 }, "201 aggregates with 200 events"),
		refused(checkpoint, func(c *record.Checkpoint) { c.Aggregates = 0 }, "200 events without an aggregate"),
		refused(checkpoint, func(c *record.Checkpoint) { c.Time = second.Add(1) }, "not in microseconds"),
		refused(owner, func(o *record.Owner) { o.Node = "" }, "name of the node is empty"),
		refused(owner, func(o *record.Owner) { o.Nonce = [16]byte{} }, "no nonce"),
		refused(owner, func(o *record.Owner) { o.Fingerprint = "" }, "fingerprint of the state is empty"),
		refused(types, func(o *record.Types) { o.Names = []string{""} }, "type of event is empty"),
		refused(types, func(o *record.Types) { o.Names = nil }, "there is none"),
		refused(types, func(o *record.Types) { o.Names = []string{"A", "A"} }, "not in ascending order"),
		refused(entry, func(e *record.Entry) { e.Version = 0 }, "version 0"),
		refused(entry, func(e *record.Entry) { e.Offset = -1 }, "offset -1"),
		refused(entry, func(e *record.Entry) { e.Version = 302 }, "no room for so many"),
		refused(owner, func(o *record.Owner) { o.Time = second.Add(1) }, "not in microseconds"),
		refused(meta, func(m *record.Meta) { m.Format = 0 }, "format 0"),
		refused(meta, func(m *record.Meta) { m.Partitions = 0 }, "0 partitions"),
		refused(meta, func(m *record.Meta) { m.Hash = "" }, "name of the hash is empty"),
		refused(meta, func(m *record.Meta) { m.Time = second.Add(1) }, "not in microseconds"),
	}
}

// What cannot be is not read either, although its checksum is right.
func TestState_impossible(t *testing.T) {
	t.Parallel()
	hash := "090100000000000000"
	for _, tc := range []struct {
		kind record.Kind
		body string
		want string
	}{
		{record.SnapshotKind, "", "version 0"},
		{record.SnapshotKind, "0809", "no room for so many"},
		{record.SnapshotKind, "0809" + "1009" + "3209" + hash, "versions 0 to 0"},
		{record.SnapshotKind, "0809" + "1009" + "320d" + hash + "1001" + "1809", "versions 1 to 10"},
		{record.SnapshotKind, "0809" + "1009" + "3216" + hash + "1002" + "18ffffffffffffffffff01", "versions 2 to 1"}, // wraps around
		{record.SnapshotKind, "0809" + "1009" + "3216" + hash + "1001" + "20ffffffffffffffffff01", "offset -1"},       // wraps around
		{record.SnapshotKind, "0809" + "1009" + "320d" + hash + "1001" + "200a", "offset 10"},
		{record.CheckpointKind, "1001", "1 events before offset 0"},
		{record.EntryKind, "", "version 0"},
		{record.TypesKind, "", "there is none"},
		{record.OwnerKind, "", "name of the node is empty"},
		{record.MetaKind, "1001" + "1a0178", "format 0"},
	} {
		if v, err := parseState(tc.kind, stateKey, sealed(tc.body)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %+v, %v, want %q", tc.body, v, err, tc.want)
		}
	}
}

func TestMeta_Check(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 1, 2, 3, 456_789, time.FixedZone("x", 3600))
	fresh := record.NewMeta(12, "node", now)
	want := &record.Meta{Format: 1, Partitions: 12, Hash: "murmur2", Creator: "node", Time: now.UTC().Truncate(time.Microsecond)}
	if diff := cmp.Diff(want, fresh); diff != "" {
		t.Error(diff)
	}
	if err := fresh.Check(12); err != nil {
		t.Error(err)
	}
	for _, tc := range []struct {
		change func(*record.Meta)
		want   string
		newer  bool
	}{
		{func(m *record.Meta) { m.Partitions = 6 }, "the topic has 12 partitions, and was made with 6", false},
		{func(m *record.Meta) { m.Hash = "xxh3" }, `by the hash "xxh3", and this code has "murmur2"`, false},
		{func(m *record.Meta) { m.Format = 2 }, "format 2, and this code knows up to 1", true},
	} {
		m := meta()
		tc.change(m)
		if err := m.Check(12); err == nil || !strings.Contains(err.Error(), tc.want) || errors.Is(err, record.ErrNewer) != tc.newer {
			t.Errorf("%+v: %v, want %q", m, err, tc.want)
		}
	}
}
