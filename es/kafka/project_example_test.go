package kafka_test

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/topics"
)

// balances is a read model with its store, here in memory. In a database, what
// Handle does is one transaction, and reads the progress FOR UPDATE.
type balances struct {
	mu       sync.Mutex
	rows     map[string]int64
	progress map[int32]kafka.Progress
}

// Progress implements [kafka.Projection].
func (b *balances) Progress(_ context.Context, partition int32) (kafka.Progress, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.progress[partition], nil
}

// Handle implements [kafka.Projection].
func (b *balances) Handle(_ context.Context, batch kafka.Batch[ledgerv1.LedgerEvent]) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := batch.Check(b.progress[batch.Partition.ID]); err != nil {
		return err
	}
	for _, ev := range batch.Events {
		if posted, ok := ev.Event.(*ledgerv1.Posted); ok {
			b.rows[ev.AggregateID] += posted.GetEntry().GetAmount()
		}
	}
	b.progress[batch.Partition.ID] = batch.Progress
	return nil
}

func (b *balances) of(id string) int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.rows[id]
}

// A read model that has the effect of each event exactly once, in any number of
// processes, and that shows a command's effect to whoever waits for it.
func ExampleProject() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	engine, closeAll, err := local(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer closeAll()

	ledger := ledgerv1.LedgerType(ledgerv1.Behavior{})
	view := &balances{rows: map[string]int64{}, progress: map[int32]kafka.Progress{}}
	ended := make(chan error, 1)
	go func() {
		ended <- kafka.Project(ctx, engine, "balances", ledger, view)
	}()

	ledgers := engine.Bind(ledger)
	for _, c := range []ledgerv1.LedgerCommand{
		&ledgerv1.OpenLedger{LedgerId: "a"},
		&ledgerv1.Post{LedgerId: "a", Entry: &ledgerv1.Entry{Amount: 50}},
		&ledgerv1.Post{LedgerId: "a", Entry: &ledgerv1.Entry{Amount: -8}},
	} {
		res, err := es.Execute[ledgerv1.LedgerEvent](ctx, ledgers, c, nil)
		if err == nil {
			err = kafka.WaitFor(ctx, view, res.Position)
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(view.of("a"))
	}
	cancel()
	fmt.Println(errors.Is(<-ended, context.Canceled))
	// Output:
	// 0
	// 50
	// 42
	// true
}

// local returns an engine on a Kafka in this process.
func local(ctx context.Context) (engine *kafka.Engine, closeAll func(), err error) {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1))
	if err != nil {
		return nil, nil, err
	}
	brokers := kgo.SeedBrokers(cluster.ListenAddrs()...)
	client, err := kgo.NewClient(brokers)
	if err != nil {
		return nil, cluster.Close, err
	}
	defer client.Close()
	if err := makeTopics(ctx, client, 4); err != nil {
		return nil, cluster.Close, err
	}
	engine, err = kafka.Open("example", kafka.Client(brokers), kafka.Profile(topics.SingleBroker()))
	return engine, func() { _ = engine.Close(); cluster.Close() }, err
}
