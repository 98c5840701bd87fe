package kafka_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
)

// TestProject_rebalance lets members come and go, by both protocols, while
// events are stored.
func TestProject_rebalance(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]kafka.Option{
		"cooperative": nil,
		"KIP-848":     {kafka.ServerSideAssignment()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t, 1, 6, quickGroups()...)
			s := newTable()
			writer := c.process(t)
			first := c.consumer(t, projecting(s, s.Handle, kafka.BatchSize(3)), opts...)
			writer.fill(t, "first", 30)
			s.await(t, 20)

			var took atomic.Bool
			second := c.consumer(t, projecting(s, func(ctx context.Context, b batch) error {
				took.Store(true)
				return s.Handle(ctx, b)
			}), opts...)
			for round := 0; !took.Load(); round++ {
				writer.fill(t, fmt.Sprintf("round %d", round), 10)
				time.Sleep(10 * time.Millisecond)
			}
			if err := first.stop(t); !errors.Is(err, context.Canceled) {
				t.Errorf("the first consumer ended with %v, want that its context was cancelled", err)
			}
			writer.fill(t, "last", 30)
			s.wantOnce(t, c)
			if err := second.Close(); err != nil {
				t.Fatal(err)
			}
			if err := second.result(t); !errors.Is(err, es.ErrClosed) {
				t.Errorf("the second consumer ended with %v, want ErrClosed", err)
			}
		})
	}
}

var errCrash = errors.New("crash")

// TestProject_crash lets a process die before and behind the commit of a
// transaction. In the store of the next one each event is there once.
func TestProject_crash(t *testing.T) {
	t.Parallel()
	for name, commits := range map[string]bool{"before the commit": false, "behind the commit": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t, 1, 2)
			c.process(t).fill(t, "one", 20)
			s := newTable()
			doomed, dead := make(chan *running, 1), make(chan struct{})
			die := sync.OnceFunc(func() {
				first := <-doomed
				first.link.freeze() // nobody hears of it any more
				first.end()
				close(dead)
			})
			doomed <- c.consumer(t, projecting(s, func(ctx context.Context, b batch) error {
				if commits {
					if err := s.Handle(ctx, b); err != nil {
						return err
					}
				}
				die()
				return errCrash
			}, kafka.BatchSize(3)), mortal())
			<-dead
			c.project(t, s, s.Handle)
			s.wantOnce(t, c)
		})
	}
}

// TestProject_doubt lets a store fail, now and then, when it has stored a batch
// and when it has not.
func TestProject_doubt(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 2)
	c.process(t).fill(t, "one", 20)
	s := newTable()
	var calls atomic.Int32
	doubt := func() error {
		if calls.Add(1)%5 == 0 {
			return errCrash
		}
		return nil
	}
	c.project(t, s, func(ctx context.Context, b batch) error {
		if err := doubt(); err != nil {
			return err
		}
		if err := s.Handle(ctx, b); err != nil {
			return err
		}
		return doubt()
	}, kafka.BatchSize(4))
	s.wantOnce(t, c)
}

// TestProject_zombie lets a process that was put out of its group end its
// transaction when another one has handled the same events.
func TestProject_zombie(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 1)
	c.process(t).fill(t, "one", 10)
	s := newTable()
	begun, resume, outcome := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	zombie := c.consumer(t, projecting(s, func(ctx context.Context, b batch) error {
		close(begun)
		<-resume
		err := s.Handle(ctx, b)
		outcome <- err
		return err
	}), mortal())
	<-begun
	zombie.link.freeze()
	c.project(t, s, s.Handle)
	s.await(t, 10)
	close(resume)
	if err := <-outcome; !errors.Is(err, kafka.ErrStale) {
		t.Errorf("the zombie's transaction ended with %v, want ErrStale", err)
	}
	s.wantOnce(t, c)
}

// TestProject_busy takes a partition from a handler that is in the middle of a
// batch. It hears of it, and the next one has the events to itself.
func TestProject_busy(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 2)
	c.process(t).fill(t, "one", 20)
	s := newTable()
	var busy sync.WaitGroup
	var heard atomic.Int32
	busy.Add(2)
	first := c.project(t, s, func(ctx context.Context, _ batch) error {
		busy.Done()
		<-ctx.Done()
		heard.Add(1)
		return ctx.Err()
	})
	busy.Wait() // with both partitions
	c.project(t, s, func(ctx context.Context, b batch) error {
		if heard.Load() == 0 {
			t.Error("a partition is handled here, and the handler there has not heard of it")
		}
		return s.Handle(ctx, b)
	})
	s.await(t, 1)
	first.end()
	s.wantOnce(t, c)
}

// TestProject_slow lets a handler take longer than the session of its group. It
// keeps its membership, and nobody else gets its partition.
func TestProject_slow(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 1)
	c.process(t).fill(t, "one", 10)
	s := newTable()
	begun := make(chan struct{})
	c.consumer(t, projecting(s, func(ctx context.Context, b batch) error {
		close(begun)
		time.Sleep(2 * time.Second)
		return s.Handle(ctx, b)
	}), kafka.Session(time.Second))
	<-begun
	c.project(t, s, func(context.Context, batch) error {
		t.Error("the partition was given to another one")
		return errCrash
	})
	s.wantOnce(t, c)
}
