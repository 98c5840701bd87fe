package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/kafkadev"
	"github.com/esgen-dev/esgen/examples/internal/proctest"
	shopv1 "github.com/esgen-dev/esgen/examples/shop/gen/shop/v1"
	"github.com/esgen-dev/esgen/examples/shop/orders"
	"github.com/esgen-dev/esgen/examples/shop/stock"
)

func specs() []*es.Spec {
	return []*es.Spec{shopv1.OrderType(orders.Order{}).Spec(), shopv1.StockItemType(stock.Item{}).Spec()}
}

func TestMain(m *testing.M) { proctest.Main(m, map[string]func(){"shop": main}, specs()...) }

// The story is printed in the README, so it has to be the same every time.
func TestRun_tellsTheStory(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("testdata/story.txt")
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := run(t.Context(), nil, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("the story has changed (-want +got):\n%s", diff)
	}
}

// On Kafka the story goes another way where orders meet: their events come in
// another order. It comes to the same end.
func TestRun_tellsTheStoryOnKafka(t *testing.T) {
	t.Parallel()
	cluster, err := kafkadev.Start(kafkadev.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	for _, spec := range specs() {
		if err := cluster.CreateTopics(t.Context(), kafkadev.Aggregate(spec)); err != nil {
			t.Fatal(err)
		}
	}
	var got bytes.Buffer
	if err := run(t.Context(), []string{"-engine", "kafka", "-brokers", cluster.Addresses()[0]}, &got); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		"shipped with Parcelpigeon: 2x teapot at 35.00 (stored as shop.v1.OrderDispatched)",
		"Carol's return after 20 days -> the return period is over",
		"candle  sold 33 for 135.00, returned 3, available  2, missed 0, buy 3",
		"stored, read back and caught up with 1 event",
		"64 events of a candle, 0 snapshot used, the state is the same: true",
	} {
		if !strings.Contains(got.String(), part) {
			t.Errorf("the story does not hold %q", part)
		}
	}
	if t.Failed() || strings.Contains(got.String(), "NOT REFUSED AS EXPECTED") {
		t.Errorf("it goes\n%s", got.String())
	}
}
