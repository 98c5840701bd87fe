// Package cli is the command line of esgen: one file per command, and [Run],
// which runs one of them.
//
// Commands read the configuration, call the generator and hand its findings
// to the printers of package diag. They decide about streams and exit codes,
// and nothing else: what is wrong with a declaration is decided elsewhere.
package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/write"
)

// Env is the world of one run. All fields are required. Relative paths are
// relative to the working directory of the process.
type Env struct {
	Name   string   // the base name under which the program was started
	Args   []string // without the name
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	Getenv func(name string) string
	Now    func() time.Time
}

// pluginName is the name under which protoc looks for the plugin.
const pluginName = "protoc-gen-esgen"

// Run runs the command that the arguments name, and returns the exit code. It
// does not panic, whatever happens in this goroutine.
func Run(ctx context.Context, env Env) (code int) {
	defer func() {
		if cause := recover(); cause != nil {
			code = bug(env, cause, debug.Stack())
		}
	}()
	a := newApp(env)
	root := newRoot(a)
	root.SetArgs(arguments(env))
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	measured, err := parseDebug(env.Getenv("ESGEN_DEBUG"))
	if err != nil {
		return a.exit(ctx, err)
	}
	stop, err := measured.start()
	if err != nil {
		return a.exit(ctx, err)
	}
	err = root.ExecuteContext(ctx)
	return a.exit(ctx, cmp.Or(err, stop()))
}

// arguments returns what to run: a plugin is called without arguments.
func arguments(env Env) []string {
	switch {
	case env.Name != pluginName:
		return env.Args
	case len(env.Args) == 1 && env.Args[0] == "--version":
		return []string{"version"}
	}
	return append([]string{"plugin"}, env.Args...)
}

// exit says what went wrong, unless it was said before, and returns the code.
func (a *app) exit(ctx context.Context, err error) int {
	var failed *failure
	var unwritten *write.Error
	var broken *defect
	switch {
	case err == nil:
		return codeOK
	case ctx.Err() != nil:
		a.complain("interrupted", "")
		return codeInterrupted
	case errors.As(err, &failed):
		if failed.message != "" {
			a.complain(failed.message, failed.help)
		}
		return failed.code
	case errors.As(err, &broken):
		return bug(a.env, broken.cause, debug.Stack())
	case errors.As(err, &unwritten):
		a.complain(unwritten.Error(), unwritten.Help)
		return codeUsage
	}
	a.complain(err.Error(), "")
	return codeUsage
}

// complain prints an error that is not a finding.
func (a *app) complain(message, help string) {
	f := diag.Finding{Severity: diag.Error, Message: message, Help: help}
	// There is no better place to report an error of standard error.
	_ = a.textPrinter(a.env.Stderr, nil).Print(a.env.Stderr, []diag.Finding{f})
}

// bug reports what no input should lead to.
func bug(env Env, cause any, stack []byte) int {
	_, _ = fmt.Fprintf(env.Stderr, `error: this looks like a bug in esgen: %v
    help: please report it at https://github.com/esgen-dev/esgen/issues
          with the command, the .proto file if you can share it, and this:

esgen %s
%s`, cause, version(), stack)
	return codeBug
}

// defect is an error that no input should lead to.
type defect struct{ cause error }

// Error returns the cause.
func (d *defect) Error() string { return d.cause.Error() }
