package orders_test

import (
	"testing"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/estest"
	shopv1 "github.com/esgen-dev/esgen/examples/shop/gen/shop/v1"
	"github.com/esgen-dev/esgen/examples/shop/gen/shop/v1/shopv1test"
	"github.com/esgen-dev/esgen/examples/shop/orders"
)

func order(t *testing.T) *shopv1test.OrderKit {
	t.Helper()
	return shopv1test.Order(t, orders.Order{})
}

// placed is an order of two mugs and a teapot, for 59.00.
func placed() *shopv1.OrderPlaced {
	return &shopv1.OrderPlaced{ShipTo: &shopv1.Address{Name: "Ada"}, Lines: []*shopv1.Line{mugs(), teapot()}}
}

func mugs() *shopv1.Line   { return &shopv1.Line{Sku: "mug", Quantity: 2, UnitCents: 12_00} }
func teapot() *shopv1.Line { return &shopv1.Line{Sku: "teapot", Quantity: 1, UnitCents: 35_00} }

func TestPlaceOrder(t *testing.T) {
	t.Parallel()
	order(t).
		When(&shopv1.PlaceOrder{
			OrderId: "o", CustomerId: "c", Email: "ada@example.com",
			ShipTo: &shopv1.Address{Name: "Ada"}, Lines: []*shopv1.Line{mugs()},
		}).
		Then(&shopv1.OrderPlaced{
			CustomerId: "c", Email: "ada@example.com",
			ShipTo: &shopv1.Address{Name: "Ada"}, Lines: []*shopv1.Line{mugs()},
		}).
		ThenState(&shopv1.Order{
			Status: shopv1.Order_STATUS_PLACED,
			ShipTo: &shopv1.Address{Name: "Ada"},
			Lines:  map[string]*shopv1.Line{"mug": mugs()},
		})
}

func TestPlaceOrder_refused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		lines []*shopv1.Line
		want  error
	}{
		"of nothing":          {nil, orders.ErrNothingOrdered},
		"of no mugs":          {[]*shopv1.Line{{Sku: "mug"}}, orders.ErrBadLine},
		"of mugs, and mugs":   {[]*shopv1.Line{mugs(), mugs()}, orders.ErrItemTwice},
		"at a negative price": {[]*shopv1.Line{{Sku: "mug", Quantity: 1, UnitCents: -1}}, orders.ErrBadLine},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			order(t).When(&shopv1.PlaceOrder{OrderId: "o", Lines: test.lines}).ThenError(test.want)
		})
	}
}

func TestAddItem(t *testing.T) {
	t.Parallel()
	candles := &shopv1.Line{Sku: "candle", Quantity: 3, UnitCents: 4_50}
	order(t).
		Given(placed()).
		When(&shopv1.AddItem{OrderId: "o", Line: mugs()}).
		ThenError(orders.ErrItemTwice).
		When(&shopv1.AddItem{OrderId: "o", Line: candles}).
		Then(&shopv1.ItemAdded{Line: candles}).
		ThenState(&shopv1.Order{
			Status: shopv1.Order_STATUS_PLACED,
			ShipTo: &shopv1.Address{Name: "Ada"},
			Lines:  map[string]*shopv1.Line{"mug": mugs(), "teapot": teapot(), "candle": candles},
		})
}

func TestRemoveItem_butNotTheLast(t *testing.T) {
	t.Parallel()
	order(t).
		Given(placed()).
		When(&shopv1.RemoveItem{OrderId: "o", Sku: "tray"}).
		ThenError(orders.ErrNoSuchItem).
		When(&shopv1.RemoveItem{OrderId: "o", Sku: "mug"}).
		Then(&shopv1.ItemRemoved{Sku: "mug", Quantity: 2}).
		When(&shopv1.RemoveItem{OrderId: "o", Sku: "teapot"}).
		ThenError(orders.ErrLastItem)
}

func TestPayOrder_atTheSecondAttempt(t *testing.T) {
	t.Parallel()
	order(t).
		Given(placed()).
		When(&shopv1.PayOrder{OrderId: "o", AuthorizedCents: 58_99}).
		Then(&shopv1.PaymentDeclined{AuthorizedCents: 58_99, DueCents: 59_00}).
		When(&shopv1.PayOrder{OrderId: "o", AuthorizedCents: 60_00}).
		Then(&shopv1.OrderPaid{AmountCents: 59_00}).
		When(&shopv1.AddItem{OrderId: "o", Line: &shopv1.Line{Sku: "tray", Quantity: 1}}).
		ThenError(es.Precondition("ORDER_NOT_OPEN"))
}

