package kafka

import (
	"context"
	"time"

	"github.com/esgen-dev/esgen/es"
)

// Observer is told what an engine does, for metrics and alarms. Its methods are
// called by the goroutines that do it, so they have to return at once, and be
// safe for concurrent use. Embed [NoObserver] to be ready for methods that come
// later.
type Observer interface {
	// Entered says that an owned partition entered a phase of its life, and
	// why, when that was an error.
	Entered(p Partition, phase Phase, err error)
	// Fenced says that a producer of the partition shut out all older ones, or
	// why that failed.
	Fenced(p Partition, took time.Duration, err error)
	// Restored says that the partition was read up to the barrier.
	Restored(p Partition, r Restore)
	// Committed says that a transaction with events was committed, or why it
	// failed. After an error it is not known whether it was.
	Committed(p Partition, c Commit)
	// Checkpointed says that the owner wrote a checkpoint.
	Checkpointed(p Partition, c CheckpointInfo)
	// Executed says what became of a command, as its caller sees it.
	Executed(ctx context.Context, c Execution)
}

// Partition names a partition of the events of an aggregate type.
type Partition struct {
	Aggregate string // full name of the aggregate type
	Topic     string // of the events
	ID        int32
}

// Phase is where an owned partition stands in its life; docs/kafka.md draws it.
type Phase string

// Restore says what a restore read.
type Restore struct {
	Took       time.Duration
	Events     int           // read behind the checkpoint
	Aggregates int           // in the index
	Checkpoint time.Duration // age of the checkpoint; 0 when there was none
	Warm       bool          // what was in memory was brought up to date
}

// Commit says what a transaction held.
type Commit struct {
	Took     time.Duration
	Events   int
	Bytes    int
	Commands []context.Context // those of the callers, e.g. to link spans
	Err      error
}

// CheckpointInfo says what a checkpoint held.
type CheckpointInfo struct {
	Took      time.Duration
	Entries   int // aggregates of the index
	Snapshots int // states
}

// Outcome is what became of a command.
type Outcome string

// The outcomes.
const (
	Succeeded  Outcome = "succeeded" // events were appended, or there was nothing to do
	Duplicate  Outcome = "duplicate"
	Conflict   Outcome = "conflict" // of versions
	Refused    Outcome = "refused"  // by a check, or by the service's own handler
	Elsewhere  Outcome = "elsewhere"
	Overloaded Outcome = "overloaded"
	Unknown    Outcome = "unknown" // it may have been executed
	Failed     Outcome = "failed"
)

// Execution says what became of a command.
type Execution struct {
	Partition   Partition // with ID -1 when it is not known
	AggregateID string
	Command     string // full name of the message
	Took        time.Duration
	Outcome     Outcome
	Receipt     es.Receipt
	Err         error
}

// watched reports whether anybody is told what becomes of each command.
func (c *config) watched() bool { return c.observer != (NoObserver{}) }

// NoObserver ignores everything.
type NoObserver struct{}

var _ Observer = NoObserver{}

// Entered implements [Observer].
func (NoObserver) Entered(Partition, Phase, error) {}

// Fenced implements [Observer].
func (NoObserver) Fenced(Partition, time.Duration, error) {}

// Restored implements [Observer].
func (NoObserver) Restored(Partition, Restore) {}

// Committed implements [Observer].
func (NoObserver) Committed(Partition, Commit) {}

// Checkpointed implements [Observer].
func (NoObserver) Checkpointed(Partition, CheckpointInfo) {}

// Executed implements [Observer].
func (NoObserver) Executed(context.Context, Execution) {}
