package cli

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/compat"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/schema"
)

// compatOptions are the flags of the command.
type compatOptions struct {
	against    string
	writeAllow bool
}

func newCompat(a *app) *cobra.Command {
	var o compatOptions
	cmd := &cobra.Command{
		Use:     "compat",
		GroupID: groupCheck,
		Short:   "Check that stored events stay readable",
		Long: `Compat compares the schema of every event with all versions that were accepted
before. It makes two verdicts: what the schema registry would say to it, rule
for rule, and whether the new code can read everything that was ever stored and
gets the same out of it. It fails if either is no.

What was accepted is in esgen.lock, see esgen lock. --against takes something
else: git:REF what a commit holds, dir:PATH another directory, registry the
schema registry.

An intended break is approved in esgen.yaml under compat.allow, with a reason
and a last day. --write-allow drafts the entries.` +
			exitCodes(codeOK, codeFindings, codeUsage, codeCompile, codeRegistry, codeInterrupted),
		Example: `  esgen compat
  esgen compat --against git:origin/main
  esgen compat --against registry
  esgen compat --write-allow    draft approvals of what was found
  esgen compat diff old.proto new.proto --format json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return group(cmd, args)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return a.compat(cmd.Context(), o) },
	}
	a.againstFlag(cmd, &o.against)
	cmd.Flags().BoolVar(&o.writeAllow, "write-allow", false, "add approvals of what was found to esgen.yaml, for you to give reasons")
	cmd.AddCommand(newCompatDiff(a))
	return cmd
}

// againstFlag registers the flag that names a baseline.
func (a *app) againstFlag(cmd *cobra.Command, into *string) {
	cmd.Flags().StringVar(into, "against", "", "compare with this `baseline` instead of the one in esgen.yaml: lock, registry, git:REF or dir:PATH")
	// It fails for a flag that does not exist: this one does.
	_ = cmd.RegisterFlagCompletionFunc("against", cobra.FixedCompletions(
		[]string{"lock", "registry", "git:HEAD", "dir:"}, cobra.ShellCompDirectiveNoFileComp))
}

func (a *app) compat(ctx context.Context, o compatOptions) error {
	// All versions of all schemas go by. What is saved in time by collecting
	// less often than usual would be paid for in memory.
	defer debug.SetGCPercent(debug.SetGCPercent(125)) // the first call is for now, the second for later
	g, err := a.quickGate(ctx, o.against)
	if err != nil {
		return err
	}
	findings := g.settled()
	if o.writeAllow && g.model != nil {
		return a.writeAllow(g, findings)
	}
	if err := a.reportGate(g, findings); err != nil {
		return err
	}
	a.nothingAccepted(g)
	return a.verdict(findings)
}

// nothingAccepted says why nothing could be compared.
func (a *app) nothingAccepted(g gate) {
	if g.model != nil && g.accepted.IsEmpty() {
		a.note("nothing was accepted yet, so everything is new: run go tool esgen lock update before the first event is stored")
	}
}

// reportGate prints findings, and for people also the verdicts.
func (a *app) reportGate(g gate, findings []diag.Finding) error {
	return a.publish(a.env.Stdout, report{
		findings: findings, source: g.source, passed: g.passed(findings), verdicts: g.verdicts(),
		text: func(w io.Writer) error { return a.printGate(w, g, findings) },
	})
}

func (a *app) printGate(w io.Writer, g gate, findings []diag.Finding) error {
	if err := a.textPrinter(w, g.source).Print(w, findings); err != nil {
		return err // publish wraps it
	}
	if g.model == nil || a.flags.quiet {
		return nil
	}
	return printVerdicts(w, g.report.Subjects, a.flags.verbose)
}

// passed returns the checks of the gate that found nothing: two for each event.
func (g *gate) passed(findings []diag.Finding) []diag.Check {
	failed := map[string]bool{}
	for _, f := range findings {
		failed[f.Symbol] = true
	}
	var checks []diag.Check
	for _, s := range g.report.Subjects {
		if s.Registry.Compatible && !failed[s.Schema.Key] {
			checks = append(checks, diag.Check{Suite: s.Schema.Subject, Name: "registry"})
		}
		if s.Schema.Event != nil && s.Schema.Type == schema.Protobuf && len(s.Replay) == 0 && !failed[s.Schema.Key] {
			checks = append(checks, diag.Check{Suite: s.Schema.Subject, Name: "replay"})
		}
	}
	return checks
}

// verdicts returns what was said of each schema, or nil if none was compared.
func (g *gate) verdicts() []diag.Verdict {
	if g.model == nil {
		return nil
	}
	all := make([]diag.Verdict, len(g.report.Subjects))
	for i, s := range g.report.Subjects {
		all[i] = diag.Verdict{
			Subject: s.Schema.Subject, Type: string(s.Schema.Type), State: s.State.String(),
			Registry: compatibleWord(s.Registry.Compatible), Replay: replayWord(s), ApprovedUntil: s.ApprovedUntil,
			RenamedFrom: s.RenamedFrom,
		}
		if s.Schema.Event != nil {
			all[i].Symbol = s.Schema.Key
		}
	}
	return all
}

// printVerdicts prints a line for each schema that is changed, of a renamed event
// or not as it should be, or for each one if all is set, and a line that counts.
func printVerdicts(w io.Writer, subjects []compat.Subject, all bool) error {
	var out strings.Builder
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	count := map[compat.State]int{}
	for _, s := range subjects {
		count[s.State]++
		fine := s.State != compat.Changed && len(s.RenamedFrom) == 0 && s.Registry.Compatible && len(s.Replay) == 0
		if fine && !all {
			continue
		}
		line := fmt.Sprintf("%s\t%s\tregistry: %s", s.State, s.Schema.Subject, compatibleWord(s.Registry.Compatible))
		if replay := replayWord(s); replay != "" {
			line += "\treplay: " + replay
		}
		if len(s.RenamedFrom) > 0 {
			line += "\trenamed from " + oldNames(s.Schema.Key, s.RenamedFrom)
		}
		if s.ApprovedUntil != "" {
			line += "\tapproved until " + s.ApprovedUntil
		}
		_, _ = fmt.Fprintln(table, line) // a builder takes everything
	}
	_ = table.Flush() // a builder takes everything
	schemas := "schemas"
	if len(subjects) == 1 {
		schemas = "schema"
	}
	fmt.Fprintf(&out, "%d %s: %d new, %d changed, %d unchanged\n", len(subjects), schemas,
		count[compat.New], count[compat.Changed], count[compat.Unchanged])
	if _, err := io.WriteString(w, out.String()); err != nil {
		return fmt.Errorf("print the verdicts: %w", err)
	}
	return nil
}

// oldNames lists the names that an event had: without the package, unless that
// is what differs.
func oldNames(of string, full []string) string {
	names := make([]string, len(full))
	for i, name := range full {
		names[i] = string(protoreflect.FullName(name).Name())
		if names[i] == string(protoreflect.FullName(of).Name()) {
			names[i] = name
		}
	}
	return strings.Join(names, " and ")
}

// replayWord says what the replay verdict is, where there is one.
func replayWord(s compat.Subject) string {
	switch {
	case s.Schema.Event == nil || s.Schema.Type != schema.Protobuf:
		return ""
	case s.Undecided:
		return "undecided"
	case len(s.Replay) > 0:
		return "unsafe"
	}
	return "safe"
}
