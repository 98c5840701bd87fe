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
  esgen lint --format text --format sarif=lint.sarif --format junit=lint.xml
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
	err = a.publish(a.env.Stdout, report{
		findings: findings, source: p.source, passed: passed("lint", p.declarations(), findings),
	})
	if err != nil {
		return err
	}
	return a.verdict(findings)
}

// declarations returns the paths of the .proto files that are the project's
// own, as a user would type them.
func (p project) declarations() []string {
	if p.set == nil {
		return nil
	}
	var paths []string
	for _, file := range p.set.Plugin.Files {
		if file.Generate {
			paths = append(paths, p.set.Position(file.Desc).Path)
		}
	}
	return paths
}
