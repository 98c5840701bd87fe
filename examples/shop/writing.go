package main

import (
	"context"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	shopv1 "github.com/esgen-dev/esgen/examples/shop/gen/shop/v1"
	"github.com/esgen-dev/esgen/examples/shop/lastyear"
	"github.com/esgen-dev/esgen/examples/shop/orders"
	"github.com/esgen-dev/esgen/examples/shop/reservations"
)

func (s *story) lastYear(ctx context.Context) error {
	s.title("Last year, when things had other names")
	if err := s.tell(
		did(s.stock.ReceiveStock(ctx, &shopv1.ReceiveStock{Sku: "mug", Quantity: 10}, es.CommandID("delivery-80/mug"))),
		did(s.stock.ReceiveStock(ctx, &shopv1.ReceiveStock{Sku: "teapot", Quantity: 6}, es.CommandID("delivery-80/teapot"))),
		did(s.orders.PlaceOrder(ctx, &shopv1.PlaceOrder{
			OrderId: carols, CustomerId: "c-17", Email: "carol@example.com", ShipTo: &shopv1.Address{Name: "Carol"},
			Lines: []*shopv1.Line{{Sku: "mug", Quantity: 2, UnitCents: 12_00}},
		}, es.Actor("carol"))),
	); err != nil {
		return err
	}
	for _, e := range []proto.Message{
		&shopv1.OrderViewed{Page: "/orders/1"},
		&shopv1.ItemSwapped{FromSku: "mug", ToSku: "teapot", Quantity: 2, ToUnitCents: 35_00},
		&shopv1.OrderPaid{AmountCents: 70_00},
		&shopv1.OrderShipped{Carrier: "Parcelpigeon", Lines: []*shopv1.Line{{Sku: "teapot", Quantity: 2, UnitCents: 35_00}}},
	} {
		name, err := lastyear.Store(ctx, s.engine, carols, e)
		if err != nil {
			return err
		}
		s.line("%-7s  -  stored %s", carols, name)
	}
	s.clock.Pass(1, 0)
	return nil
}

func (s *story) today(ctx context.Context) error {
	s.title("Today")
	return s.tell(
		did(s.orders.PlaceOrder(ctx, &shopv1.PlaceOrder{
			OrderId: adas, CustomerId: "c-42", Email: "ada@example.com", ShipTo: &shopv1.Address{Name: "Ada"},
			Lines: []*shopv1.Line{
				{Sku: "mug", Quantity: 2, UnitCents: 12_00},
				{Sku: "teapot", Quantity: 1, UnitCents: 35_00},
			},
		}, es.Actor("ada"), es.CorrelationID("visit-9"))),
		did(s.orders.AddItem(ctx, &shopv1.AddItem{
			OrderId: adas, Line: &shopv1.Line{Sku: "candle", Quantity: 3, UnitCents: 4_50},
		}, es.Actor("ada"))),
		did(s.orders.RemoveItem(ctx, &shopv1.RemoveItem{OrderId: adas, Sku: "teapot"}, es.Actor("ada"))),
		did(s.orders.PayOrder(ctx, &shopv1.PayOrder{OrderId: adas, AuthorizedCents: 20_00}, es.Actor("ada"))),
		did(s.orders.PayOrder(ctx, &shopv1.PayOrder{OrderId: adas, AuthorizedCents: 50_00}, es.Actor("ada"))),
		did(s.orders.PlaceOrder(ctx, &shopv1.PlaceOrder{
			OrderId: bobs, CustomerId: "c-43", Email: "bob@example.com", ShipTo: &shopv1.Address{Name: "Bob"},
			Lines: []*shopv1.Line{
				{Sku: "teapot", Quantity: 8, UnitCents: 35_00},
				{Sku: "tray", Quantity: 2, UnitCents: 20_00},
			},
		}, es.Actor("bob"))),
		did(s.orders.PayOrder(ctx, &shopv1.PayOrder{OrderId: bobs, AuthorizedCents: 320_00}, es.Actor("bob"))),
	)
}

func (s *story) fromOrdersToStock(ctx context.Context) error {
	s.title("From the orders to the stock")
	first, err := s.reservations.CatchUp(ctx)
	if err != nil {
		return err
	}
	s.line("the process sent %d commands, %d of them duplicates", first.Sent, first.Duplicates)
	// One that crashed before it stored its cursor begins at the old one.
	forgetful := reservations.New(s.orderReader(), s.stock, es.Start())
	again, err := forgetful.CatchUp(ctx)
	if err != nil {
		return err
	}
	s.line("after a crash it sent %d commands, %d of them duplicates", again.Sent, again.Duplicates)
	return s.history(ctx, "teapot")
}

// history tells what happened to an item.
func (s *story) history(ctx context.Context, sku string) error {
	for ev, err := range s.stock.History(ctx, sku) {
		if err != nil {
			return err
		}
		s.line("%-7s %2d  %-35s command %.8s", sku, ev.Version, describe(ev.Event), ev.CommandID)
	}
	return nil
}

