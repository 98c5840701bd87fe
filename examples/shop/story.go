package main

import (
	"io"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/memory"
	shopv1 "github.com/esgen-dev/esgen/examples/shop/gen/shop/v1"
	"github.com/esgen-dev/esgen/examples/shop/orders"
	"github.com/esgen-dev/esgen/examples/shop/reservations"
	"github.com/esgen-dev/esgen/examples/shop/stock"
)

// The orders of the story, by who placed them.
const (
	carols = "order-1"
	adas   = "order-2"
	bobs   = "order-3"
)

// story is a shop and somebody who tells what happens in it.
type story struct {
	w            io.Writer
	clock        *clock
	engine       *memory.Engine
	orders       *shopv1.OrderAggregate
	stock        *shopv1.StockItemAggregate
	reservations *reservations.Process
}

func newStory(w io.Writer, clock *clock, engine *memory.Engine) *story {
	s := &story{
		w:      w,
		clock:  clock,
		engine: engine,
		orders: shopv1.NewOrderAggregate(engine, orders.Order{}),
		stock:  shopv1.NewStockItemAggregate(engine, stock.Item{}),
	}
	s.reservations = reservations.New(s.orderReader(), s.stock, es.Start())
	return s
}

func (s *story) orderReader() *shopv1.OrderReader {
	return shopv1.NewOrderReader(s.engine, orders.Order{})
}

func (s *story) stockReader() *shopv1.StockItemReader {
	return shopv1.NewStockItemReader(s.engine)
}
