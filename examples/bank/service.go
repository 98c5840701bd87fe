package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/esgen-dev/esgen/examples/bank/accounts"
	bankv1 "github.com/esgen-dev/esgen/examples/bank/gen/bank/v1"
	"github.com/esgen-dev/esgen/examples/internal/engines"
	"github.com/esgen-dev/esgen/examples/internal/web"
)

// serve takes commands over HTTP until the context ends, and says on w where.
// On Kafka any number of processes do so together: each decides for the accounts
// that Kafka gives it, and shows the others' clients the way.
func serve(ctx context.Context, flags engines.Flags, address string, w io.Writer) error {
	listener, err := web.Listen(ctx, address)
	if err != nil {
		return err
	}
	defer listener.Close()
	engine, err := flags.Open(engines.Setup{
		Application: "bank", Address: flags.Address(listener.Addr().String()), Clock: time.Now, Validate: valid,
	})
	if err != nil {
		return err
	}
	defer engine.Close()
	bank := bankv1.NewAccountAggregate(engine, accounts.Account{})
	mux := http.NewServeMux()
	mux.Handle("POST /accounts/{command}", web.Commands(bank.Execute, accounts.ErrMoneyLeft))
	mux.Handle("GET /accounts/{id}", web.States(bank.Load))
	fmt.Fprintf(w, "serving on http://%s\n", listener.Addr())
	return web.Serve(ctx, listener, mux)
}
