package kafka

import (
	"testing"
	"time"
)

func BenchmarkExecute(b *testing.B) {
	for _, callers := range []int{1, 64, 512} {
		b.Run(Account(callers), func(b *testing.B) {
			c, err := Start(b.Context(), 4)
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
	c, err := Start(b.Context(), 4)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	if err := c.Fill(b.Context(), 1000, events); err != nil {
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
