// Package reservations carries facts from the orders to the stock: it reads
// the feed of the one and sends commands to the other.
//
// It is a process of the poor man. It knows where it is in the feed and nothing
// else; it waits for nothing, and no order hears of a reservation that was
// declined. What it does show is how two aggregates work together without a
// transaction over both: each command has an id that is made of the event it
// answers, so that it may be sent as often as one likes.
package reservations

import (
	"context"
	"fmt"

	"github.com/esgen-dev/esgen/es"
	shopv1 "github.com/esgen-dev/esgen/examples/shop/gen/shop/v1"
)

// Stock executes the commands of stock items: a *shopv1.StockItemAggregate does,
// or what sends them to the process that decides them.
type Stock interface {
	Execute(ctx context.Context, c shopv1.StockItemCommand, opts ...es.CommandOption) (es.Result[shopv1.StockItemEvent], error)
}

// Process moves reservations along with the orders. It is not safe for
// concurrent use.
type Process struct {
	orders *shopv1.OrderReader
	stock  Stock
	cursor es.Cursor
}

// New returns a process that goes on behind the cursor.
func New(orders *shopv1.OrderReader, stock Stock, from es.Cursor) *Process {
	return &Process{orders: orders, stock: stock, cursor: from}
}

// Tally counts commands.
type Tally struct {
	Sent       int
	Duplicates int // of those sent, how many had been executed before
}

// Cursor returns how far the process has come. A service stores it after
// CatchUp; if it is lost, the process does some work twice, and no harm.
func (p *Process) Cursor() es.Cursor { return p.cursor }

// CatchUp answers the events that were stored since the last call. An error
// leaves the cursor before the event at which it happened.
func (p *Process) CatchUp(ctx context.Context) (Tally, error) {
	var t Tally
	for ev, err := range p.orders.Feed(ctx, p.cursor) {
		if err != nil {
			return t, fmt.Errorf("reservations: %w", err)
		}
		if err := p.answer(ctx, ev, &t); err != nil {
			return t, fmt.Errorf("reservations: answer to %s of %s: %w", ev.Type, ev.AggregateID, err)
		}
		p.cursor.Advance(ev.Position)
	}
	return t, nil
}

func (p *Process) answer(ctx context.Context, ev es.Event[shopv1.OrderEvent], t *Tally) error {
	switch e := ev.Event.(type) {
	case *shopv1.OrderPlaced:
		return each(e.GetLines(), func(line *shopv1.Line) error { return p.reserve(ctx, ev, line, t) })
	case *shopv1.ItemAdded:
		return p.reserve(ctx, ev, e.GetLine(), t)
	case *shopv1.ItemRemoved:
		return p.release(ctx, ev, e.GetSku(), t)
	case *shopv1.OrderCancelled:
		return each(e.GetLines(), func(line *shopv1.Line) error { return p.release(ctx, ev, line.GetSku(), t) })
	case *shopv1.OrderShipped:
		return each(e.GetLines(), func(line *shopv1.Line) error { return p.pick(ctx, ev, line, t) })
	default:
		return nil // what comes back is looked at by people before it is received
	}
}

func (p *Process) reserve(ctx context.Context, ev es.Event[shopv1.OrderEvent], line *shopv1.Line, t *Tally) error {
	c := &shopv1.ReserveStock{Sku: line.GetSku(), OrderId: ev.AggregateID, Quantity: line.GetQuantity()}
	return p.send(ctx, ev, c.GetSku(), c, t)
}

func (p *Process) release(ctx context.Context, ev es.Event[shopv1.OrderEvent], sku string, t *Tally) error {
	return p.send(ctx, ev, sku, &shopv1.ReleaseStock{Sku: sku, OrderId: ev.AggregateID}, t)
}

func (p *Process) pick(ctx context.Context, ev es.Event[shopv1.OrderEvent], line *shopv1.Line, t *Tally) error {
	c := &shopv1.PickStock{Sku: line.GetSku(), OrderId: ev.AggregateID, Quantity: line.GetQuantity()}
	return p.send(ctx, ev, c.GetSku(), c, t)
}

// send executes a command under an id that is made of the event it answers.
func (p *Process) send(ctx context.Context, ev es.Event[shopv1.OrderEvent], sku string, c shopv1.StockItemCommand, t *Tally) error {
	res, err := p.stock.Execute(ctx, c,
		es.CommandID(ev.FollowUpID(sku)), es.CorrelationID(ev.CorrelationID), es.Actor("reservations"))
	if err != nil {
		return err
	}
	t.Sent++
	if res.Duplicate {
		t.Duplicates++
	}
	return nil
}

func each(lines []*shopv1.Line, do func(*shopv1.Line) error) error {
	for _, line := range lines {
		if err := do(line); err != nil {
			return err
		}
	}
	return nil
}
