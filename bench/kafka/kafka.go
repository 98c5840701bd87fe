// Package kafka measures the Kafka engine beside raw franz-go on the same
// cluster in the same run: kfake, unless told otherwise.
//
//   - Commands: callers execute commands of one event each, on accounts spread
//     over all partitions. Beside it stand raw transactional producers, one for
//     each partition, that commit records of the same size in batches of the
//     size that the engine came to by itself. They decide nothing, and nobody
//     waits for an answer.
//   - Replay: the feed is folded into a state for each account. Beside it
//     stands a raw consumer that unmarshals each event, and one that does not.
//   - Takeover, the way back of a cold aggregate, and memory.
//
// kfake keeps everything in memory of the same process and answers at once, so
// the figures compare programs; they say nothing about a cluster.
package kafka

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	benchv1 "github.com/esgen-dev/esgen/bench/gen/bench/v1"
	"github.com/esgen-dev/esgen/bench/replay"
	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/topics"
)

// Cluster is a Kafka with the topics of the accounts.
type Cluster struct {
	Brokers    []string
	Partitions int

	fake *kfake.Cluster
}

// Start makes the topics of the accounts anew on the brokers, or in this
// process where no brokers are given.
func Start(ctx context.Context, brokers []string, partitions int) (*Cluster, error) {
	if len(brokers) > 0 {
		c := &Cluster{Brokers: brokers, Partitions: partitions}
		return c, errors.Join(c.dropTopics(ctx), c.makeTopics(ctx))
	}
	fake, err := kfake.NewCluster(kfake.NumBrokers(1))
	if err != nil {
		return nil, fmt.Errorf("kfake: %w", err)
	}
	c := &Cluster{Brokers: fake.ListenAddrs(), Partitions: partitions, fake: fake}
	if err := c.makeTopics(ctx); err != nil {
		fake.Close()
		return nil, err
	}
	return c, nil
}

// Close stops what Start started.
func (c *Cluster) Close() {
	if c.fake != nil {
		c.fake.Close()
	}
}

// dropTopics removes what an earlier run left.
func (c *Cluster) dropTopics(ctx context.Context) error {
	client, err := c.client()
	if err != nil {
		return err
	}
	defer client.Close()
	admin := kadm.NewClient(client)
	there, err := admin.ListTopics(ctx)
	if err != nil {
		return err
	}
	there.FilterInternal()
	var names []string
	for _, name := range there.Names() {
		if strings.HasPrefix(name, spec().Topic) || strings.HasPrefix(name, rawTopic) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	deleted, err := admin.DeleteTopics(ctx, names...)
	return errors.Join(err, deleted.Error())
}

func (c *Cluster) makeTopics(ctx context.Context) error {
	client, err := c.client()
	if err != nil {
		return err
	}
	defer client.Close()
	wanted, err := topics.Wanted([]topics.Aggregate{
		{Topic: spec().Topic, Partitions: c.Partitions}, {Topic: rawTopic, Partitions: c.Partitions},
	}, topics.SingleBroker())
	if err != nil {
		return err
	}
	admin := kadm.NewClient(client)
	plan, err := topics.MakePlan(ctx, admin, wanted, topics.Options{})
	if err != nil {
		return err
	}
	return topics.Apply(ctx, admin, plan, func(topics.Step) {})
}

func (c *Cluster) client(opts ...kgo.Opt) (*kgo.Client, error) {
	return kgo.NewClient(append(opts, kgo.SeedBrokers(c.Brokers...))...)
}

func spec() *es.Spec { return benchv1.AccountType(replay.Account{}).Spec() }

// Open opens an engine on the cluster.
func (c *Cluster) Open(opts ...kafka.Option) (*kafka.Engine, error) {
	return kafka.Open("bench", append([]kafka.Option{
		kafka.Client(kgo.SeedBrokers(c.Brokers...)),
		kafka.Profile(topics.SingleBroker()), kafka.Override(topics.Partitions),
	}, opts...)...)
}

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

	transactions, events atomic.Int64
}

// Committed implements [kafka.Observer].
func (c *commits) Committed(_ kafka.Partition, commit kafka.Commit) {
	if commit.Err == nil {
		c.transactions.Add(1)
		c.events.Add(int64(commit.Events))
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
	booked := benchv1.NewAccountAggregate(engine, replay.Account{})
	if err := OpenAccounts(ctx, booked, accounts); err != nil {
		return Commands{}, err
	}
	counts.transactions.Store(0)
	counts.events.Store(0)
	latencies, err := repeat(ctx, callers, d, func(ctx context.Context, caller, n int) error {
		_, err := booked.Book(ctx, Booking(Account((n*callers+caller)%accounts)))
		return err
	})
	return Commands{
		PerSecond: float64(len(latencies)) / d.Seconds(),
		Median:    Median(latencies),
		P99:       quantile(latencies, 0.99),
		Batch:     float64(counts.events.Load()) / float64(max(1, counts.transactions.Load())),
	}, err
}

// Account returns the id of an account.
func Account(n int) string { return "account-" + strconv.Itoa(n) }

// Booking returns a command for an account.
func Booking(id string) *benchv1.Book {
	return &benchv1.Book{
		AccountId: id, AmountCents: 100, Currency: "EUR", Reference: "booking-000001", Channel: "card", ValueDate: 1_767_225_600,
	}
}

// OpenAccounts opens accounts that are not there yet.
func OpenAccounts(ctx context.Context, a *benchv1.AccountAggregate, n int) error {
	return each(ctx, n, func(ctx context.Context, i int) error {
		_, err := a.OpenAccount(ctx, &benchv1.OpenAccount{AccountId: Account(i), Owner: "Ada Lovelace", Currency: "EUR"})
		if errors.Is(err, es.ErrExists) {
			return nil
		}
		return err
	})
}

// each calls f for the numbers below n, many at a time.
func each(ctx context.Context, n int, f func(ctx context.Context, i int) error) error {
	var next atomic.Int64
	return together(ctx, min(n, 1024), func(ctx context.Context, _ int) error {
		for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
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
	end := time.Now().Add(d)
	err := together(ctx, callers, func(ctx context.Context, caller int) error {
		for n := 0; ; n++ {
			began := time.Now()
			if began.After(end) {
				return nil
			}
			if err := f(ctx, caller, n); err != nil {
				return err
			}
			took[caller] = append(took[caller], time.Since(began))
		}
	})
	var all []time.Duration
	for _, t := range took {
		all = append(all, t...)
	}
	return all, err
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
