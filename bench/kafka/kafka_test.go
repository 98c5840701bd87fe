package kafka

import (
	"testing"
	"time"
)

// start starts a kfake.
func start(t *testing.T) *Cluster {
	t.Helper()
	c, err := Start(t.Context(), nil, 2)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// TestCommands lets all contenders commit something.
func TestCommands(t *testing.T) {
	t.Parallel()
	c := start(t)
	if got, err := c.Execute(t.Context(), 4, 10, 50*time.Millisecond); err != nil || got.PerSecond == 0 || got.Batch < 1 {
		t.Errorf("commands: %+v, %v", got, err)
	}
	if got, err := c.Produce(t.Context(), 3, 2, 50*time.Millisecond); err != nil || got.PerSecond == 0 {
		t.Errorf("raw transactions: %+v, %v", got, err)
	}
	if got, err := c.Await(t.Context(), 4, 50*time.Millisecond); err != nil || got.PerSecond == 0 || got.Batch < 1 {
		t.Errorf("raw transactions that are waited for: %+v, %v", got, err)
	}
}

// TestReading reads what was stored in two steps, and takes it over: all of it
// only where checkpoints are gone, and after that it can be added to.
func TestReading(t *testing.T) {
	t.Parallel()
	c := start(t)
	const accounts, events = 10, 200
	for have := 0; have < events; have += events / 2 {
		if err := c.Fill(t.Context(), accounts, have, have+events/2); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Feed(t.Context()); err != nil {
		t.Error(err)
	}
	for _, unmarshal := range []bool{false, true} {
		if _, err := c.Consume(t.Context(), events, unmarshal); err != nil {
			t.Error(err)
		}
	}
	if got, err := c.TakeOver(t.Context(), Account(3)); err != nil || got.Aggregates != accounts {
		t.Errorf("takeover: %+v, %v", got, err)
	}
	if err := c.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := c.TakeOver(t.Context(), Account(3)); err != nil || got.Aggregates != accounts || got.Events < events {
		t.Errorf("takeover without checkpoints: %+v, %v", got, err)
	}
	if err := c.Fill(t.Context(), accounts, events, events+1); err != nil {
		t.Error(err)
	}
}

func BenchmarkExecute(b *testing.B) {
	for _, callers := range []int{1, 64, 512} {
		b.Run(Account(callers), func(b *testing.B) {
			c, err := Start(b.Context(), nil, 4)
			if err != nil {
				b.Fatal(err)
			}
			defer c.Close()
			got, err := c.Execute(b.Context(), callers, 1000, 3*time.Second)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(got.PerSecond, "events/s")
			b.ReportMetric(got.Batch, "events/txn")
		})
	}
}

func BenchmarkRead(b *testing.B) {
	const events = 300_000
	c, err := Start(b.Context(), nil, 4)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	if err := c.Fill(b.Context(), 1000, 0, events); err != nil {
		b.Fatal(err)
	}
	for name, read := range map[string]func() (time.Duration, error){
		"feed": func() (time.Duration, error) { return c.Feed(b.Context()) },
		"raw":  func() (time.Duration, error) { return c.Consume(b.Context(), events, true) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := read(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*events), "ns/event")
		})
	}
}
