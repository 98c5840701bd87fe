package kafka

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// writer is the one producer of a partition. It serves until its first error
// and is never used again: a producer that recovers would take part in a new
// transaction while nobody knows what became of the last one.
type writer struct {
	client *kgo.Client
	id     string // transactional
	cancel context.CancelFunc
	budget time.Duration // for each transaction, and for the fence
	pace   pace
	sent   atomic.Uint64 // the producer of the last transaction, once the brokers have its records
}

// newWriter makes a producer that has shut out every older one of the same
// partition, and waited for their last transaction to end. What it returns
// beside an error is to be closed.
func newWriter(ctx context.Context, opts []kgo.Opt, id string, budget time.Duration) (*writer, error) {
	life, cancel := context.WithCancel(context.Background())
	client, err := kgo.NewClient(append(slices.Clip(opts),
		kgo.WithContext(life),
		kgo.TransactionalID(id),
		kgo.TransactionTimeout(2*budget),
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerLinger(0),
		kgo.ProducerBatchMaxBytes(maxBatchBytes),
		kgo.RecordDeliveryTimeout(max(budget, time.Second)), // the client takes no less; bounded does
		kgo.RetryTimeout(budget/2),
		kgo.RequestTimeoutOverhead(budget/2),
	)...)
	if err != nil {
		cancel()
		return nil, fmt.Errorf("producer of %s: %w", id, err)
	}
	w := &writer{client: client, id: id, cancel: cancel, budget: budget}
	err = w.bounded(ctx, func(ctx context.Context) error {
		if _, _, err := client.ProducerID(ctx); err != nil {
			return fmt.Errorf("producer id: %w", err)
		}
		return nil
	})
	if err != nil {
		return w, fmt.Errorf("fence of %s: %w", id, err)
	}
	return w, nil
}

// commit stores records in one transaction, all or none, and sets their
// offsets. After an error it is not known which.
func (w *writer) commit(ctx context.Context, records ...*kgo.Record) error {
	return w.transact(ctx, kgo.TryCommit, records)
}

// abort stores records so that nobody ever sees them, and sets their offsets.
func (w *writer) abort(ctx context.Context, records ...*kgo.Record) error {
	return w.transact(ctx, kgo.TryAbort, records)
}

func (w *writer) transact(ctx context.Context, end kgo.TransactionEndTry, records []*kgo.Record) error {
	return w.bounded(ctx, func(ctx context.Context) error {
		if err := w.client.BeginTransaction(); err != nil {
			return fmt.Errorf("begin: %w", err)
		}
		w.sent.Store(0)
		w.pace.begin(ctx, w.ended)
		if err := w.produce(ctx, records); err != nil {
			return fmt.Errorf("produce: %w", err)
		}
		w.sent.Store(uint64(record.NewProducer(records[0].ProducerID, records[0].ProducerEpoch)))
		w.pace.produced()
		if err := w.client.EndTransaction(ctx, end); err != nil {
			return fmt.Errorf("end: %w", err)
		}
		w.pace.end()
		return nil
	})
}

// sender returns the producer of the last transaction, or none if it cannot have
// been committed: the brokers did not get all of its records.
func (w *writer) sender() record.Producer { return record.Producer(w.sent.Load()) }

// rested reports whether the last transaction ended at least a while ago.
func (w *writer) rested(while time.Duration) bool {
	return !w.pace.ended.IsZero() && since(w.pace.ended) >= while
}

// ended reports whether the coordinator has ended the last transaction, or does
// not say.
func (w *writer) ended(ctx context.Context) bool {
	req := kmsg.NewPtrDescribeTransactionsRequest()
	req.TransactionalIDs = []string{w.id}
	resp, err := req.RequestWith(ctx, w.client)
	return err != nil || len(resp.TransactionStates) != 1 || !strings.HasPrefix(resp.TransactionStates[0].State, "Prepare")
}

// produce sends records and waits until each is acknowledged.
func (w *writer) produce(ctx context.Context, records []*kgo.Record) error {
	acknowledged := make(chan error, 1) // takes the first error, or that there was none
	var left atomic.Int64
	left.Store(int64(len(records)))
	promise := func(_ *kgo.Record, err error) {
		if left.Add(-1) > 0 && err == nil {
			return
		}
		select {
		case acknowledged <- err:
		default: // an error came first
		}
	}
	for _, r := range records {
		w.client.Produce(ctx, r, promise)
	}
	select {
	case err := <-acknowledged:
		return err
	case <-ctx.Done():
		return context.Cause(ctx) //nolint:wrapcheck // an error of this package, or of the caller's
	}
}

var errBudget = fmt.Errorf("kafka did not answer in time: %w", os.ErrDeadlineExceeded)

// bounded runs a step and stops waiting for it when its time is up. The client
// may wait longer than its context: it does not give up records that it may
// have sent. The step then ends when the client is closed.
func (w *writer) bounded(ctx context.Context, step func(context.Context) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, w.budget, errBudget)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- step(ctx) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return context.Cause(ctx) //nolint:wrapcheck // as above
	}
}

// close ends all requests, and then the client: on a dead link it would wait
// for them.
func (w *writer) close() {
	w.cancel()
	w.client.Close()
}
