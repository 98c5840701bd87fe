package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/esgen-dev/esgen/examples/internal/engines"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
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
		return tell(ctx, engine, w)
	}
	return serve(ctx, engine, *address, *file, w)
}
