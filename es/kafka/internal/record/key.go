package record

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Kind is what a record of the state topic is about. It is the first byte of
// its key.
type Kind byte

// The kinds, and their keys.
const (
	SnapshotKind   Kind = 'a' // a/<aggregate id>/<fingerprint of the state>
	EntryKind      Kind = 'i' // i/<aggregate id>
	CheckpointKind Kind = 'c' // c/<partition>
	OwnerKind      Kind = 'o' // o/<partition>, also in the topic of routes
	MetaKind       Kind = 'm' // m/meta
	ProbeKind      Kind = 'p' // p/<partition>
	TypesKind      Kind = 't' // t/<partition>
)

const metaKey = "m/meta"

// Key is a key of the state topic.
//
// An aggregate id may be anything, a slash included; a fingerprint has none.
// So the last slash ends the id, and no two keys have the same bytes. Old and
// new code whose states differ have their own snapshots, by the fingerprint.
type Key struct {
	Kind        Kind
	AggregateID string // for snapshots and entries
	Fingerprint string // for snapshots: of the schema of the state and of what folds it
	Partition   int32  // for the other kinds, but meta
}

// Encode returns the bytes of the key. It fails when a part is missing, or one
// that the kind does not have is set.
func (k Key) Encode() ([]byte, error) {
	if err := k.check(); err != nil {
		return nil, err
	}
	switch k.Kind {
	case SnapshotKind:
		b := make([]byte, 0, 3+len(k.AggregateID)+len(k.Fingerprint))
		b = append(append(b, byte(k.Kind), '/'), k.AggregateID...)
		return append(append(b, '/'), k.Fingerprint...), nil
	case EntryKind:
		return append([]byte{byte(k.Kind), '/'}, k.AggregateID...), nil
	case MetaKind:
		return []byte(metaKey), nil
	default:
		return strconv.AppendInt([]byte{byte(k.Kind), '/'}, int64(k.Partition), 10), nil
	}
}

// ParseKey reads a key. It fails with [ErrNewer] when the kind is not known.
func ParseKey(b []byte) (Key, error) {
	if len(b) < 2 || b[1] != '/' {
		return Key{}, fmt.Errorf("state key %q does not start with a kind and a slash", b)
	}
	k, rest := Key{Kind: Kind(b[0])}, b[2:]
	switch k.Kind {
	case SnapshotKind:
		slash := bytes.LastIndexByte(rest, '/')
		if slash < 0 {
			return Key{}, fmt.Errorf("state key %q has no fingerprint", b)
		}
		k.AggregateID, k.Fingerprint = string(rest[:slash]), string(rest[slash+1:])
	case EntryKind:
		k.AggregateID = string(rest)
	case CheckpointKind, OwnerKind, ProbeKind, TypesKind:
		n, err := strconv.ParseUint(string(rest), 10, 31)
		if err != nil || strconv.FormatUint(n, 10) != string(rest) {
			return Key{}, fmt.Errorf("state key %q does not end in a partition", b)
		}
		k.Partition = int32(n)
	case MetaKind:
		if string(b) != metaKey {
			return Key{}, fmt.Errorf("state key %q: %w", b, ErrNewer)
		}
	default:
		return Key{}, fmt.Errorf("state key %q: %w", b, ErrNewer)
	}
	if err := k.check(); err != nil {
		return Key{}, fmt.Errorf("state key %q: %w", b, err)
	}
	return k, nil
}

func (k Key) check() error {
	snapshot := k.Kind == SnapshotKind
	aggregate := snapshot || k.Kind == EntryKind
	switch k.Kind {
	case SnapshotKind, EntryKind, CheckpointKind, OwnerKind, MetaKind, ProbeKind, TypesKind:
	default:
		return fmt.Errorf("kind %q of a state key is not known", byte(k.Kind))
	}
	switch {
	case aggregate && k.AggregateID == "":
		return errors.New("the aggregate id is empty")
	case snapshot && k.Fingerprint == "":
		return errors.New("the fingerprint of the state is empty")
	case strings.Contains(k.Fingerprint, "/"):
		return fmt.Errorf("the fingerprint %q of the state has a slash", k.Fingerprint)
	case !aggregate && k.AggregateID != "":
		return fmt.Errorf("a key of kind %q has no aggregate", byte(k.Kind))
	case !snapshot && k.Fingerprint != "":
		return fmt.Errorf("a key of kind %q has no fingerprint", byte(k.Kind))
	case (aggregate || k.Kind == MetaKind) && k.Partition != 0:
		return fmt.Errorf("a key of kind %q has no partition", byte(k.Kind))
	case k.Partition < 0:
		return fmt.Errorf("partition %d", k.Partition)
	}
	return nil
}
