package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/model"
)

func newLint(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "lint",
		GroupID: groupCheck,
		Short:   "Check the declarations",
		Long: `Lint checks the declarations without generating anything. It finds all that
generate would refuse, and what works today but will be regretted.

A rule of the category lint can be disabled under rules in esgen.yaml.` +
			exitCodes(codeOK, codeFindings, codeUsage, codeCompile, codeInterrupted),
		Example: `  esgen lint
  esgen lint --fail-on warning
  esgen lint --format json | jq '.findings[].rule'`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.lint(cmd.Context()) },
	}
}

func (a *app) lint(ctx context.Context) error {
	p, err := a.load(ctx)
	if err != nil {
		return err
	}
	var found []diag.Finding
	if p.set != nil {
		_, found = model.Build(p.set)
	}
	findings := p.settled(found...)
	if err := a.report(a.env.Stdout, findings, p.source); err != nil {
		return err
	}
	return a.verdict(findings)
}