func (s *story) refusals(ctx context.Context) error {
	s.title("Refusals")
	s.refused("an order that is placed twice", es.ErrExists, did(s.orders.PlaceOrder(ctx,
		&shopv1.PlaceOrder{OrderId: adas, Lines: []*shopv1.Line{{Sku: "mug", Quantity: 1}}})))
	s.refused("an item for an order that is paid", es.Precondition("ORDER_NOT_OPEN"), did(s.orders.AddItem(ctx,
		&shopv1.AddItem{OrderId: adas, Line: &shopv1.Line{Sku: "tray", Quantity: 1}})))
	s.refused("the end of one that is on its way", es.Precondition("ORDER_SHIPPED"), did(s.orders.CancelOrder(ctx,
		&shopv1.CancelOrder{OrderId: carols})))
	s.refused("the return of what never arrived", es.Precondition("ORDER_NOT_DELIVERED"), did(s.orders.RequestReturn(ctx,
		&shopv1.RequestReturn{OrderId: adas})))
	s.refused("an order of nothing", orders.ErrNothingOrdered, did(s.orders.PlaceOrder(ctx,
		&shopv1.PlaceOrder{OrderId: "order-4"})))
	s.refused("the arrival of what was not ordered", es.ErrNotFound, did(s.orders.ConfirmDelivery(ctx,
		&shopv1.ConfirmDelivery{OrderId: "order-4"})))
	if err := s.tell(did(s.stock.DiscontinueItem(ctx, &shopv1.DiscontinueItem{Sku: "teapot"}))); err != nil {
		return err
	}
	s.refused("more of what is discontinued", es.Precondition("ITEM_DISCONTINUED"), did(s.stock.ReceiveStock(ctx,
		&shopv1.ReceiveStock{Sku: "teapot", Quantity: 10})))
	return nil
}

func (s *story) lifeGoesOn(ctx context.Context) error {
	s.title("Life goes on")
	if err := s.tell(
		did(s.stock.ReceiveStock(ctx, &shopv1.ReceiveStock{Sku: "candle", Quantity: 35})),
		did(s.orders.ShipOrder(ctx, &shopv1.ShipOrder{OrderId: adas, Carrier: "Parcelpigeon"}, es.Actor("warehouse"))),
		did(s.orders.ConfirmDelivery(ctx, &shopv1.ConfirmDelivery{OrderId: adas}, es.Actor("courier"))),
		did(s.orders.ConfirmDelivery(ctx, &shopv1.ConfirmDelivery{OrderId: carols}, es.Actor("courier"))),
		did(s.orders.CancelOrder(ctx, &shopv1.CancelOrder{OrderId: bobs, Reason: "not enough teapots"}, es.Actor("clerk"))),
	); err != nil {
		return err
	}
	s.clock.Pass(0, 3)
	if err := s.tell(
		did(s.orders.RequestReturn(ctx, &shopv1.RequestReturn{OrderId: adas, Reason: "too blue"}, es.Actor("ada"))),
		did(s.orders.ReceiveReturn(ctx, &shopv1.ReceiveReturn{OrderId: adas}, es.Actor("warehouse"))),
		did(s.orders.RefundOrder(ctx, &shopv1.RefundOrder{OrderId: adas, AmountCents: 30_00}, es.Actor("clerk"))),
	); err != nil {
		return err
	}
	s.clock.Pass(0, 17)
	s.refused("Carol's return after 20 days", orders.ErrTooLate, did(s.orders.RequestReturn(ctx,
		&shopv1.RequestReturn{OrderId: carols, Reason: "changed my mind"})))
	return s.aBusyHour(ctx)
}

// aBusyHour has thirty customers buy a candle each.
func (s *story) aBusyHour(ctx context.Context) error {
	for n := range 30 {
		id := fmt.Sprintf("order-%d", 100+n)
		candle := []*shopv1.Line{{Sku: "candle", Quantity: 1, UnitCents: 4_50}}
		for _, o := range []outcome{
			did(s.orders.PlaceOrder(ctx, &shopv1.PlaceOrder{OrderId: id, Lines: candle})),
			did(s.orders.PayOrder(ctx, &shopv1.PayOrder{OrderId: id, AuthorizedCents: 4_50})),
			did(s.orders.ShipOrder(ctx, &shopv1.ShipOrder{OrderId: id, Carrier: "Parcelpigeon"})),
		} {
			if o.err != nil {
				return o.err
			}
		}
	}
	s.line("30 orders of a candle each, paid and shipped")
	t, err := s.reservations.CatchUp(ctx)
	if err != nil {
		return err
	}
	s.line("the process sent %d more commands, %d of them duplicates", t.Sent, t.Duplicates)
	return nil
}
