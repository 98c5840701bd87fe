package kafka_test

import (
	"sync"
	"testing"
	"time"

	"github.com/esgen-dev/esgen/es/kafka"
)

// watch is an observer that remembers.
type watch struct {
	kafka.NoObserver

	mu          sync.Mutex
	phases      map[int32]kafka.Phase
	entered     map[kafka.Phase]int
	restores    []kafka.Restore
	checkpoints []kafka.CheckpointInfo
	fences      int
	commits     int
	changed     chan struct{} // closed when any of the above changes
}

func newWatch() *watch {
	return &watch{phases: map[int32]kafka.Phase{}, entered: map[kafka.Phase]int{}, changed: make(chan struct{})}
}

func (w *watch) update(change func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change()
	close(w.changed)
	w.changed = make(chan struct{})
}

func (w *watch) Entered(p kafka.Partition, phase kafka.Phase, _ error) {
	w.update(func() {
		w.phases[p.ID] = phase
		w.entered[phase]++
	})
}

func (w *watch) Restored(_ kafka.Partition, r kafka.Restore) {
	w.update(func() { w.restores = append(w.restores, r) })
}

func (w *watch) Checkpointed(_ kafka.Partition, i kafka.CheckpointInfo) {
	w.update(func() { w.checkpoints = append(w.checkpoints, i) })
}

func (w *watch) Fenced(kafka.Partition, time.Duration, error) { w.update(func() { w.fences++ }) }

func (w *watch) Committed(kafka.Partition, kafka.Commit) { w.update(func() { w.commits++ }) }

func (w *watch) phase(partition int32) kafka.Phase {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.phases[partition]
}

// times returns how often partitions came into a phase.
func (w *watch) times(phase kafka.Phase) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.entered[phase]
}

// complete returns how many checkpoints were written.
func (w *watch) complete() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.checkpoints)
}

// until waits until something is so.
func (w *watch) until(t *testing.T, what string, so func() bool) {
	t.Helper()
	limit := time.After(time.Minute)
	for {
		w.mu.Lock()
		ok, changed := so(), w.changed
		w.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-limit:
			t.Fatalf("not so: %s", what)
		}
	}
}

// restored returns what was restored last.
func (w *watch) restored(t *testing.T) kafka.Restore {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.restores) == 0 {
		t.Fatal("nothing was restored")
	}
	return w.restores[len(w.restores)-1]
}
