package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/compat"
)

func newChangelog(a *app) *cobra.Command {
	var against string
	cmd := &cobra.Command{
		Use:     "changelog",
		GroupID: groupCheck,
		Short:   "Say what changed in the schemas",
		Long: `Changelog lists which events are new, which have a new version and what differs in
it, and which are no longer declared, since what was accepted last; --against
takes another baseline. It prints Markdown, and judges nothing.` +
			exitCodes(codeOK, codeFindings, codeUsage, codeCompile, codeRegistry, codeInterrupted),
		Example: `  esgen changelog
  esgen changelog --against git:v1.4.0
  esgen changelog --against git:origin/main --format json`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.changelog(cmd.Context(), against) },
	}
	a.againstFlag(cmd, &against)
	return cmd
}

func (a *app) changelog(ctx context.Context, against string) error {
	if err := a.plain(); err != nil {
		return err
	}
	g, err := a.gate(ctx, against)
	if err != nil {
		return err
	}
	if g.model == nil {
		findings := g.settled()
		if err := a.report(a.env.Stderr, findings, g.source); err != nil {
			return err
		}
		return a.verdict(findings)
	}
	entries := compat.Changelog(g.report, g.accepted)
	return a.each(a.env.Stdout, func(w io.Writer, format string) error {
		if format == formatJSON {
			return printJSON(w, changelogJSON(entries))
		}
		return printChangelog(w, entries)
	})
}

// changelogEntry is an entry in JSON.
type changelogEntry struct {
	Aggregate string   `json:"aggregate"`
	Event     string   `json:"event"`
	Version   int      `json:"version,omitempty"`
	Kind      string   `json:"kind"`
	Changes   []string `json:"changes"`
	// RenamedFrom are the full names that a renamed event had.
	RenamedFrom []string `json:"renamed_from,omitempty"`
}

func changelogJSON(entries []compat.Entry) []changelogEntry {
	out := make([]changelogEntry, len(entries))
	for i, e := range entries {
		out[i] = changelogEntry{
			Aggregate: e.Aggregate, Event: e.Event,
			Version: e.Version, Kind: e.State.String(), Changes: append([]string{}, e.Changes...), RenamedFrom: e.RenamedFrom,
		}
	}
	return out
}

func printChangelog(w io.Writer, entries []compat.Entry) error {
	var out strings.Builder
	aggregate := ""
	for _, e := range entries {
		if e.Aggregate != aggregate {
			fmt.Fprintf(&out, "%s## %s\n\n", blankLine(aggregate), e.Aggregate)
			aggregate = e.Aggregate
		}
		fmt.Fprintf(&out, "- %s: %s", protoreflect.FullName(e.Event).Name(), e.State)
		if len(e.RenamedFrom) > 0 {
			fmt.Fprintf(&out, " from %s", oldNames(e.Event, e.RenamedFrom))
		}
		if e.Version > 0 {
			fmt.Fprintf(&out, ", version %d", e.Version)
		}
		out.WriteString("\n")
		for _, change := range e.Changes {
			fmt.Fprintf(&out, "  - %s\n", change)
		}
	}
	if len(entries) == 0 {
		out.WriteString("nothing changed\n")
	}
	if _, err := io.WriteString(w, out.String()); err != nil {
		return fmt.Errorf("print the changes: %w", err)
	}
	return nil
}

// blankLine stands before every aggregate but the first.
func blankLine(previous string) string {
	if previous == "" {
		return ""
	}
	return "\n"
}
