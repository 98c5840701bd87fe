// Package kafka measures the Kafka engine beside raw franz-go on the same
// cluster in the same run: kfake, or brokers that are running.
//
//   - Commands: callers execute commands of one event each, on accounts spread
//     over all partitions. Beside it stand raw transactional producers, one for
//     each partition, that commit the same records in batches of the size that
//     the engine came to by itself. They decide nothing, and nobody waits for an
//     answer.
//   - Replay: the feed is folded into a state for each account. Beside it
//     stands a raw consumer that unmarshals each event, and one that does not.
//   - Takeover, the way back of a cold aggregate, and memory.
//
// kfake keeps everything in memory of the same process and answers at once, so
// figures on it compare programs; they say nothing about a cluster.
package kafka

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	benchv1 "github.com/esgen-dev/esgen/bench/gen/bench/v1"
	"github.com/esgen-dev/esgen/bench/replay"
	"github.com/esgen-dev/esgen/es/kafka"
)

// Commands is what came of commands, or of raw transactions.
type Commands struct {
	PerSecond float64 // events
	Median    time.Duration
	P99       time.Duration
	Batch     float64 // events per transaction
}

// commits counts transactions.
type commits struct {
	kafka.NoObserver

	transactions atomic.Int64
}

// Committed implements [kafka.Observer].
func (c *commits) Committed(_ kafka.Partition, commit kafka.Commit) {
	if commit.Err == nil {
		c.transactions.Add(1)
	}
}

// Execute lets callers execute commands for a while, on as many accounts.
func (c *Cluster) Execute(ctx context.Context, callers, accounts int, d time.Duration) (Commands, error) {
	counts := new(commits)
	engine, err := c.Open(kafka.Observe(counts))
	if err != nil {
		return Commands{}, err
	}
	defer engine.Close()
	a := benchv1.NewAccountAggregate(engine, replay.Account{})
	if err := grow(ctx, a, accounts, 0, accounts); err != nil {
		return Commands{}, err
	}
	counts.transactions.Store(0)
	began := time.Now()
	latencies, err := repeat(ctx, callers, d, func(ctx context.Context, caller, n int) error {
		_, err := a.Book(ctx, Booking(Account((n*callers+caller)%accounts)))
		return err
	})
	took := time.Since(began) // the last ones are waited for
	return summary(latencies, took, counts.transactions.Load()), err
}

// summary is of calls that stored an event each, in some transactions.
func summary(latencies []time.Duration, took time.Duration, transactions int64) Commands {
	return Commands{
		PerSecond: float64(len(latencies)) / took.Seconds(),
		Median:    Median(latencies),
		P99:       quantile(latencies, 0.99),
		Batch:     float64(len(latencies)) / float64(max(1, transactions)),
	}
}

// Account returns the id of an account.
func Account(n int) string { return "account-" + strconv.Itoa(n) }

// Booking returns a command for an account.
func Booking(id string) *benchv1.Book {
	return &benchv1.Book{
		AccountId: id, AmountCents: 100, Currency: "EUR", Reference: "booking-000001", Channel: "card", ValueDate: 1_767_225_600,
	}
}

// grow stores events until there are as many as wanted: the first of each
// account opens it, the others are bookings of all accounts in turn.
func grow(ctx context.Context, a *benchv1.AccountAggregate, accounts, have, want int) error {
	err := each(ctx, have, min(accounts, want), func(ctx context.Context, i int) error {
		_, err := a.OpenAccount(ctx, &benchv1.OpenAccount{AccountId: Account(i), Owner: "Ada Lovelace", Currency: "EUR"})
		return err
	})
	if err != nil {
		return err
	}
	return each(ctx, max(have, accounts), want, func(ctx context.Context, i int) error {
		_, err := a.Book(ctx, Booking(Account(i%accounts)))
		return err
	})
}

// each calls f for numbers from one to below another, many at a time.
func each(ctx context.Context, from, to int, f func(ctx context.Context, i int) error) error {
	var next atomic.Int64
	next.Store(int64(from))
	return together(ctx, max(0, min(to-from, 1024)), func(ctx context.Context, _ int) error {
		for i := next.Add(1) - 1; i < int64(to); i = next.Add(1) - 1 {
			if err := f(ctx, int(i)); err != nil {
				return err
			}
		}
		return nil
	})
}

// repeat lets callers call f until the time is up, and returns how long each
// call took.
func repeat(
	ctx context.Context, callers int, d time.Duration, f func(ctx context.Context, caller, n int) error,
) ([]time.Duration, error) {
	took := make([][]time.Duration, callers)
	err := together(ctx, callers, func(ctx context.Context, caller int) (err error) {
		n := -1
		took[caller], err = repeatAlone(d, func() error {
			n++
			return f(ctx, caller, n)
		})
		return err
	})
	return slices.Concat(took...), err
}

// repeatAlone is repeat for one caller.
func repeatAlone(d time.Duration, f func() error) ([]time.Duration, error) {
	var took []time.Duration
	for end := time.Now().Add(d); ; {
		began := time.Now()
		if began.After(end) {
			return took, nil
		}
		if err := f(); err != nil {
			return took, err
		}
		took = append(took, time.Since(began))
	}
}

// together runs f n times at once, and returns the first error.
func together(ctx context.Context, n int, f func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			if err := f(ctx, i); err != nil {
				cancel(err)
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}
