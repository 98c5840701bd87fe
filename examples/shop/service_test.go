package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/topics"
	"github.com/esgen-dev/esgen/examples/internal/proctest"
	shopv1 "github.com/esgen-dev/esgen/examples/shop/gen/shop/v1"
	"github.com/esgen-dev/esgen/examples/shop/orders"
	"github.com/esgen-dev/esgen/examples/shop/reservations"
)

// TestCrash kills one of two processes of the shop after the other, one of which
// carries facts from the orders to the stock, and audits both logs.
func TestCrash(t *testing.T) {
	t.Parallel()
	_, brokers := proctest.StartKafka(t)
	addresses := []string{proctest.FreeAddress(t), proctest.FreeAddress(t)}
	start := func(address string, args ...string) *proctest.Process {
		return proctest.Start(t, "shop", append(args, "-engine", "kafka", "-brokers", brokers, "-session", "1s", "-serve", address)...)
	}
	carrier := start(addresses[0], "-reservations", filepath.Join(t.TempDir(), "cursor"))
	processes := []*proctest.Process{carrier, start(addresses[1])}
	clients := proctest.StartCrowd(t, 6, anything, addresses...)
	for _, p := range processes {
		clients.Progress(10)
		p.Kill()
		clients.Progress(10)
		p.Restart()
	}
	clients.Progress(10)
	history := clients.Stop()
	placed := proctest.ReadLog(t, brokers, "shop.v1.order")
	for _, err := range proctest.Audit(placed, history) {
		t.Errorf("orders: %v", err)
	}
	sent := answers(t, brokers)
	stored := awaitStock(t, brokers, sent)
	for _, err := range proctest.Audit(stored, proctest.History{Sent: sent}) {
		t.Errorf("stock: %v", err)
	}
	t.Logf("%v; %d events of orders, %d of items", history, len(placed), len(stored))
}

// anything is what somebody wants of one of forty orders. Some of it will be
// refused.
func anything(random *rand.Rand) proctest.Command {
	id := fmt.Sprintf("order-%d", random.IntN(40))
	var c shopv1.OrderCommand
	switch random.IntN(5) {
	case 0:
		c = &shopv1.PayOrder{OrderId: id, AuthorizedCents: 100_00}
	case 1:
		c = &shopv1.ShipOrder{OrderId: id, Carrier: "Parcelpigeon"}
	case 2:
		c = &shopv1.AddItem{OrderId: id, Line: &shopv1.Line{Sku: fmt.Sprintf("item-%d", random.IntN(9)), Quantity: 1, UnitCents: 5_00}}
	case 3:
		c = &shopv1.PlaceOrder{OrderId: id, Lines: []*shopv1.Line{{Sku: "mug", Quantity: 2, UnitCents: 12_00}}}
	default:
		c = &shopv1.CancelOrder{OrderId: id}
	}
	return proctest.Command{Path: "orders", Message: c}
}

// answers returns what has to be sent to the stock, by command id: it lets the
// process that sends it run once more, from the beginning.
func answers(t *testing.T, brokers string) map[string]proctest.Command {
	t.Helper()
	engine, err := kafka.Open("audit", kafka.Client(kgo.SeedBrokers(brokers)), kafka.Profile(topics.SingleBroker()))
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	sent := recorder{}
	process := reservations.New(shopv1.NewOrderReader(engine, orders.Order{}), sent, es.Start())
	if _, err := process.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	return sent
}

// recorder keeps commands in place of executing them.
type recorder map[string]proctest.Command

func (r recorder) Execute(
	_ context.Context, c shopv1.StockItemCommand, opts ...es.CommandOption,
) (es.Result[shopv1.StockItemEvent], error) {
	r[es.NewCommandOptions(opts...).CommandID] = proctest.Command{Path: "stock", Message: c}
	return es.Result[shopv1.StockItemEvent]{}, nil
}

// awaitStock reads the log of the stock when everything is in it that leads to
// an event: a release may find nothing to release.
func awaitStock(t *testing.T, brokers string, sent map[string]proctest.Command) []proctest.Stored {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		log := proctest.ReadLog(t, brokers, "shop.v1.stock-item")
		there := map[string]bool{}
		for _, s := range log {
			there[s.CommandID] = true
		}
		missing := 0
		for id, c := range sent {
			if _, release := c.Message.(*shopv1.ReleaseStock); !release && !there[id] {
				missing++
			}
		}
		switch {
		case missing == 0:
			return log
		case time.Now().After(deadline):
			t.Fatalf("%d of %d commands did not reach the stock", missing, len(sent))
		}
	}
}
