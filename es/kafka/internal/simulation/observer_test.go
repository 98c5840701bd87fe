package simulation

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/esgen-dev/esgen/es/kafka"
)

// watcher counts what the engines of a simulation do, to show that it was put
// to work.
type watcher struct {
	kafka.NoObserver

	alarm func(error)

	fences                          atomic.Int64 // that were begun
	doubts                          atomic.Int64 // commits that failed, or may have
	restores, warm, fromCheckpoints atomic.Int64
	checkpoints, snapshots          atomic.Int64

	mu     sync.Mutex
	phases []string // the last ones that partitions entered
}

// recent is how many phases are remembered.
const recent = 60

// Entered implements [kafka.Observer].
func (w *watcher) Entered(p kafka.Partition, phase kafka.Phase, err error) {
	w.mu.Lock()
	w.phases = append(w.phases, fmt.Sprintf("%s partition %d: %s %v", time.Now().Format("04:05.000"), p.ID, phase, err))
	w.phases = w.phases[max(0, len(w.phases)-recent):]
	w.mu.Unlock()
	if phase == kafka.Fencing {
		w.fences.Add(1)
	}
	if phase == kafka.Corrupt || phase == kafka.Outdated {
		w.alarm(fmt.Errorf("partition %d is %s: %w", p.ID, phase, err))
	}
}

// Committed implements [kafka.Observer].
func (w *watcher) Committed(_ kafka.Partition, c kafka.Commit) {
	if c.Err != nil {
		w.doubts.Add(1)
	}
}

// Restored implements [kafka.Observer].
func (w *watcher) Restored(_ kafka.Partition, r kafka.Restore) {
	w.restores.Add(1)
	switch {
	case r.Warm:
		w.warm.Add(1)
	case r.Checkpoint > 0:
		w.fromCheckpoints.Add(1)
	}
}

// Checkpointed implements [kafka.Observer].
func (w *watcher) Checkpointed(_ kafka.Partition, c kafka.CheckpointInfo) {
	w.checkpoints.Add(1)
	w.snapshots.Add(int64(c.Snapshots))
}

func (w *watcher) String() string {
	return fmt.Sprintf("%d commits in doubt, %d restores (%d warm, %d from checkpoints), %d checkpoints with %d snapshots",
		w.doubts.Load(), w.restores.Load(), w.warm.Load(), w.fromCheckpoints.Load(), w.checkpoints.Load(), w.snapshots.Load())
}
