package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/esgen-dev/esgen/diag"
)

func newRules(a *app) *cobra.Command {
	var schema bool
	cmd := &cobra.Command{
		Use:     "rules [ID]",
		GroupID: groupExplore,
		Short:   "List the rules, or explain one",
		Long: `Rules lists everything that esgen can find, with the severity that it has unless
esgen.yaml says otherwise. With the id of a rule, as it stands in brackets
behind each finding, it explains that one.` + exitCodes(codeOK, codeUsage),
		Example: `  esgen rules
  esgen rules EVENT_UNKNOWN
  esgen rules --format json
  esgen rules --findings-schema > findings.schema.json`,
		Args: atMost(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return a.ruleIDs(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if schema {
				_, err := io.WriteString(a.env.Stdout, diag.JSONSchema())
				return err //nolint:wrapcheck // it is an error of standard output
			}
			return a.printRules(args)
		},
	}
	cmd.Flags().BoolVar(&schema, "findings-schema", false, "print the JSON schema of what --format json prints")
	return cmd
}

func (a *app) printRules(args []string) error {
	rules := slices.Clone(a.rules)
	slices.SortFunc(rules, func(x, y diag.Rule) int { return strings.Compare(x.ID, y.ID) })
	show := printTable
	if len(args) > 0 {
		id := args[0]
		rules = slices.DeleteFunc(rules, func(r diag.Rule) bool { return r.ID != id })
		if len(rules) == 0 {
			return usage(suggest(id, a.ruleIDs(), "esgen rules lists all of them"), "there is no rule %q", id)
		}
		show = func(w io.Writer, rules []diag.Rule) error { return explain(w, rules[0]) }
	}
	return a.each(a.env.Stdout, func(w io.Writer, format string) error {
		if format == formatJSON {
			return printJSON(w, toRulesJSON(rules))
		}
		return show(w, rules)
	})
}

func (a *app) ruleIDs() []string {
	ids := make([]string, 0, len(a.rules))
	for _, r := range a.rules {
		ids = append(ids, r.ID)
	}
	slices.Sort(ids)
	return ids
}

func printTable(w io.Writer, rules []diag.Rule) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "ID\tSEVERITY\tCATEGORY\tTITLE") // Flush returns its error
	for _, r := range rules {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", r.ID, r.Severity, r.Category, r.Title)
	}
	return table.Flush() //nolint:wrapcheck // each wraps it
}

func explain(w io.Writer, r diag.Rule) error {
	var out strings.Builder
	fmt.Fprintf(&out, "%s: %s\n\nseverity: %s\ncategory: %s\n", r.ID, r.Title, r.Severity, r.Category)
	if r.Fixed() {
		out.WriteString("It can neither be disabled nor made milder.\n")
	}
	out.WriteByte('\n')
	for _, line := range diag.Wrap(r.Explain) {
		out.WriteString(line + "\n")
	}
	if r.Example != "" {
		out.WriteString("\nFor example:\n\n")
		for line := range strings.Lines(strings.TrimRight(r.Example, "\n")) {
			out.WriteString("    " + strings.TrimRight(line, "\n") + "\n")
		}
	}
	_, err := io.WriteString(w, out.String())
	return err //nolint:wrapcheck // each wraps it
}

type rulesJSON struct {
	SchemaVersion int        `json:"schema_version"`
	Tool          string     `json:"tool"`
	Version       string     `json:"version"`
	Rules         []ruleJSON `json:"rules"`
}

type ruleJSON struct {
	ID       string        `json:"id"`
	Severity diag.Severity `json:"severity"`
	Category diag.Category `json:"category"`
	Fixed    bool          `json:"fixed"`
	Title    string        `json:"title"`
	Explain  string        `json:"explain"`
	Example  string        `json:"example,omitempty"`
}

func toRulesJSON(rules []diag.Rule) rulesJSON {
	out := rulesJSON{SchemaVersion: 1, Tool: "esgen", Version: version(), Rules: make([]ruleJSON, 0, len(rules))}
	for _, r := range rules {
		out.Rules = append(out.Rules, ruleJSON{
			ID: r.ID, Severity: r.Severity, Category: r.Category, Fixed: r.Fixed(),
			Title: r.Title, Explain: r.Explain, Example: r.Example,
		})
	}
	return out
}
