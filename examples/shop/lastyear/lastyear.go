// Package lastyear writes events as the shop's service did before ItemSwapped
// was split and OrderDispatched renamed. It is here so that the story has
// something old in its log; a real service just has the log.
package lastyear

import (
	"context"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/esgen-dev/esgen/es"
	shopv1 "github.com/esgen-dev/esgen/examples/shop/gen/shop/v1"
	"github.com/esgen-dev/esgen/examples/shop/orders"
)

// Store appends an event to the log of an order, as it was stored last year,
// and returns the name under which it is.
func Store(ctx context.Context, engine es.Engine, orderID string, e proto.Message) (string, error) {
	old := order{Aggregate: shopv1.OrderType(orders.Order{}), id: orderID, event: e}
	_, _, err := engine.Bind(old).Execute(ctx, &emptypb.Empty{}, es.NewCommandOptions(es.Actor("last year")))
	return old.TypeOf(e), err
}

// order is the aggregate type with a command of its own: it leads to the event
// whatever the state.
type order struct {
	es.Aggregate
	id    string
	event proto.Message
}

func (o order) Target(proto.Message) (es.Target, bool) {
	return es.Target{ID: o.id, Mode: es.Upsert}, true
}

func (o order) Handle(es.Meta, proto.Message, proto.Message) ([]proto.Message, error) {
	return []proto.Message{o.event}, nil
}

// TypeOf knows the names of the time.
func (o order) TypeOf(e proto.Message) string {
	switch e.(type) {
	case *shopv1.ItemSwapped:
		return "shop.v1.ItemSwapped"
	case *shopv1.OrderViewed:
		return "shop.v1.OrderViewed"
	case *shopv1.OrderShipped:
		return "shop.v1.OrderDispatched"
	}
	return o.Aggregate.TypeOf(e)
}
