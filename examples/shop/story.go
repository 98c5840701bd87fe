package main

import (
	"context"
	"io"
	"time"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/examples/internal/engines"
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

// tell tells the story on w, in an empty log.
func tell(ctx context.Context, flags engines.Flags, w io.Writer) error {
	clock := engines.NewClock(time.Date(2025, time.November, 28, 9, 0, 0, 0, time.UTC), time.Minute) // a command
	engine, err := flags.Open(engines.Setup{Application: "shop", Clock: clock.Now})
	if err != nil {
		return err
	}
	defer engine.Close()
	s := newStory(w, clock, engine)
	for _, chapter := range []func(context.Context) error{
		s.lastYear, s.today, s.fromOrdersToStock, s.refusals, s.lifeGoesOn,
		s.auditTrail, s.timeTravel, s.readModel, s.replay,
	} {
		if err := chapter(ctx); err != nil {
			return err
		}
	}
	return nil
}

// story is a shop and somebody who tells what happens in it.
type story struct {
	w            io.Writer
	clock        *engines.Clock
	engine       es.Engine
	orders       *shopv1.OrderAggregate
	stock        *shopv1.StockItemAggregate
	reservations *reservations.Process
}

func newStory(w io.Writer, clock *engines.Clock, engine es.Engine) *story {
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
