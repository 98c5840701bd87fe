package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/examples/internal/web"
	shopv1 "github.com/esgen-dev/esgen/examples/shop/gen/shop/v1"
	"github.com/esgen-dev/esgen/examples/shop/reservations"
)

const pollEvery = 200 * time.Millisecond

// carry answers the events of orders with commands to the stock, from where the
// file says on, until the context ends. It returns what waits for that.
func carry(ctx context.Context, from *shopv1.OrderReader, self, file string, w io.Writer) (stop func(), err error) {
	cursor, err := readCursor(file)
	if err != nil {
		return nil, err
	}
	process := reservations.New(from, remoteStock{client: web.NewClient(self)}, cursor)
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		for ctx.Err() == nil {
			_, err := process.CatchUp(ctx)
			if err = errors.Join(err, writeCursor(file, process.Cursor())); err != nil && ctx.Err() == nil {
				fmt.Fprintln(w, err) // what was not done is done the next time
			}
			select {
			case <-ctx.Done():
			case <-time.After(pollEvery):
			}
		}
	})
	return func() { cancel(); wg.Wait() }, nil
}

// remoteStock sends commands to the process that decides them, by way of this
// one.
type remoteStock struct{ client *web.Client }

func (s remoteStock) Execute(
	ctx context.Context, c shopv1.StockItemCommand, opts ...es.CommandOption,
) (es.Result[shopv1.StockItemEvent], error) {
	receipt, err := s.client.Execute(ctx, "stock", c, opts...)
	return es.Result[shopv1.StockItemEvent]{Receipt: receipt}, err
}

func readCursor(file string) (es.Cursor, error) {
	cursor := es.Start()
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return cursor, nil
	}
	return cursor, errors.Join(err, cursor.UnmarshalText(text))
}

// writeCursor replaces the file at once: half of one would be another cursor.
func writeCursor(file string, cursor es.Cursor) error {
	if err := os.WriteFile(file+".new", []byte(cursor.String()), 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}
