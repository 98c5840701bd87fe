// Command esgen generates event-sourcing code from Protobuf declarations, and
// checks what was declared. Run "esgen help" for the manual.
package main

import (
	"context"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"

	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/esgen-dev/esgen/cmd/esgen/internal/cli"
	"github.com/esgen-dev/esgen/vet"
)

func main() {
	if cli.IsVetTool(os.Args[1:]) {
		unitchecker.Main(vet.Analyzers()...) // ends the process
	}
	debug.SetGCPercent(400) // a short life: a fifth less processor time for twice the memory
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process at once
	os.Exit(cli.Run(ctx, cli.Env{
		Name: filepath.Base(os.Args[0]), Args: os.Args[1:],
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Getenv: os.Getenv, Now: time.Now,
	}))
}
