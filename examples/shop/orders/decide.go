package orders

import (
	"github.com/esgen-dev/esgen/es"
	shopv1 "github.com/esgen-dev/esgen/examples/shop/gen/shop/v1"
)

// HandlePlaceOrder places the order. That it does not exist yet was checked.
func (Order) HandlePlaceOrder(_ es.Meta, _ *shopv1.Order, c *shopv1.PlaceOrder) ([]shopv1.PlaceOrderOutcome, error) {
	if len(c.GetLines()) == 0 {
		return nil, ErrNothingOrdered
	}
	seen := map[string]bool{}
	for _, line := range c.GetLines() {
		if err := check(line); err != nil {
			return nil, err
		}
		if seen[line.GetSku()] {
			return nil, ErrItemTwice
		}
		seen[line.GetSku()] = true
	}
	return []shopv1.PlaceOrderOutcome{&shopv1.OrderPlaced{
		CustomerId: c.GetCustomerId(),
		Email:      c.GetEmail(),
		ShipTo:     c.GetShipTo(),
		Lines:      c.GetLines(),
	}}, nil
}

// HandleAddItem adds an item.
func (Order) HandleAddItem(_ es.Meta, s *shopv1.Order, c *shopv1.AddItem) ([]shopv1.AddItemOutcome, error) {
	if err := check(c.GetLine()); err != nil {
		return nil, err
	}
	if _, ok := s.GetLines()[c.GetLine().GetSku()]; ok {
		return nil, ErrItemTwice
	}
	return []shopv1.AddItemOutcome{&shopv1.ItemAdded{Line: c.GetLine()}}, nil
}

// HandleRemoveItem removes an item that is not the last.
func (Order) HandleRemoveItem(_ es.Meta, s *shopv1.Order, c *shopv1.RemoveItem) ([]shopv1.RemoveItemOutcome, error) {
	line, ok := s.GetLines()[c.GetSku()]
	switch {
	case !ok:
		return nil, ErrNoSuchItem
	case len(s.GetLines()) == 1:
		return nil, ErrLastItem
	}
	return []shopv1.RemoveItemOutcome{&shopv1.ItemRemoved{Sku: c.GetSku(), Quantity: line.GetQuantity()}}, nil
}

// HandlePayOrder takes the price of the order. That somebody could not pay is
// worth remembering, so it is an event and not an error.
func (Order) HandlePayOrder(_ es.Meta, s *shopv1.Order, c *shopv1.PayOrder) ([]shopv1.PayOrderOutcome, error) {
	due := Total(s)
	if c.GetAuthorizedCents() < due {
		return []shopv1.PayOrderOutcome{
			&shopv1.PaymentDeclined{AuthorizedCents: c.GetAuthorizedCents(), DueCents: due},
		}, nil
	}
	return []shopv1.PayOrderOutcome{&shopv1.OrderPaid{AmountCents: due}}, nil
}

// HandleShipOrder ships everything in one parcel.
func (Order) HandleShipOrder(_ es.Meta, s *shopv1.Order, c *shopv1.ShipOrder) ([]shopv1.ShipOrderOutcome, error) {
	return []shopv1.ShipOrderOutcome{&shopv1.OrderShipped{Carrier: c.GetCarrier(), Lines: parcel(s)}}, nil
}

// HandleConfirmDelivery records the arrival.
func (Order) HandleConfirmDelivery(es.Meta, *shopv1.Order, *shopv1.ConfirmDelivery) ([]shopv1.ConfirmDeliveryOutcome, error) {
	return []shopv1.ConfirmDeliveryOutcome{&shopv1.OrderDelivered{}}, nil
}

// HandleRequestReturn accepts a return within the return period. The time of
// the command is in m: a handler has no clock.
func (Order) HandleRequestReturn(m es.Meta, s *shopv1.Order, c *shopv1.RequestReturn) ([]shopv1.RequestReturnOutcome, error) {
	if m.Time.After(s.GetDeliveredAt().AsTime().Add(ReturnPeriod)) {
		return nil, ErrTooLate
	}
	return []shopv1.RequestReturnOutcome{&shopv1.ReturnRequested{Reason: c.GetReason()}}, nil
}

// HandleReceiveReturn takes everything back.
func (Order) HandleReceiveReturn(_ es.Meta, s *shopv1.Order, _ *shopv1.ReceiveReturn) ([]shopv1.ReceiveReturnOutcome, error) {
	return []shopv1.ReceiveReturnOutcome{&shopv1.OrderReturned{Lines: parcel(s)}}, nil
}

// HandleRefundOrder pays back at most what was paid.
func (Order) HandleRefundOrder(_ es.Meta, s *shopv1.Order, c *shopv1.RefundOrder) ([]shopv1.RefundOrderOutcome, error) {
	if c.GetAmountCents() <= 0 || c.GetAmountCents() > s.GetPaidCents() {
		return nil, ErrBadRefund
	}
	return []shopv1.RefundOrderOutcome{&shopv1.OrderRefunded{AmountCents: c.GetAmountCents()}}, nil
}

// HandleCancelOrder ends the order, and refunds it if it was paid: either both
// events are stored or none.
func (Order) HandleCancelOrder(_ es.Meta, s *shopv1.Order, c *shopv1.CancelOrder) ([]shopv1.CancelOrderOutcome, error) {
	events := []shopv1.CancelOrderOutcome{&shopv1.OrderCancelled{Reason: c.GetReason(), Lines: parcel(s)}}
	if s.GetPaidCents() > 0 {
		events = append(events, &shopv1.OrderRefunded{AmountCents: s.GetPaidCents()})
	}
	return events, nil
}

func check(line *shopv1.Line) error {
	if line.GetSku() == "" || line.GetQuantity() <= 0 || line.GetUnitCents() < 0 {
		return ErrBadLine
	}
	return nil
}
