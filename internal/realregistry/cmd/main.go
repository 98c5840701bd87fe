//go:build unix

// Command cmd fetches Apicurio Registry, and runs it for tests by hand.
//
//	go run ./internal/realregistry/cmd fetch [version]
//	go run ./internal/realregistry/cmd start [-version v] [-durable] [-set NAME=value]...
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/esgen-dev/esgen/internal/realregistry"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

var errUsage = errors.New("usage: fetch [version] | start [-version v] [-durable] [-set NAME=value]")

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errUsage
	}
	switch command, rest := args[0], args[1:]; command {
	case "fetch":
		return fetch(ctx, strings.Join(rest, ""))
	case "start":
		return start(ctx, rest)
	}
	return errUsage
}

func fetch(ctx context.Context, version string) error {
	in, err := realregistry.Fetch(ctx, version, os.Stderr)
	if err == nil {
		_, err = fmt.Fprintln(os.Stdout, in)
	}
	return err //nolint:wrapcheck // says enough
}

// start runs a registry until the context ends.
func start(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("start", flag.ContinueOnError)
	version := flags.String("version", realregistry.Version, "of Apicurio Registry")
	var o realregistry.Options
	flags.BoolVar(&o.Durable, "durable", false, "keep what is registered in a file while it runs")
	flags.Func("set", "a setting, as NAME=value; may be given again", func(text string) error {
		o.Environment = append(o.Environment, text)
		return nil
	})
	if err := flags.Parse(args); err != nil {
		return err //nolint:wrapcheck // says enough
	}
	in, err := realregistry.Find(*version)
	if err != nil {
		return err
	}
	r, err := realregistry.Start(ctx, in, o)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%s is process %d\n", in, r.PID())
	_, err = fmt.Fprintln(os.Stdout, r.URL)
	if err == nil {
		<-ctx.Done()
	}
	return errors.Join(err, r.Close())
}
