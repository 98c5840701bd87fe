//go:build unix

package jvm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// Command is the command line of a server: fetch, and start by hand.
type Command struct {
	Usage string
	// Fetch fetches a version, "" being the usual one, and says what it was.
	Fetch func(ctx context.Context, version string, output io.Writer) (fmt.Stringer, error)
	// Start runs the server until the context ends.
	Start func(ctx context.Context, args []string) error
}

// Run runs the command until it is through, or interrupted. It fails with the
// usage when the arguments name neither of the two.
func (c Command) Run(args []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(args) > 0 && args[0] == "start" {
		return c.Start(ctx, args[1:])
	}
	if len(args) == 0 || args[0] != "fetch" {
		return errors.New("usage: " + c.Usage)
	}
	fetched, err := c.Fetch(ctx, strings.Join(args[1:], ""), os.Stderr)
	if err == nil {
		_, err = fmt.Fprintln(os.Stdout, fetched)
	}
	return err //nolint:wrapcheck // says enough
}
