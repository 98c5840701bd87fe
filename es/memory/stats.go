package memory

import "sync/atomic"

// Stats counts what an engine did with snapshots since it was made.
type Stats struct {
	// SnapshotsTaken is how often a state was stored.
	SnapshotsTaken uint64
	// SnapshotsFailed is how often a state could not be stored, because it
	// cannot be encoded: a string in it is not UTF-8.
	SnapshotsFailed uint64
	// SnapshotsUsed is how often a state was read from a snapshot.
	SnapshotsUsed uint64
	// SnapshotsIgnored is how often a snapshot was passed over, because the
	// fingerprint of its schema or its state version is not that of the code.
	// An older snapshot, or every event, was read instead.
	SnapshotsIgnored uint64
}

// Stats returns the counters. They are read one by one: while commands are
// being executed they need not match.
func (e *Engine) Stats() Stats {
	return Stats{
		SnapshotsTaken:   e.stats.taken.Load(),
		SnapshotsFailed:  e.stats.failed.Load(),
		SnapshotsUsed:    e.stats.used.Load(),
		SnapshotsIgnored: e.stats.ignored.Load(),
	}
}

type counters struct {
	taken, failed, used, ignored atomic.Uint64
}
