package stock_test

import (
	"testing"

	"github.com/esgen-dev/esgen/es"
	shopv1 "github.com/esgen-dev/esgen/examples/shop/gen/shop/v1"
	"github.com/esgen-dev/esgen/examples/shop/gen/shop/v1/shopv1test"
	"github.com/esgen-dev/esgen/examples/shop/stock"
)

func item(t *testing.T) *shopv1test.StockItemKit {
	t.Helper()
	return shopv1test.StockItem(t, stock.Item{})
}

func TestReceiveStock(t *testing.T) {
	t.Parallel()
	item(t).
		When(&shopv1.ReceiveStock{Sku: "mug", Quantity: 10}).
		Then(&shopv1.StockReceived{Quantity: 10}).
		When(&shopv1.ReceiveStock{Sku: "mug", Quantity: 2}).
		Then(&shopv1.StockReceived{Quantity: 2}).
		ThenState(&shopv1.StockItem{OnHand: 12})
}

func TestReceiveStock_ofNothing(t *testing.T) {
	t.Parallel()
	item(t).When(&shopv1.ReceiveStock{Sku: "mug"}).ThenError(stock.ErrBadQuantity)
}

func TestReserveStock_downToTheLast(t *testing.T) {
	t.Parallel()
	item(t).
		Given(&shopv1.StockReceived{Quantity: 5}, &shopv1.StockReserved{OrderId: "a", Quantity: 2}).
		When(&shopv1.ReserveStock{Sku: "mug", OrderId: "b", Quantity: 4}).
		Then(&shopv1.ReservationDeclined{OrderId: "b", Quantity: 4, Available: 3}).
		When(&shopv1.ReserveStock{Sku: "mug", OrderId: "c", Quantity: 3}).
		Then(&shopv1.StockReserved{OrderId: "c", Quantity: 3}).
		ThenState(&shopv1.StockItem{OnHand: 5, Reserved: map[string]int64{"a": 2, "c": 3}})
}

func TestReserveStock_ofWhatNeverCameIn(t *testing.T) {
	t.Parallel()
	item(t).
		When(&shopv1.ReserveStock{Sku: "tray", OrderId: "a", Quantity: 1}).
		Then(&shopv1.ReservationDeclined{OrderId: "a", Quantity: 1})
}

func TestReleaseStock(t *testing.T) {
	t.Parallel()
	item(t).
		Given(&shopv1.StockReceived{Quantity: 5}, &shopv1.StockReserved{OrderId: "a", Quantity: 2}).
		When(&shopv1.ReleaseStock{Sku: "mug", OrderId: "a"}).
		Then(&shopv1.StockReleased{OrderId: "a", Quantity: 2}).
		When(&shopv1.ReleaseStock{Sku: "mug", OrderId: "a"}).
		ThenNothing().
		ThenState(&shopv1.StockItem{OnHand: 5})
}

func TestPickStock(t *testing.T) {
	t.Parallel()
	item(t).
		Given(&shopv1.StockReceived{Quantity: 5}, &shopv1.StockReserved{OrderId: "a", Quantity: 2}).
		When(&shopv1.PickStock{Sku: "mug", OrderId: "a", Quantity: 2}).
		Then(&shopv1.StockPicked{OrderId: "a", Quantity: 2, Reserved: 2}).
		When(&shopv1.PickStock{Sku: "mug", OrderId: "unreserved", Quantity: 1}).
		Then(&shopv1.StockPicked{OrderId: "unreserved", Quantity: 1}).
		ThenState(&shopv1.StockItem{OnHand: 2})
}

func TestDiscontinueItem(t *testing.T) {
	t.Parallel()
	item(t).
		When(&shopv1.DiscontinueItem{Sku: "mug"}).
		ThenError(es.ErrNotFound).
		When(&shopv1.ReceiveStock{Sku: "mug", Quantity: 1}).
		Then(&shopv1.StockReceived{Quantity: 1}).
		When(&shopv1.DiscontinueItem{Sku: "mug"}).
		Then(&shopv1.ItemDiscontinued{}).
		When(&shopv1.ReceiveStock{Sku: "mug", Quantity: 1}).
		ThenError(es.Precondition("ITEM_DISCONTINUED"))
}
