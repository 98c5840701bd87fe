// Package demand is a read model over both aggregates: what sells, and what
// has to be bought. It is built from the feeds of events, and can be thrown
// away and built anew.
package demand

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/esgen-dev/esgen/es"
	shopv1 "github.com/esgen-dev/esgen/examples/shop/gen/shop/v1"
)

// buffer is how much of every item the shop likes to have.
const buffer = 5

// Item is one row.
type Item struct {
	SKU          string `json:"sku"`
	Sold         int64  `json:"sold"` // shipped
	Returned     int64  `json:"returned"`
	EarnedCents  int64  `json:"earned_cents"` // price of what was sold and not returned
	Available    int64  `json:"available"`
	Missed       int64  `json:"missed"` // wanted and not there, since the last delivery
	Discontinued bool   `json:"discontinued"`
}

// Reorder returns how much to buy.
func (i *Item) Reorder() int64 {
	if i.Discontinued {
		return 0
	}
	return max(0, buffer+i.Missed-i.Available)
}

// View holds the rows, and how far into each feed they reach. It is stored as
// one piece, here as JSON, so that rows and cursors cannot disagree. It is not
// safe for concurrent use.
type View struct {
	Items  map[string]*Item `json:"items"`
	Orders es.Cursor        `json:"orders"`
	Stock  es.Cursor        `json:"stock"`
}

// New returns a view that has seen nothing.
func New() *View { return &View{Items: map[string]*Item{}} }

// CatchUp takes in the events that were stored since the last call, and
// returns their number. The feeds have no common order, so the view holds
// nothing that depends on one.
func (v *View) CatchUp(ctx context.Context, orders *shopv1.OrderReader, stock *shopv1.StockItemReader) (int, error) {
	n := 0
	for ev, err := range orders.Feed(ctx, v.Orders) {
		if err != nil {
			return n, fmt.Errorf("demand: orders: %w", err)
		}
		v.takeOrder(ev.Event)
		v.Orders.Advance(ev.Position)
		n++
	}
	for ev, err := range stock.Feed(ctx, v.Stock) {
		if err != nil {
			return n, fmt.Errorf("demand: stock: %w", err)
		}
		v.item(ev.AggregateID).take(ev.Event)
		v.Stock.Advance(ev.Position)
		n++
	}
	return n, nil
}

// Rows returns the items by SKU.
func (v *View) Rows() []Item {
	var rows []Item
	for _, sku := range slices.Sorted(maps.Keys(v.Items)) {
		rows = append(rows, *v.Items[sku])
	}
	return rows
}

func (v *View) takeOrder(e shopv1.OrderEvent) {
	switch e := e.(type) {
	case *shopv1.OrderShipped:
		for _, line := range e.GetLines() {
			item := v.item(line.GetSku())
			item.Sold += line.GetQuantity()
			item.EarnedCents += line.GetQuantity() * line.GetUnitCents()
		}
	case *shopv1.OrderReturned:
		for _, line := range e.GetLines() {
			item := v.item(line.GetSku())
			item.Returned += line.GetQuantity()
			item.EarnedCents -= line.GetQuantity() * line.GetUnitCents()
		}
	default: // nothing else changes hands
	}
}

func (i *Item) take(e shopv1.StockItemEvent) {
	switch e := e.(type) {
	case *shopv1.StockReceived:
		i.Available += e.GetQuantity()
		i.Missed = 0
	case *shopv1.StockReserved:
		i.Available -= e.GetQuantity()
	case *shopv1.StockReleased:
		i.Available += e.GetQuantity()
	case *shopv1.ReservationDeclined:
		i.Missed += e.GetQuantity() - e.GetAvailable()
	case *shopv1.ItemDiscontinued:
		i.Discontinued = true
	case *shopv1.StockPicked:
		i.Available -= e.GetQuantity() - e.GetReserved()
	}
}

func (v *View) item(sku string) *Item {
	item, ok := v.Items[sku]
	if !ok {
		item = &Item{SKU: sku}
		v.Items[sku] = item
	}
	return item
}
