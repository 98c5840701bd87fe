//go:build unix

// Command cmd fetches Apache Kafka, and runs it for tests by hand.
//
//	go run ./internal/realkafka/cmd fetch [version]
//	go run ./internal/realkafka/cmd start [-nodes n] [-version v] [-set name=value]...
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/esgen-dev/esgen/internal/jvm"
	"github.com/esgen-dev/esgen/internal/realkafka"
)

func main() {
	err := jvm.Command{
		Usage: "fetch [version] | start [-nodes n] [-version v] [-set name=value]",
		Fetch: func(ctx context.Context, version string, output io.Writer) (fmt.Stringer, error) {
			return realkafka.Fetch(ctx, version, output)
		},
		Start: start,
	}.Run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// start runs a cluster until the context ends.
func start(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("start", flag.ContinueOnError)
	nodes := flags.Int("nodes", 1, "how many nodes")
	version := flags.String("version", realkafka.Version, "of Kafka")
	settings := map[string]string{}
	flags.Func("set", "a setting of the nodes, as name=value; may be given again", func(text string) error {
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			return errors.New("want name=value")
		}
		settings[name] = value
		return nil
	})
	if err := flags.Parse(args); err != nil {
		return err //nolint:wrapcheck // says enough
	}
	in, err := realkafka.Find(*version)
	if err != nil {
		return err
	}
	c, err := realkafka.Start(ctx, in, realkafka.Options{Nodes: *nodes, Settings: settings})
	if err != nil {
		return err
	}
	for _, n := range c.Nodes {
		fmt.Fprintf(os.Stderr, "node %d is process %d\n", n.ID, n.PID())
	}
	_, err = fmt.Fprintln(os.Stdout, strings.Join(c.Brokers(), ","))
	if err == nil {
		<-ctx.Done()
	}
	return errors.Join(err, c.Stop())
}
