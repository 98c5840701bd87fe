package cli

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator"
	"github.com/esgen-dev/esgen/generator/write"
)

// generateOptions are the flags of the command; the zero value is the default.
type generateOptions struct {
	noClean bool
	dryRun  bool
	watch   bool
}

func newGenerate(a *app) *cobra.Command {
	var o generateOptions
	cmd := &cobra.Command{
		Use:     "generate",
		GroupID: groupAuthor,
		Short:   "Write the Go code for the declarations",
		Long: `Generate writes the Go code for all .proto files below proto.roots. Put it into
a go:generate line, and run it after each change of a .proto file.

Only files that change are written. Files that esgen wrote earlier and would
not write now are removed. Nothing is printed when all is well.

With --watch it generates again after each change of a .proto file or of the
configuration, and prints a line each time, until it is interrupted.` +
			exitCodes(codeOK, codeFindings, codeUsage, codeCompile, codeInterrupted),
		Example: `  esgen generate
  esgen generate --dry-run     list what would be done
  esgen generate --watch       until Ctrl-C
  esgen -C services/bank generate -v`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.watch {
				return a.watch(cmd.Context(), o)
			}
			_, err := a.generate(cmd.Context(), o)
			return err
		},
	}
	cmd.Flags().BoolVar(&o.noClean, "no-clean", false, "keep files that are no longer generated")
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "list what would be written and removed, and change nothing")
	cmd.Flags().BoolVarP(&o.watch, "watch", "w", false, "generate again after each change")
	cmd.MarkFlagsMutuallyExclusive("watch", "dry-run")
	return cmd
}

// outcome is what a run of generate came to.
type outcome struct {
	files, changed int
	took           time.Duration
}

func (a *app) generate(ctx context.Context, o generateOptions) (outcome, error) {
	start := a.env.Now()
	p, result, err := a.files(ctx)
	if err != nil {
		return outcome{}, err
	}
	findings := p.settled(result.Findings...)
	if err := a.report(a.env.Stderr, findings, p.source); err != nil {
		return outcome{}, err
	}
	if blocked(p, result) {
		// No flag makes it a success that nothing could be generated.
		return outcome{}, cmp.Or(a.verdict(findings), error(&failure{code: codeFindings}))
	}
	made := a.env.Now()
	changed, err := a.write(ctx, p, result.Files, o)
	if err != nil {
		return outcome{}, err
	}
	a.detail("%d files: %s to generate, %s to write", len(result.Files),
		made.Sub(start).Round(time.Millisecond), a.env.Now().Sub(made).Round(time.Millisecond))
	return outcome{files: len(result.Files), changed: changed, took: a.env.Now().Sub(start)}, a.verdict(findings)
}

// files loads the project and generates its files in memory, unless that is
// blocked.
func (a *app) files(ctx context.Context) (project, generator.Result, error) {
	p, err := a.load(ctx)
	if err != nil || p.set == nil {
		return p, generator.Result{}, err
	}
	result, err := generator.Generate(p.set, p.options())
	if err != nil {
		return p, generator.Result{}, &defect{cause: err}
	}
	if err := ctx.Err(); err != nil {
		return p, generator.Result{}, fmt.Errorf("generate: %w", err)
	}
	return p, result, nil
}

// blocked reports whether something has to be corrected before there can be
// files.
func blocked(p project, result generator.Result) bool {
	return p.set == nil || diag.Worst(result.Findings) >= diag.Error
}

// write brings the files to disk, or says what it would do. It returns how
// many files were changed.
func (a *app) write(ctx context.Context, p project, files []write.File, o generateOptions) (int, error) {
	target := p.target()
	target.Clean = target.Clean && !o.noClean
	changes, err := write.Compare(ctx, target, files)
	if err != nil {
		return 0, err
	}
	say, written, removed := a.detail, "wrote", "removed"
	if o.dryRun {
		say, written, removed = a.note, "would write", "would remove"
	} else if err := write.Apply(ctx, target, changes); err != nil {
		return 0, err
	}
	for _, change := range changes {
		done := written
		if change.Kind == write.Orphan {
			done = removed
		}
		say("%s %s", done, filepath.Join(target.Root, filepath.FromSlash(change.Path)))
	}
	return len(changes), nil
}
