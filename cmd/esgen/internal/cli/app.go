package cli

import (
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator"
	"github.com/esgen-dev/esgen/internal/config"
)

// app is what all commands share in one run.
type app struct {
	env   Env
	flags flags
	rules []diag.Rule // all that there are
}

func newApp(env Env) *app {
	return &app{
		env:   env,
		flags: newFlags(env.Getenv),
		rules: slices.Concat(config.RuleTable(), generator.Rules(), optionsRules(), vetRules()),
	}
}

// note prints a line for whoever watches, unless --quiet is given.
func (a *app) note(format string, args ...any) {
	if !a.flags.quiet {
		_, _ = fmt.Fprintf(a.env.Stderr, "esgen: "+format+"\n", args...)
	}
}

// detail prints a line if --verbose is given.
func (a *app) detail(format string, args ...any) {
	if a.flags.verbose {
		a.note(format, args...)
	}
}

// report prints findings in every format that was asked for. Text without a
// path goes to the given stream, the other formats to standard output.
func (a *app) report(text io.Writer, findings []diag.Finding, source func(path string) []byte) error {
	return a.each(text, func(w io.Writer, format string) error {
		if format == formatJSON {
			return diag.JSON{Version: version(), Rules: a.rules}.Print(w, findings)
		}
		return a.textPrinter(w, source).Print(w, findings)
	})
}

// each calls show for every output that was asked for.
func (a *app) each(text io.Writer, show func(w io.Writer, format string) error) error {
	for _, out := range a.flags.outputs() {
		var err error
		switch {
		case out.path != "":
			err = a.toFile(out, show)
		case out.format == formatText:
			err = show(text, out.format)
		default:
			err = show(a.env.Stdout, out.format)
		}
		if err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
	}
	return nil
}

func (a *app) toFile(out output, show func(w io.Writer, format string) error) (err error) {
	file, err := os.Create(a.flags.join(out.path))
	if err != nil {
		return err //nolint:wrapcheck // each wraps it
	}
	defer func() {
		if closed := file.Close(); err == nil {
			err = closed
		}
	}()
	return show(file, out.format)
}

// textPrinter returns the printer for people, suited to where they read it.
func (a *app) textPrinter(w io.Writer, source func(path string) []byte) diag.Text {
	width, terminal := terminalWidth(w)
	return diag.Text{
		Color:    useColor(a.flags.color.value, a.env.Getenv, terminal, isStream(w, a.env)),
		Snippets: terminal || a.flags.verbose,
		Width:    width,
		Source:   source,
	}
}
