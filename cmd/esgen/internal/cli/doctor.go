package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/esgen-dev/esgen/diag"
)

// The states of a check.
const (
	stateOK      = "ok"
	stateNote    = "note"
	stateProblem = "problem"
)

// check is one thing that doctor looked at.
type check struct {
	Name  string `json:"name"`
	State string `json:"state"`
	Text  string `json:"text"`
	Help  string `json:"help,omitempty"`
}

func newDoctor(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "doctor",
		GroupID: groupExplore,
		Short:   "Say what may be wrong, and what to paste into an issue",
		Long: `Doctor looks at Go, the module, the configuration, the declarations and the
generated code, and says for each whether it is as it should be. It changes
nothing and never touches the network. Paste what it prints into an issue.` +
			exitCodes(codeOK, codeFindings, codeUsage, codeInterrupted),
		Example: `  esgen doctor
  esgen doctor --format json
  esgen -C services/bank doctor`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.doctor(cmd.Context()) },
	}
}

func (a *app) doctor(ctx context.Context) error {
	checks := []check{{Name: "esgen", State: stateOK, Text: currentBuild().String()}}
	checks = append(checks, goChecks(ctx)...)
	module, err := findModule(a.flags.dir)
	if err != nil {
		checks = append(checks, check{Name: "module", State: stateProblem, Text: err.Error()})
	} else {
		checks = append(checks, moduleChecks(module, version())...)
	}
	checks = append(checks, a.projectChecks(ctx)...)
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("look around: %w", err)
	}
	checks = append(checks, toolCheck("protoc"), toolCheck("buf"))
	if err := a.each(a.env.Stdout, func(w io.Writer, format string) error {
		if format == formatJSON {
			return printJSON(w, doctorJSON{SchemaVersion: 1, Tool: "esgen", Version: version(), Checks: checks})
		}
		return printChecks(w, checks, a.flags.quiet)
	}); err != nil {
		return err
	}
	sick := slices.ContainsFunc(checks, func(c check) bool { return c.State == stateProblem })
	if sick && a.flags.fails(diag.Error) {
		return &failure{code: codeFindings}
	}
	return nil
}

// doctorJSON is what doctor says to programs.
type doctorJSON struct {
	SchemaVersion int     `json:"schema_version"`
	Tool          string  `json:"tool"`
	Version       string  `json:"version"`
	Checks        []check `json:"checks"`
}

// printChecks prints a line per check, and what to do below it. With quiet it
// prints problems only.
func printChecks(w io.Writer, checks []check, quiet bool) error {
	var out strings.Builder
	for _, c := range checks {
		if quiet && c.State != stateProblem {
			continue
		}
		fmt.Fprintf(&out, "%-8s %-10s %s\n", c.State, c.Name, c.Text)
		before := "help: "
		for line := range strings.Lines(c.Help) {
			fmt.Fprintf(&out, "%20s%s%s\n", "", before, strings.TrimRight(line, "\n"))
			before = "      "
		}
	}
	_, err := io.WriteString(w, out.String())
	return err //nolint:wrapcheck // each wraps it
}
