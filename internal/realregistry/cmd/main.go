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
	"io"
	"os"

	"github.com/esgen-dev/esgen/internal/jvm"
	"github.com/esgen-dev/esgen/internal/realregistry"
)

func main() {
	err := jvm.Command{
		Usage: "fetch [version] | start [-version v] [-durable] [-set NAME=value]",
		Fetch: func(ctx context.Context, version string, output io.Writer) (fmt.Stringer, error) {
			return realregistry.Fetch(ctx, version, output)
		},
		Start: start,
	}.Run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
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
