package demand_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/es/memory"
	"github.com/esgen-dev/esgen/examples/shop/demand"
	shopv1 "github.com/esgen-dev/esgen/examples/shop/gen/shop/v1"
	"github.com/esgen-dev/esgen/examples/shop/orders"
	"github.com/esgen-dev/esgen/examples/shop/stock"
)

// fixture is a shop and what reads it.
type fixture struct {
	t      *testing.T
	engine *memory.Engine
	orders *shopv1.OrderAggregate
	stock  *shopv1.StockItemAggregate
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	engine := memory.New()
	return &fixture{
		t:      t,
		engine: engine,
		orders: shopv1.NewOrderAggregate(engine, orders.Order{}),
		stock:  shopv1.NewStockItemAggregate(engine, stock.Item{}),
	}
}

func (f *fixture) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) catchUp(v *demand.View) []demand.Item {
	f.t.Helper()
	orderReader := shopv1.NewOrderReader(f.engine, orders.Order{})
	_, err := v.CatchUp(f.t.Context(), orderReader, shopv1.NewStockItemReader(f.engine))
	f.must(err)
	return v.Rows()
}

// move takes six mugs of nine from the shelf, one of them without a reservation.
// Eight more are asked for in vain.
func (f *fixture) move() {
	f.t.Helper()
	ctx := f.t.Context()
	_, err := f.stock.ReceiveStock(ctx, &shopv1.ReceiveStock{Sku: "mug", Quantity: 9})
	f.must(err)
	_, err = f.stock.ReserveStock(ctx, &shopv1.ReserveStock{Sku: "mug", OrderId: "o", Quantity: 5})
	f.must(err)
	_, err = f.stock.ReserveStock(ctx, &shopv1.ReserveStock{Sku: "mug", OrderId: "p", Quantity: 8})
	f.must(err)
	_, err = f.stock.PickStock(ctx, &shopv1.PickStock{Sku: "mug", OrderId: "o", Quantity: 5})
	f.must(err)
	_, err = f.stock.PickStock(ctx, &shopv1.PickStock{Sku: "mug", OrderId: "q", Quantity: 1})
	f.must(err)
}

// order sells three mugs.
func (f *fixture) order() {
	f.t.Helper()
	ctx := f.t.Context()
	_, err := f.orders.PlaceOrder(ctx, &shopv1.PlaceOrder{
		OrderId: "o", Lines: []*shopv1.Line{{Sku: "mug", Quantity: 3, UnitCents: 12_00}},
	})
	f.must(err)
	_, err = f.orders.PayOrder(ctx, &shopv1.PayOrder{OrderId: "o", AuthorizedCents: 36_00})
	f.must(err)
	_, err = f.orders.ShipOrder(ctx, &shopv1.ShipOrder{OrderId: "o"})
	f.must(err)
}

func TestView(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.move()
	f.order()
	got := f.catchUp(demand.New())
	want := []demand.Item{{SKU: "mug", Sold: 3, EarnedCents: 36_00, Available: 3, Missed: 4}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if got := got[0].Reorder(); got != 6 {
		t.Errorf("Reorder() = %d, want 6: 5 to have, 4 missed, 3 there", got)
	}
	item, err := f.stock.Load(t.Context(), "mug")
	f.must(err)
	if got, want := got[0].Available, stock.Available(item.State); got != want {
		t.Errorf("the view says that %d are available, the stock %d", got, want)
	}
}

func TestView_readBack(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.move()
	before := demand.New()
	f.catchUp(before)
	stored, err := json.Marshal(before)
	f.must(err)

	f.order()
	restored := demand.New()
	f.must(json.Unmarshal(stored, restored))
	if diff := cmp.Diff(f.catchUp(demand.New()), f.catchUp(restored)); diff != "" {
		t.Errorf("a view that was stored half way differs from one built anew (-anew +stored):\n%s", diff)
	}
}

func TestItem_reorder(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		item demand.Item
		want int64
	}{
		"enough":       {demand.Item{Available: 5}, 0},
		"plenty":       {demand.Item{Available: 50}, 0},
		"none":         {demand.Item{}, 5},
		"discontinued": {demand.Item{Missed: 3, Discontinued: true}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.item.Reorder(); got != test.want {
				t.Errorf("Reorder() = %d, want %d", got, test.want)
			}
		})
	}
}
