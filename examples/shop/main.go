package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/examples/internal/engines"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "shop:", err)
		os.Exit(1)
	}
}

// run tells the story on w, or serves.
func run(ctx context.Context, args []string, w io.Writer) error {
	var engine engines.Flags
	set := flag.NewFlagSet("shop", flag.ContinueOnError)
	engine.Register(set)
	address := set.String("serve", "", "serve orders and stock over HTTP at this `address`, instead of the story")
	file := set.String("reservations", "", "with -serve: carry facts from orders to the stock too, and keep in this `file` how far")
	if err := set.Parse(args); err != nil {
		return err
	}
	if *address == "" {
		err := tell(ctx, engine, w)
		if errors.Is(err, es.ErrExists) {
			err = fmt.Errorf("%w: the story was told in this log before, and takes an empty one", err)
		}
		return err
	}
	return serve(ctx, engine, *address, *file, w)
}
