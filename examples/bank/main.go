package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/examples/internal/engines"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bank:", err)
		os.Exit(1)
	}
}

// run tells the story on w, or serves.
func run(ctx context.Context, args []string, w io.Writer) error {
	var engine engines.Flags
	set := flag.NewFlagSet("bank", flag.ContinueOnError)
	engine.Register(set)
	address := set.String("serve", "", "serve accounts over HTTP at this `address`, instead of the story")
	if err := set.Parse(args); err != nil {
		return err
	}
	if *address == "" {
		return tell(ctx, engine, w)
	}
	return serve(ctx, engine, *address, w)
}

// valid checks commands by the rules in account.proto.
func valid(c proto.Message) error { return protovalidate.Validate(c) }
