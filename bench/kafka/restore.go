package kafka

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"

	benchv1 "github.com/esgen-dev/esgen/bench/gen/bench/v1"
	"github.com/esgen-dev/esgen/bench/replay"
	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
)

// Fill stores events until there are as many as wanted. Those that are there
// were stored by Fill, for as many accounts.
func (c *Cluster) Fill(ctx context.Context, accounts, have, want int) error {
	engine, err := c.Open()
	if err != nil {
		return err
	}
	defer engine.Close()
	return grow(ctx, benchv1.NewAccountAggregate(engine, replay.Account{}), accounts, have, want)
}

// Feed folds the feed of all accounts into their states.
func (c *Cluster) Feed(ctx context.Context) (time.Duration, error) {
	engine, err := c.Open()
	if err != nil {
		return 0, err
	}
	defer engine.Close()
	typ := benchv1.AccountType(replay.Account{})
	states := make(map[string]proto.Message)
	began := time.Now()
	for ev, err := range engine.Reader(typ).Feed(ctx, es.Start(), es.FeedOptions{}) {
		if err != nil {
			return 0, err
		}
		state := states[ev.AggregateID]
		if state == nil {
			state = typ.NewState()
			states[ev.AggregateID] = state
		}
		typ.Apply(ev.Meta, state, ev.Event)
	}
	return time.Since(began), nil
}

// restores remembers the restores of all partitions.
type restores struct {
	kafka.NoObserver

	mu  sync.Mutex
	all []kafka.Restore
}

// Restored implements [kafka.Observer].
func (r *restores) Restored(_ kafka.Partition, restore kafka.Restore) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, restore)
}

// Takeover is what it costs to begin to serve.
type Takeover struct {
	Took              time.Duration // until all partitions served, from Open on
	Restore           time.Duration // of the slowest partition
	Events            int           // read behind checkpoints
	Aggregates        int
	BytesPerAggregate int
	Cold              time.Duration // to load one aggregate that is not in memory
}

// TakeOver opens an engine and waits until it serves every partition.
func (c *Cluster) TakeOver(ctx context.Context, cold string) (Takeover, error) {
	seen := new(restores)
	before := heap()
	began := time.Now()
	engine, err := c.Open(kafka.Observe(seen))
	if err != nil {
		return Takeover{}, err
	}
	defer engine.Close()
	a := benchv1.NewAccountAggregate(engine, replay.Account{})
	for i := 0; ; i++ { // what is not there is answered at once by whoever serves
		if _, err := a.Load(ctx, fmt.Sprintf("nobody-%d", i)); !errors.Is(err, es.ErrNotFound) {
			return Takeover{}, fmt.Errorf("loading nobody: %w", err)
		}
		seen.mu.Lock()
		n := len(seen.all)
		seen.mu.Unlock()
		if n == c.Partitions {
			break
		}
	}
	t := Takeover{Took: time.Since(began)}
	for _, r := range seen.all {
		t.Restore = max(t.Restore, r.Took)
		t.Events += r.Events
		t.Aggregates += r.Aggregates
	}
	t.BytesPerAggregate = int(heap()-before) / max(1, t.Aggregates)
	began = time.Now()
	_, err = a.Load(ctx, cold)
	t.Cold = time.Since(began)
	return t, err
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
