package cli

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/esgen-dev/esgen/compat/history"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/write"
)

func newLock(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "lock",
		GroupID: groupCheck,
		Short:   "Keep what was accepted: esgen.lock and schemas",
		Long: `Lock keeps every version of every schema that was ever accepted, in esgen.lock
and the texts in schemas. Both are committed. They are what esgen compat compares
with, so the check needs neither a network nor the history of the repository.` +
			exitCodes(codeOK, codeFindings, codeUsage, codeCompile, codeRegistry, codeInterrupted),
		Example: `  esgen lock update
  esgen lock verify
  esgen lock pull --registry production`,
		RunE: group,
		Args: cobra.ArbitraryArgs,
	}
	cmd.AddCommand(newLockUpdate(a), newLockVerify(a), newLockPull(a))
	return cmd
}

func newLockUpdate(a *app) *cobra.Command {
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "update",
		Short: "Accept the schemas as they are declared now",
		Long: `Update adds a version for each schema that differs from its last accepted one,
after the same checks as esgen compat: what these refuse is not accepted. Run it
in the change that edits the .proto files, and commit what it writes.

It also mends what a merge of two branches leaves in esgen.lock.` +
			exitCodes(codeOK, codeFindings, codeUsage, codeCompile, codeInterrupted),
		Example: `  esgen lock update
  esgen lock update --dry-run`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.lockUpdate(cmd.Context(), dryRun) },
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "list what would be accepted, and change nothing")
	return cmd
}

func newLockVerify(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "verify",
		Short: "Check that nothing that was accepted has changed",
		Long: `Verify checks esgen.lock and the texts in schemas against each other: a version
that was edited, removed or put in between is found, and so is what a merge
left behind. It looks at no .proto file.` + exitCodes(codeOK, codeFindings, codeUsage, codeInterrupted),
		Example: `  esgen lock verify
  esgen lock verify --format github`,
		Args: atMost(0),
		RunE: func(*cobra.Command, []string) error { return a.lockVerify() },
	}
}

func (a *app) lockVerify() error {
	c, findings := a.configuration()
	p := project{config: c, findings: findings}
	if c != nil {
		lock, found, err := readLock(c)
		if err != nil {
			return err
		}
		p.findings = append(p.findings, found...)
		a.detail("%d schemas are accepted", len(lock.Keys()))
	}
	all := p.settled()
	if err := a.report(a.env.Stdout, all, p.source); err != nil {
		return err
	}
	return a.verdict(all)
}

func (a *app) lockUpdate(ctx context.Context, dryRun bool) error {
	g, updated, err := a.updatedLock(ctx)
	if err != nil {
		return err
	}
	findings := g.settled()
	if err := a.report(a.env.Stderr, findings, g.source); err != nil {
		return err
	}
	if err := a.verdict(findings); err != nil {
		return err
	}
	if g.model == nil || diag.Worst(findings) >= diag.Error {
		return &failure{code: codeFindings} // whatever --fail-on says: nothing is accepted
	}
	if !dryRun {
		if err := a.writeLock(ctx, g, updated.Files); err != nil {
			return err
		}
	}
	return a.each(a.env.Stdout, func(w io.Writer, format string) error {
		if format != formatText || a.flags.quiet {
			return nil
		}
		if len(updated.Added) == 0 && len(updated.Files) > 0 {
			_, err := fmt.Fprintf(w, "put %s in order\n", updated.Files[len(updated.Files)-1].Path)
			return err //nolint:wrapcheck // it is an error of standard output
		}
		return printAdded(w, updated.Added)
	})
}

// updatedLock returns the history with what is declared now. A lock that a
// merge left in disorder cannot be compared with before it is mended, so that
// comes first.
func (a *app) updatedLock(ctx context.Context) (gate, history.Updated, error) {
	g, err := a.gateWith(ctx, gateOptions{against: "lock", mend: true})
	if err != nil || g.model == nil || diag.Worst(g.settled()) >= diag.Error {
		return g, history.Updated{}, err
	}
	lock := g.lock
	if g.torn != nil {
		lock = g.torn // so that the files are written anew
	}
	updated, found := lock.Update(g.schemas, g.model)
	g.found(found)
	return g, updated, nil
}

// writeLock writes the files of a history.
func (a *app) writeLock(ctx context.Context, g gate, files []write.File) error {
	target := write.Target{Root: g.config.Dir, Out: "."}
	changes, err := write.Compare(ctx, target, files)
	if err != nil {
		return err // it names the file
	}
	if err := write.Apply(ctx, target, changes); err != nil {
		return err // it names the file
	}
	for _, change := range changes {
		a.detail("wrote %s", filepath.Join(g.config.Dir, change.Path))
	}
	return nil
}

func printAdded(w io.Writer, added []history.Version) error {
	for _, v := range added {
		if _, err := fmt.Fprintf(w, "accepted version %d of %s\n", v.Number, v.Schema.Subject); err != nil {
			return fmt.Errorf("print what was accepted: %w", err)
		}
	}
	return nil
}
