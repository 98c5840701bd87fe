package cli

import (
	"fmt"
	"io"
	"slices"

	"github.com/esgen-dev/esgen/compat"
	"github.com/esgen-dev/esgen/compat/history"
	"github.com/esgen-dev/esgen/compat/registry"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator"
	"github.com/esgen-dev/esgen/generator/schema"
	"github.com/esgen-dev/esgen/internal/config"
)

// app is what all commands share in one run.
type app struct {
	env   Env
	flags flags
	rules []diag.Rule // all that there are
	// anchor is the configuration file that was read, for findings without a
	// position; "" if there is none.
	anchor string
}

func newApp(env Env) *app {
	return &app{
		env:   env,
		flags: newFlags(env.Getenv),
		rules: slices.Concat(config.RuleTable(), generator.Rules(), schema.Rules(), history.Rules(), lockRules(),
			compat.Rules(), registry.Rules(), optionsRules(), vetRules()),
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
