// Package orders is the behaviour of orders: what a command leads to
// (decide.go), and what an event does to the state (apply.go).
//
// It checks what a command asks for in plain Go. The bank example shows how to
// leave the form of commands to a validator.
package orders

import (
	"errors"
	"maps"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	shopv1 "github.com/esgen-dev/esgen/examples/shop/gen/shop/v1"
)

// ReturnPeriod is how long after its arrival an order may be returned.
const ReturnPeriod = 14 * 24 * time.Hour

// What an order is refused for, beside the preconditions that are declared.
var (
	ErrNothingOrdered = errors.New("nothing is ordered")
	ErrBadLine        = errors.New("an item needs a name, a quantity above zero and a price not below zero")
	ErrItemTwice      = errors.New("the order holds the item already")
	ErrNoSuchItem     = errors.New("the order does not hold the item")
	ErrLastItem       = errors.New("it is the last item: cancel the order instead")
	ErrTooLate        = errors.New("the return period is over")
	ErrBadRefund      = errors.New("a refund is above zero and not above what was paid")
)

// Refusals returns all of them.
func Refusals() []error {
	return []error{ErrNothingOrdered, ErrBadLine, ErrItemTwice, ErrNoSuchItem, ErrLastItem, ErrTooLate, ErrBadRefund}
}

// Order implements shopv1.OrderBehavior. It is safe for concurrent use.
type Order struct{}

var _ shopv1.OrderBehavior = Order{}

// Total returns what the order costs, in cents.
func Total(o *shopv1.Order) int64 {
	var sum int64
	for _, line := range o.GetLines() {
		sum += line.GetQuantity() * line.GetUnitCents()
	}
	return sum
}

// parcel returns copies of all lines, in order of their items: an event must
// not share memory with the state.
func parcel(o *shopv1.Order) []*shopv1.Line {
	var lines []*shopv1.Line
	for _, sku := range slices.Sorted(maps.Keys(o.GetLines())) {
		lines = append(lines, proto.CloneOf(o.GetLines()[sku]))
	}
	return lines
}
