package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/internal/config"
	"github.com/esgen-dev/esgen/vet"
)

// vetRules returns a rule for each analyzer: esdeterminism is VET_DETERMINISM.
func vetRules() []diag.Rule {
	rules := make([]diag.Rule, 0, len(vet.Analyzers()))
	for _, analyzer := range vet.Analyzers() {
		title, explain, _ := strings.Cut(analyzer.Doc, "\n\n")
		rules = append(rules, diag.Rule{
			ID: vetRule(analyzer.Name), Category: diag.Lint, Severity: diag.Error, Title: title, Explain: explain,
		})
	}
	return rules
}

func vetRule(analyzer string) string {
	return "VET_" + strings.ToUpper(strings.TrimPrefix(analyzer, "es"))
}

// IsVetTool reports whether go vet -vettool started the program with these
// arguments: to ask what it is, or to look at one package.
func IsVetTool(args []string) bool {
	if len(args) == 0 {
		return false
	}
	for _, arg := range args[:len(args)-1] {
		if !strings.HasPrefix(arg, "-") {
			return false
		}
	}
	switch last := args[len(args)-1]; last {
	case "-V=full", "-flags":
		return len(args) == 1
	default:
		return filepath.Base(last) == "vet.cfg"
	}
}

func newVet(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "vet [packages]",
		GroupID: groupCheck,
		Short:   "Check the Go code of services",
		Long: `Vet looks for what the compiler cannot see in the Go code around aggregates:
Handle, Apply and Upcast methods that are not deterministic, Apply methods that
keep memory of an event, Handle methods that change the state, and type switches
that forget an event. Without packages it looks at ./... .

It runs go vet with esgen as its tool, so results are cached and the code has to
compile. Flags of go vet, such as -tags, follow behind two dashes. The rules can
be disabled under rules in esgen.yaml; none is needed.` +
			exitCodes(codeOK, codeFindings, codeUsage, codeInterrupted),
		Example: `  esgen vet
  esgen vet ./services/... --format json
  esgen vet -- -tags=integration ./...
  go vet -vettool=$(go tool -n esgen) ./...`,
		RunE: func(cmd *cobra.Command, args []string) error { return a.vet(cmd.Context(), args) },
	}
}

func (a *app) vet(ctx context.Context, args []string) error {
	rules, findings := a.vetConfiguration()
	if diag.Worst(findings) < diag.Error {
		output, err := a.goVet(ctx, args)
		if err != nil {
			return err
		}
		found, err := vetFindings(output)
		if err != nil {
			return err
		}
		findings = diag.Sort(append(findings, rules.Apply(found)...))
	}
	source := func(path string) []byte {
		text, _ := os.ReadFile(path) // without the text the finding is printed without a snippet
		return text
	}
	if err := a.report(a.env.Stdout, findings, source); err != nil {
		return err
	}
	return a.verdict(findings)
}

// vetConfiguration returns what esgen.yaml says of rules. Unlike other
// commands, vet is of use without one.
func (a *app) vetConfiguration() (config.Rules, []diag.Finding) {
	if a.flags.config == "" && !config.Exists(a.flags.dir) {
		return config.Rules{}, nil
	}
	c, findings := a.configuration()
	if c == nil {
		return config.Rules{}, findings
	}
	return c.Rules, findings
}
