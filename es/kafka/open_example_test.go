package kafka_test

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sr"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
)

func ExampleOpen() { //nolint:testableexamples // it takes a cluster
	registry, err := sr.NewClient(sr.URLs("http://registry:8081"))
	if err != nil {
		fmt.Println(err)
		return
	}
	engine, err := kafka.Open("bank",
		kafka.Client(kgo.SeedBrokers("kafka-1:9092", "kafka-2:9092")),
		kafka.Registry(registry, nil),
		kafka.Advertise("10.0.0.7:8443"),
		kafka.Logger(slog.Default()),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer engine.Close()
	ledgers := ledgerv1.NewLedgerAggregate(engine, ledgerv1.Behavior{})

	_, err = ledgers.OpenLedger(context.Background(), &ledgerv1.OpenLedger{LedgerId: "a"}, es.CommandID("open-a"))
	fmt.Println(err)
}
