package kafka

import (
	"errors"
	"fmt"
	"strings"
)

// ErrOverloaded says that too many commands wait for the partition of the
// aggregate. Nothing was done.
var ErrOverloaded = errors.New("too many commands wait for the partition: try again later")

// ErrForgotten refuses a command whose id is older than what the engine
// remembers of the aggregate: it may have been executed before. Only with
// [RefuseForgotten]. Nothing was done.
var ErrForgotten = errors.New("the command id is older than what is remembered of the aggregate: " +
	"look at its history, and give the command a new id if it is not there")

// errGone is returned inside the engine for a request that came to a partition
// which this process does not own any more. Nothing was done.
var errGone = errors.New("the partition was taken away")

// errUnavailable is part of errors that say that Kafka could not be reached.
var errUnavailable = errors.New("kafka cannot be reached, or does not do what it is asked to")

// NotOwnerError says that another process decides the commands of the
// aggregate. Nothing was done.
type NotOwnerError struct {
	Aggregate   string // full name of the aggregate type
	AggregateID string
	Partition   int32
	// Address is what the owner gave as [Advertise], or empty when the owner
	// is not known, as between two owners.
	Address string
}

func (e *NotOwnerError) Error() string {
	owner := "another process"
	if e.Address != "" {
		owner = e.Address
	}
	return fmt.Sprintf("%s %q: partition %d is owned by %s", e.Aggregate, e.AggregateID, e.Partition, owner)
}

// OutdatedError says that a partition holds events of types that this code does
// not know: newer code has stored them. The partition alone is refused, and goes
// to a process whose code knows the types, if there is one and the brokers do
// not assign partitions ([ServerSideAssignment]). Deploy that code.
type OutdatedError struct {
	Aggregate string // full name of the aggregate type
	Partition int32
	Types     []string // the stored names, in order
}

func (e *OutdatedError) Error() string {
	return fmt.Sprintf("%s: partition %d holds events of types that this code does not know: %s: deploy the code that stored them",
		e.Aggregate, e.Partition, strings.Join(e.Types, ", "))
}

// LogError says that a partition of the log is not as an owner left it, was
// written by newer code, or is not the one that a reader had read before. The
// partition alone is refused, until another process takes it over or this one
// starts again.
type LogError struct {
	Topic     string
	Partition int32
	Offset    int64 // of the first record that is wrong, or that is missing
	Err       error
}

func (e *LogError) Error() string {
	return fmt.Sprintf("%s, partition %d, offset %d: %v", e.Topic, e.Partition, e.Offset, e.Err)
}

// Unwrap returns the cause.
func (e *LogError) Unwrap() error { return e.Err }

// ErrStale says that the progress which a [Projection] has stored is not what a
// batch was read after: see Batch.Check. Nothing was stored.
var ErrStale = errors.New("the progress in the store is not that of the batch")

// StoppedError says that a consumer does not read a partition any further, and
// where it stopped. Nothing was skipped.
type StoppedError struct {
	Group     string // as given to [Consume] or [Project]
	Partition Partition
	// Progress is that of the event at which it stopped, and which was not
	// handled; its Sequence is 0 where no event could be read.
	Progress Progress
	Err      error // that of the handler, a [*LogError], or why the event cannot be decoded
}

func (e *StoppedError) Error() string {
	return fmt.Sprintf("consumer %q stopped at %s of %s: %v", e.Group, e.Progress, e.Partition.Topic, e.Err)
}

// Unwrap returns the cause.
func (e *StoppedError) Unwrap() error { return e.Err }

// about adds the aggregate to an error that does not name it.
func about(name, id string, err error) error {
	return fmt.Errorf("%s %q: %w", name, id, err)
}
