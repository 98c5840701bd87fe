package kafka

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// A commit is safe once its coordinator has stored it; the markers that make it
// so for readers come later. Brokers leave them out when they find no leader for
// the partition at that moment, and say that the transaction is complete: seen
// with Kafka 4.3.1 and 4.4.0, not with 4.0.2, after the only node was killed.
// Its records then wait for the next marker of the producer, and that is the
// barrier's, which aborts them. So an owner looks first, and refuses a partition
// that has lost the marker of a commit. It does so before the fence, after which
// the coordinator could not say any more that it was one: then the marker can
// still be written, by hand.

var errUnended = errors.New("a transaction has no end here, and no owner has one open: another program writes to the topic, " +
	"or the brokers have left out the marker of a commit, which would be lost with the next transaction; " +
	"esgen topics complete says which, and writes a marker that was left out")

// endedBefore reports whether the last transaction of the partition's producers
// was a commit, or may have been, and waits until its markers are written. One
// that is open, or was aborted, has nothing to lose, nor has one that the owner
// itself has shut out; and while the log goes on an older owner is still at work.
func (o *owner) endedBefore() (bool, error) {
	if !o.domain.describes || o.nothingToLose {
		return false, nil
	}
	ctx, cancel := context.WithTimeoutCause(o.ctx, o.domain.engine.budget, errUnended)
	defer cancel()
	last := int64(-1) // where the log ended for readers
	for attempt := 1; ; attempt++ {
		committed, err := o.committedLast(ctx)
		if err != nil || !committed {
			return false, err
		}
		stable, open, err := o.open(ctx)
		if err != nil || !open || last >= 0 && stable > last {
			return true, err
		}
		last = stable
		if err := o.pause(ctx, attempt, stable); err != nil {
			return true, err
		}
	}
}

// awaitMarkers waits until all transactions in the partition have ended, which they
// have once the producer is made.
func (o *owner) awaitMarkers() error {
	ctx, cancel := context.WithTimeoutCause(o.ctx, o.domain.engine.budget, errUnended)
	defer cancel()
	for attempt := 1; ; attempt++ {
		stable, open, err := o.open(ctx)
		if err != nil || !open {
			return err
		}
		if err := o.pause(ctx, attempt, stable); err != nil {
			return err
		}
	}
}

// calm is how long after a transaction its owner takes for granted that the
// brokers were not all gone and back, which is when they leave markers out.
const calm = time.Second

// awaitCommitted comes before a transaction. After a while without one it waits
// until readers see what the owner has committed: a transaction that fails would
// take along the events of one without a marker.
func (o *owner) awaitCommitted(ctx context.Context) error {
	if !o.writer.rested(calm) {
		return nil
	}
	ctx, cancel := context.WithTimeoutCause(ctx, o.domain.engine.budget, errUnended)
	defer cancel()
	for attempt := 1; ; attempt++ {
		stable, err := o.domain.log.end(ctx, o.id, readCommitted)
		if err == nil && stable >= o.index.next {
			return nil
		}
		if refusal, refused := errors.AsType[*kerr.Error](err); refused && !refusal.Retriable {
			return err
		}
		over := o.pause(ctx, attempt, stable)
		switch {
		case over != nil && err != nil:
			return err
		case over != nil:
			return over
		}
	}
}

// pause sleeps between two attempts to see a transaction end.
func (o *owner) pause(ctx context.Context, attempt int, stable int64) error {
	if sleep(ctx, backoff(attempt)) {
		return nil
	}
	if err := context.Cause(ctx); !errors.Is(err, errUnended) {
		return err //nolint:wrapcheck // the partition is taken away
	}
	return &LogError{Topic: o.domain.events, Partition: o.id, Offset: stable, Err: errUnended}
}

// committedLast reports whether the last transaction of the partition's producers
// was a commit, or may have been, as far as its coordinator says. That has to be
// known before the fence: one that cannot say may have just left markers out.
func (o *owner) committedLast(ctx context.Context) (bool, error) {
	d := o.domain
	id := d.engine.transactionalID(d.events, o.id)
	all, err := kadm.NewClient(d.engine.client).DescribeTransactions(ctx, id)
	if err == nil {
		err = all[id].Err
	}
	switch {
	case errors.Is(err, kerr.TransactionalIDNotFound):
		return false, nil // nobody ever had it, or it has expired
	case err != nil:
		return false, fmt.Errorf("last transaction of %s: %w", id, err)
	}
	switch all[id].State {
	case "PrepareCommit", "CompleteCommit", "Empty": // the last is what a fence leaves behind
		return true, nil
	}
	return false, nil
}

// describes reports whether the brokers can say what became of a transaction,
// which they can since Kafka 3.0.
func describes(ctx context.Context, admin *kadm.Client) (bool, error) {
	all, err := admin.ApiVersions(ctx)
	if err != nil {
		return false, fmt.Errorf("versions: %w", err)
	}
	var failed error
	for _, broker := range all {
		if _, can := broker.KeyMaxVersion(int16(kmsg.DescribeTransactions)); can {
			return true, nil
		}
		failed = errors.Join(failed, broker.Err)
	}
	return false, failed
}

// open returns where the log ends for readers, and whether a transaction is open
// there.
func (o *owner) open(ctx context.Context) (stable int64, open bool, err error) {
	end, err := o.domain.log.end(ctx, o.id, readUncommitted)
	if err != nil {
		return 0, false, err
	}
	stable, err = o.domain.log.end(ctx, o.id, readCommitted)
	return stable, stable < end, err
}
