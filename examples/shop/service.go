package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/esgen-dev/esgen/examples/internal/engines"
	"github.com/esgen-dev/esgen/examples/internal/web"
	shopv1 "github.com/esgen-dev/esgen/examples/shop/gen/shop/v1"
	"github.com/esgen-dev/esgen/examples/shop/orders"
	"github.com/esgen-dev/esgen/examples/shop/stock"
)

// serve takes commands over HTTP until the context ends, and says on w where.
// On Kafka any number of processes do so together, and one of them may be given
// a file to be the one that carries facts from the orders to the stock.
func serve(ctx context.Context, flags engines.Flags, address, file string, w io.Writer) error {
	listener, err := web.Listen(ctx, address)
	if err != nil {
		return err
	}
	defer listener.Close()
	self := flags.Address(listener.Addr().String())
	engine, err := flags.Open(engines.Setup{Application: "shop", Address: self, Clock: time.Now})
	if err != nil {
		return err
	}
	defer engine.Close()
	allOrders := shopv1.NewOrderAggregate(engine, orders.Order{})
	allStock := shopv1.NewStockItemAggregate(engine, stock.Item{})
	mux := http.NewServeMux()
	mux.Handle("POST /orders/{command}", web.Commands(allOrders.Execute, orders.Refusals()...))
	mux.Handle("POST /stock/{command}", web.Commands(allStock.Execute, stock.ErrBadQuantity))
	mux.Handle("GET /orders/{id}", web.States(allOrders.Load))
	mux.Handle("GET /stock/{id}", web.States(allStock.Load))
	if file != "" {
		stop, err := carry(ctx, shopv1.NewOrderReader(engine, orders.Order{}), self, file, w)
		if err != nil {
			return err
		}
		defer stop()
	}
	fmt.Fprintf(w, "serving on http://%s\n", listener.Addr())
	return web.Serve(ctx, listener, mux)
}
