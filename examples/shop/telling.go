package main

import (
	"errors"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	shopv1 "github.com/esgen-dev/esgen/examples/shop/gen/shop/v1"
)

func (s *story) title(text string) { fmt.Fprintf(s.w, "\n%s\n", text) }

func (s *story) line(format string, args ...any) { fmt.Fprintf(s.w, "  "+format+"\n", args...) }

// tell tells what commands led to, up to the first that failed.
func (s *story) tell(outcomes ...outcome) error {
	for _, o := range outcomes {
		if o.err != nil {
			return o.err
		}
		for i, e := range o.events {
			s.line("%-7s %2d  %s", o.receipt.AggregateID, o.receipt.First+uint64(i), describe(e))
		}
	}
	return nil
}

// refused tells a refusal, and whether it was the expected one.
func (s *story) refused(what string, expected error, o outcome) {
	if !errors.Is(o.err, expected) {
		s.line("%s -> NOT REFUSED AS EXPECTED: %v", what, o.err)
		return
	}
	s.line("%s -> %v", what, o.err)
}

// outcome is the outcome of any command.
type outcome struct {
	receipt es.Receipt
	events  []proto.Message
	err     error
}

// did takes what a command method returns, so that a call of it can be an
// argument.
func did[O proto.Message](res es.Result[O], err error) outcome {
	return outcome{receipt: res.Receipt, events: es.Messages(res.Events), err: err}
}

// describe says an event of either aggregate in words.
func describe(e proto.Message) string {
	switch e := e.(type) {
	case shopv1.OrderEvent:
		return describeOrder(e)
	case shopv1.StockItemEvent:
		return describeStock(e)
	}
	return fmt.Sprintf("%T", e)
}

func describeOrder(e shopv1.OrderEvent) string {
	switch e := e.(type) {
	case *shopv1.OrderPlaced:
		return fmt.Sprintf("placed for %s: %s", e.GetShipTo().GetName(), list(e.GetLines()))
	case *shopv1.ItemAdded:
		return fmt.Sprintf("added %s", list([]*shopv1.Line{e.GetLine()}))
	case *shopv1.ItemRemoved:
		return fmt.Sprintf("removed %dx %s", e.GetQuantity(), e.GetSku())
	case *shopv1.OrderPaid:
		return fmt.Sprintf("paid %s", euros(e.GetAmountCents()))
	case *shopv1.PaymentDeclined:
		return fmt.Sprintf("payment declined: %s authorized, %s due", euros(e.GetAuthorizedCents()), euros(e.GetDueCents()))
	case *shopv1.OrderShipped:
		return fmt.Sprintf("shipped with %s: %s", e.GetCarrier(), list(e.GetLines()))
	case *shopv1.OrderDelivered:
		return "delivered"
	case *shopv1.ReturnRequested:
		return fmt.Sprintf("return requested: %s", e.GetReason())
	case *shopv1.OrderReturned:
		return fmt.Sprintf("returned: %s", list(e.GetLines()))
	case *shopv1.OrderRefunded:
		return fmt.Sprintf("refunded %s", euros(e.GetAmountCents()))
	case *shopv1.OrderCancelled:
		return fmt.Sprintf("cancelled: %s", e.GetReason())
	}
	return fmt.Sprintf("%T", e)
}

func describeStock(e shopv1.StockItemEvent) string {
	switch e := e.(type) {
	case *shopv1.StockReceived:
		return fmt.Sprintf("received %d", e.GetQuantity())
	case *shopv1.StockReserved:
		return fmt.Sprintf("reserved %d for %s", e.GetQuantity(), e.GetOrderId())
	case *shopv1.ReservationDeclined:
		return fmt.Sprintf("declined %d for %s, having %d", e.GetQuantity(), e.GetOrderId(), e.GetAvailable())
	case *shopv1.StockReleased:
		return fmt.Sprintf("released %d of %s", e.GetQuantity(), e.GetOrderId())
	case *shopv1.StockPicked:
		return fmt.Sprintf("picked %d for %s", e.GetQuantity(), e.GetOrderId())
	case *shopv1.ItemDiscontinued:
		return "discontinued"
	}
	return fmt.Sprintf("%T", e)
}

func list(lines []*shopv1.Line) string {
	var items []string
	for _, line := range lines {
		items = append(items, fmt.Sprintf("%dx %s at %s", line.GetQuantity(), line.GetSku(), euros(line.GetUnitCents())))
	}
	return strings.Join(items, ", ")
}

func euros(cents int64) string { return fmt.Sprintf("%d.%02d", cents/100, cents%100) }
