package cli

import (
	"context"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/write"
)

func newVerify(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "verify",
		Aliases: []string{"diff"},
		GroupID: groupCheck,
		Short:   "Check that the generated code is up to date",
		Long: `Verify generates in memory and compares with what is on disk. It prints a diff
for each file that differs, and a line for each that is missing or no longer
generated. It changes nothing. Run it in CI.` +
			exitCodes(codeOK, codeFindings, codeUsage, codeCompile, codeInterrupted),
		Example: `  esgen verify
  esgen verify --format json
  esgen verify --format text --format sarif=verify.sarif`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.verify(cmd.Context()) },
	}
}

func (a *app) verify(ctx context.Context) error {
	p, result, err := a.files(ctx)
	if err != nil {
		return err
	}
	if blocked(p, result) {
		findings := p.settled(result.Findings...)
		if err := a.report(a.env.Stdout, findings, p.source); err != nil {
			return err
		}
		return a.verdict(findings)
	}
	changes, err := write.Compare(ctx, p.target(), result.Files)
	if err != nil {
		return err
	}
	for i := range changes {
		changes[i].Path = filepath.ToSlash(p.config.Join(changes[i].Path))
	}
	declared := p.settled(slices.Concat(result.Findings, staleCopies(p.config))...)
	all := diag.Sort(slices.Concat(declared, write.Findings(changes)))
	err = a.publish(a.env.Stdout, report{
		findings: all, source: p.source, passed: passed("up to date", p.generated(result.Files), all),
		text: func(w io.Writer) error {
			if err := a.textPrinter(w, p.source).Print(w, declared); err != nil {
				return err
			}
			return printChanges(w, changes)
		},
	})
	if err != nil {
		return err
	}
	a.detail("%d files are generated, %d differ", len(result.Files), len(changes))
	return a.verdict(all)
}

// generated returns the paths of generated files, as a user would type them.
func (p project) generated(files []write.File) []string {
	paths := make([]string, 0, len(files))
	out := p.target().Out
	for _, file := range files {
		paths = append(paths, filepath.ToSlash(p.config.Join(path.Join(out, file.Path))))
	}
	return paths
}

// printChanges prints what differs, and in the last line what to do about it.
func printChanges(w io.Writer, changes []write.Change) error {
	if len(changes) == 0 {
		return nil
	}
	var out strings.Builder
	for _, change := range changes {
		if change.Kind == write.Changed {
			out.WriteString(change.Diff())
			continue
		}
		fmt.Fprintf(&out, "%s: %s\n", change.Kind, change.Path)
	}
	out.WriteString("run \"go tool esgen generate\" and commit the result\n")
	if _, err := io.WriteString(w, out.String()); err != nil {
		return fmt.Errorf("print the differences: %w", err)
	}
	return nil
}