func TestShipOrder(t *testing.T) {
	t.Parallel()
	order(t).
		Given(placed()).
		When(&shopv1.ShipOrder{OrderId: "o"}).
		ThenError(es.Precondition("ORDER_NOT_PAID")).
		When(&shopv1.PayOrder{OrderId: "o", AuthorizedCents: 59_00}).
		Then(&shopv1.OrderPaid{AmountCents: 59_00}).
		When(&shopv1.ShipOrder{OrderId: "o", Carrier: "Parcelpigeon"}).
		Then(&shopv1.OrderShipped{Carrier: "Parcelpigeon", Lines: []*shopv1.Line{mugs(), teapot()}})
}

func TestRequestReturn_untilThePeriodEnds(t *testing.T) {
	t.Parallel()
	arrival := estest.Epoch()
	delivered := func() *shopv1test.OrderKit {
		return order(t).
			Given(placed(), &shopv1.OrderPaid{AmountCents: 59_00}, &shopv1.OrderShipped{}).
			GivenAt(arrival, &shopv1.OrderDelivered{})
	}
	delivered().
		WhenAt(arrival.Add(orders.ReturnPeriod), &shopv1.RequestReturn{OrderId: "o", Reason: "too blue"}).
		Then(&shopv1.ReturnRequested{Reason: "too blue"}).
		When(&shopv1.RequestReturn{OrderId: "o"}).
		ThenError(es.Precondition("RETURN_REQUESTED"))
	delivered().
		WhenAt(arrival.Add(orders.ReturnPeriod+1000), &shopv1.RequestReturn{OrderId: "o"}).
		ThenError(orders.ErrTooLate)
}

func TestReceiveReturn_andRefund(t *testing.T) {
	t.Parallel()
	order(t).
		Given(placed(), &shopv1.OrderPaid{AmountCents: 59_00}, &shopv1.OrderShipped{}, &shopv1.OrderDelivered{}).
		When(&shopv1.ReceiveReturn{OrderId: "o"}).
		ThenError(es.Precondition("RETURN_NOT_REQUESTED")).
		When(&shopv1.RequestReturn{OrderId: "o"}).
		Then(&shopv1.ReturnRequested{}).
		When(&shopv1.ReceiveReturn{OrderId: "o"}).
		Then(&shopv1.OrderReturned{Lines: []*shopv1.Line{mugs(), teapot()}}).
		When(&shopv1.RefundOrder{OrderId: "o", AmountCents: 50_00}).
		Then(&shopv1.OrderRefunded{AmountCents: 50_00}).
		When(&shopv1.RefundOrder{OrderId: "o", AmountCents: 9_01}).
		ThenError(orders.ErrBadRefund).
		ThenState(&shopv1.Order{
			Status:      shopv1.Order_STATUS_RETURNED,
			ShipTo:      &shopv1.Address{Name: "Ada"},
			Lines:       map[string]*shopv1.Line{"mug": mugs(), "teapot": teapot()},
			PaidCents:   9_00,
			DeliveredAt: timestamppb.New(estest.Epoch()),
		})
}

func TestCancelOrder(t *testing.T) {
	t.Parallel()
	order(t).
		Given(placed()).
		When(&shopv1.CancelOrder{OrderId: "o", Reason: "too dear"}).
		Then(&shopv1.OrderCancelled{Reason: "too dear", Lines: []*shopv1.Line{mugs(), teapot()}}).
		When(&shopv1.CancelOrder{OrderId: "o"}).
		ThenError(es.Precondition("ORDER_CANCELLED"))
}

func TestCancelOrder_whenPaid(t *testing.T) {
	t.Parallel()
	order(t).
		Given(placed(), &shopv1.OrderPaid{AmountCents: 59_00}).
		When(&shopv1.CancelOrder{OrderId: "o"}).
		Then(
			&shopv1.OrderCancelled{Lines: []*shopv1.Line{mugs(), teapot()}},
			&shopv1.OrderRefunded{AmountCents: 59_00},
		)
}

func TestCancelOrder_onItsWay(t *testing.T) {
	t.Parallel()
	order(t).
		Given(placed(), &shopv1.OrderPaid{AmountCents: 59_00}, &shopv1.OrderShipped{}).
		When(&shopv1.CancelOrder{OrderId: "o"}).
		ThenError(es.Precondition("ORDER_SHIPPED"))
}

func TestEventsOfLastYear(t *testing.T) {
	t.Parallel()
	order(t).
		Given(placed()).
		GivenStored(
			&shopv1.OrderViewed{Page: "/orders/o"},
			&shopv1.ItemSwapped{FromSku: "mug", ToSku: "candle", Quantity: 2, ToUnitCents: 4_50},
		).
		ThenState(&shopv1.Order{
			Status: shopv1.Order_STATUS_PLACED,
			ShipTo: &shopv1.Address{Name: "Ada"},
			Lines: map[string]*shopv1.Line{
				"teapot": teapot(),
				"candle": {Sku: "candle", Quantity: 2, UnitCents: 4_50},
			},
		})
}
