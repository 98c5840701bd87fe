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
