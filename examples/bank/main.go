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

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/examples/internal/engines"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
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
		err := tell(ctx, engine, w)
		if errors.Is(err, es.ErrExists) {
			err = fmt.Errorf("%w: the story was told in this log before, and takes an empty one", err)
		}
		return err
	}
	return serve(ctx, engine, *address, w)
}

// valid checks commands by the rules in account.proto.
func valid(c proto.Message) error { return protovalidate.Validate(c) }
