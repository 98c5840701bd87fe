// Package stock is the behaviour of stock items: how much there is of one
// item, and for whom it is kept.
package stock

import (
	"errors"

	"github.com/esgen-dev/esgen/es"
	shopv1 "github.com/esgen-dev/esgen/examples/shop/gen/shop/v1"
)

// ErrBadQuantity is the refusal to move nothing, or less.
var ErrBadQuantity = errors.New("a quantity is above zero")

// Item implements shopv1.StockItemBehavior. It is safe for concurrent use.
type Item struct{}

var _ shopv1.StockItemBehavior = Item{}

// Available returns what is on hand and not reserved. It is below zero when
// more was picked than there should have been.
func Available(s *shopv1.StockItem) int64 {
	available := s.GetOnHand()
	for _, quantity := range s.GetReserved() {
		available -= quantity
	}
	return available
}

// HandleReceiveStock puts a delivery on the shelf.
func (Item) HandleReceiveStock(_ es.Meta, _ *shopv1.StockItem, c *shopv1.ReceiveStock) ([]shopv1.ReceiveStockOutcome, error) {
	if c.GetQuantity() <= 0 {
		return nil, ErrBadQuantity
	}
	return []shopv1.ReceiveStockOutcome{&shopv1.StockReceived{Quantity: c.GetQuantity()}}, nil
}

// HandleReserveStock keeps all of the quantity or nothing. What was wanted and
// not there is what the buyers have to know, so it is an event.
func (Item) HandleReserveStock(_ es.Meta, s *shopv1.StockItem, c *shopv1.ReserveStock) ([]shopv1.ReserveStockOutcome, error) {
	if c.GetQuantity() <= 0 {
		return nil, ErrBadQuantity
	}
	if available := Available(s); c.GetQuantity() > available {
		return []shopv1.ReserveStockOutcome{&shopv1.ReservationDeclined{
			OrderId: c.GetOrderId(), Quantity: c.GetQuantity(), Available: available,
		}}, nil
	}
	return []shopv1.ReserveStockOutcome{
		&shopv1.StockReserved{OrderId: c.GetOrderId(), Quantity: c.GetQuantity()},
	}, nil
}

// HandleReleaseStock gives up what is reserved, which may be nothing.
func (Item) HandleReleaseStock(_ es.Meta, s *shopv1.StockItem, c *shopv1.ReleaseStock) ([]shopv1.ReleaseStockOutcome, error) {
	quantity, ok := s.GetReserved()[c.GetOrderId()]
	if !ok {
		return nil, nil
	}
	return []shopv1.ReleaseStockOutcome{&shopv1.StockReleased{OrderId: c.GetOrderId(), Quantity: quantity}}, nil
}

// HandlePickStock takes what is shipped from the shelf. It refuses nothing:
// what has left the house has left it, whether it was reserved or not.
func (Item) HandlePickStock(_ es.Meta, s *shopv1.StockItem, c *shopv1.PickStock) ([]shopv1.PickStockOutcome, error) {
	return []shopv1.PickStockOutcome{&shopv1.StockPicked{
		OrderId: c.GetOrderId(), Quantity: c.GetQuantity(), Reserved: s.GetReserved()[c.GetOrderId()],
	}}, nil
}

// HandleDiscontinueItem stops the buying of the item.
func (Item) HandleDiscontinueItem(es.Meta, *shopv1.StockItem, *shopv1.DiscontinueItem) ([]shopv1.DiscontinueItemOutcome, error) {
	return []shopv1.DiscontinueItemOutcome{&shopv1.ItemDiscontinued{}}, nil
}

// ApplyStockReceived adds to the shelf.
func (Item) ApplyStockReceived(_ es.Meta, s *shopv1.StockItem, e *shopv1.StockReceived) {
	s.OnHand += e.GetQuantity()
}

// ApplyStockReserved keeps a quantity for an order.
func (Item) ApplyStockReserved(_ es.Meta, s *shopv1.StockItem, e *shopv1.StockReserved) {
	if s.Reserved == nil {
		s.Reserved = map[string]int64{}
	}
	s.Reserved[e.GetOrderId()] += e.GetQuantity()
}

// ApplyReservationDeclined leaves the shelf as it is.
func (Item) ApplyReservationDeclined(es.Meta, *shopv1.StockItem, *shopv1.ReservationDeclined) {}

// ApplyStockReleased ends a reservation.
func (Item) ApplyStockReleased(_ es.Meta, s *shopv1.StockItem, e *shopv1.StockReleased) {
	delete(s.GetReserved(), e.GetOrderId())
}

// ApplyStockPicked takes from the shelf, and ends the reservation.
func (Item) ApplyStockPicked(_ es.Meta, s *shopv1.StockItem, e *shopv1.StockPicked) {
	s.OnHand -= e.GetQuantity()
	delete(s.GetReserved(), e.GetOrderId())
}

// ApplyItemDiscontinued ends the buying.
func (Item) ApplyItemDiscontinued(_ es.Meta, s *shopv1.StockItem, _ *shopv1.ItemDiscontinued) {
	s.Discontinued = true
}
