package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator"
	"github.com/esgen-dev/esgen/generator/write"
)

func newCheck(a *app) *cobra.Command {
	var against string
	cmd := &cobra.Command{
		Use:     "check",
		GroupID: groupCheck,
		Short:   "Check everything: declarations, compatibility, generated code",
		Long: `Check is lint, compat and verify in one report, and the one line that CI needs.
It also finds that a schema was changed and not accepted with esgen lock update.` +
			exitCodes(codeOK, codeFindings, codeUsage, codeCompile, codeRegistry, codeInterrupted),
		Example: `  esgen check
  esgen check --format text --format sarif=esgen.sarif
  esgen check --against git:origin/main`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.check(cmd.Context(), against) },
	}
	a.againstFlag(cmd, &against)
	return cmd
}

func (a *app) check(ctx context.Context, against string) error {
	g, err := a.gate(ctx, against)
	if err != nil {
		return err
	}
	var changes []write.Change
	if g.model != nil {
		if changes, err = a.stale(ctx, &g); err != nil {
			return err
		}
		g.findings = append(g.findings, g.unaccepted()...)
	}
	declared := g.settled()
	all := diag.Sort(slices.Concat(declared, write.Findings(changes)))
	err = a.publish(a.env.Stdout, report{
		findings: all, source: g.source, passed: g.passed(all), verdicts: g.verdicts(),
		text: func(w io.Writer) error {
			if err := a.printGate(w, g, declared); err != nil {
				return err
			}
			return a.printStale(w, changes, declared)
		},
	})
	if err != nil {
		return err
	}
	a.nothingAccepted(g)
	return a.verdict(all)
}

// printStale names the generated files that differ; verify shows how. While
// something else is wrong, generating them is not what comes next.
func (a *app) printStale(w io.Writer, changes []write.Change, declared []diag.Finding) error {
	if len(changes) == 0 || a.flags.verbose {
		return printChanges(w, changes)
	}
	var out strings.Builder
	for _, change := range changes {
		fmt.Fprintf(&out, "%s: %s\n", change.Kind, change.Path)
	}
	if a.flags.fails(diag.Worst(declared)) {
		out.WriteString("mend what is above first; then run \"go tool esgen generate\" and commit the result\n")
	} else {
		out.WriteString("run \"go tool esgen generate\" and commit the result; \"go tool esgen verify\" shows the differences\n")
	}
	_, err := io.WriteString(w, out.String())
	return err //nolint:wrapcheck // publish wraps it
}

// stale generates the code and compares it with what is on disk.
func (a *app) stale(ctx context.Context, g *gate) ([]write.Change, error) {
	result, err := generator.Generate(g.set, g.options())
	if err != nil {
		return nil, &defect{cause: err}
	}
	changes, err := write.Compare(ctx, g.target(), result.Files)
	if err != nil {
		return nil, err // it names the file
	}
	for i := range changes {
		changes[i].Path = filepath.ToSlash(g.config.Join(changes[i].Path))
	}
	g.findings = append(g.findings, staleCopies(g.config)...)
	return changes, nil
}

// ruleUnaccepted is the rule about schemas that esgen.lock does not hold.
const ruleUnaccepted = "LOCK_STALE"

// lockRules are the rules of this package about esgen.lock.
func lockRules() []diag.Rule {
	return []diag.Rule{{
		ID: ruleUnaccepted, Category: diag.Generate, Severity: diag.Error,
		Title: "a schema is not accepted as it is declared",
		Explain: "esgen.lock and schemas hold what was accepted, and they are what later changes are compared with. A changed schema that is " +
			"not among it would be stored by the service and known to nobody. Run esgen lock update, and commit what it writes.",
	}}
}

// unaccepted finds schemas that would be new versions of the lock. Without a
// lock there is nothing to keep in step.
func (g *gate) unaccepted() []diag.Finding {
	if g.lock.IsEmpty() || diag.Worst(g.findings) >= diag.Error {
		return nil
	}
	updated, found := g.lock.Update(g.schemas, g.model)
	positions := map[string]diag.Position{}
	for _, s := range g.schemas {
		positions[s.Key] = s.Position
	}
	for _, v := range updated.Added {
		found = append(found, diag.Finding{
			Rule: ruleUnaccepted, Severity: diag.Error, Symbol: v.Schema.Key,
			Message:  fmt.Sprintf("version %d of the schema of %s is not in esgen.lock", v.Number, v.Schema.Key),
			Position: positions[v.Schema.Key],
			Help:     "run go tool esgen lock update and commit the result",
		})
	}
	if len(updated.Added) > 0 {
		return found
	}
	for _, file := range updated.Files {
		if g.sameLines(file) {
			continue // a merge puts lines where they need not be, which does no harm
		}
		found = append(found, diag.Finding{
			Rule: ruleUnaccepted, Severity: diag.Error,
			Message:  file.Path + " is not up to date",
			Position: diag.Position{Path: g.config.Join(file.Path), Line: 1, Column: 1},
			Help:     "run go tool esgen lock update and commit the result",
		})
	}
	return found
}

// sameLines reports whether a file holds the lines that it should, in any
// order.
func (g *gate) sameLines(file write.File) bool {
	text, err := os.ReadFile(g.config.Join(file.Path))
	if err != nil {
		return false
	}
	sorted := func(text []byte) []string { return slices.Sorted(strings.Lines(string(text))) }
	return slices.Equal(sorted(text), sorted(file.Content))
}
