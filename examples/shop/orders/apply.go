package orders

import (
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/esgen-dev/esgen/es"
	shopv1 "github.com/esgen-dev/esgen/examples/shop/gen/shop/v1"
)

// ApplyOrderPlaced makes the order an open one. The state outlives the event,
// so it takes copies of what the event points to. The test kit finds it when
// somebody forgets.
func (Order) ApplyOrderPlaced(_ es.Meta, s *shopv1.Order, e *shopv1.OrderPlaced) {
	s.Status = shopv1.Order_STATUS_PLACED
	s.ShipTo = proto.CloneOf(e.GetShipTo())
	for _, line := range e.GetLines() {
		put(s, line)
	}
}

// ApplyItemAdded adds a line.
func (Order) ApplyItemAdded(_ es.Meta, s *shopv1.Order, e *shopv1.ItemAdded) {
	put(s, e.GetLine())
}

// ApplyItemRemoved removes a line.
func (Order) ApplyItemRemoved(_ es.Meta, s *shopv1.Order, e *shopv1.ItemRemoved) {
	delete(s.GetLines(), e.GetSku())
}

// ApplyOrderPaid closes the order to changes.
func (Order) ApplyOrderPaid(_ es.Meta, s *shopv1.Order, e *shopv1.OrderPaid) {
	s.Status = shopv1.Order_STATUS_PAID
	s.PaidCents = e.GetAmountCents()
}

// ApplyPaymentDeclined leaves the order as it is: the customer may try again.
func (Order) ApplyPaymentDeclined(es.Meta, *shopv1.Order, *shopv1.PaymentDeclined) {}

// ApplyOrderShipped sends the order on its way.
func (Order) ApplyOrderShipped(_ es.Meta, s *shopv1.Order, _ *shopv1.OrderShipped) {
	s.Status = shopv1.Order_STATUS_SHIPPED
}

// ApplyOrderDelivered begins the return period. When that was is in m: an
// event does not repeat its own time.
func (Order) ApplyOrderDelivered(m es.Meta, s *shopv1.Order, _ *shopv1.OrderDelivered) {
	s.Status = shopv1.Order_STATUS_DELIVERED
	s.DeliveredAt = timestamppb.New(m.Time)
}

// ApplyReturnRequested makes the order wait for its return.
func (Order) ApplyReturnRequested(_ es.Meta, s *shopv1.Order, _ *shopv1.ReturnRequested) {
	s.ReturnRequested = true
}

// ApplyOrderReturned ends the wait.
func (Order) ApplyOrderReturned(_ es.Meta, s *shopv1.Order, _ *shopv1.OrderReturned) {
	s.Status = shopv1.Order_STATUS_RETURNED
	s.ReturnRequested = false
}

// ApplyOrderRefunded gives money back.
func (Order) ApplyOrderRefunded(_ es.Meta, s *shopv1.Order, e *shopv1.OrderRefunded) {
	s.PaidCents -= e.GetAmountCents()
}

// ApplyOrderCancelled ends the order.
func (Order) ApplyOrderCancelled(_ es.Meta, s *shopv1.Order, _ *shopv1.OrderCancelled) {
	s.Status = shopv1.Order_STATUS_CANCELLED
}

// UpcastItemSwapped reads a swap from the time when it was one event.
func (Order) UpcastItemSwapped(_ es.Meta, e *shopv1.ItemSwapped) []shopv1.OrderEvent {
	return []shopv1.OrderEvent{
		&shopv1.ItemRemoved{Sku: e.GetFromSku(), Quantity: e.GetQuantity()},
		&shopv1.ItemAdded{Line: &shopv1.Line{
			Sku: e.GetToSku(), Quantity: e.GetQuantity(), UnitCents: e.GetToUnitCents(),
		}},
	}
}

// put sets a line to a copy of the given one.
func put(s *shopv1.Order, line *shopv1.Line) {
	if s.Lines == nil {
		s.Lines = map[string]*shopv1.Line{}
	}
	s.Lines[line.GetSku()] = proto.CloneOf(line)
}
