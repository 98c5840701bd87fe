package cli

import (
	"context"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/esgen-dev/esgen/compat/history"
	"github.com/esgen-dev/esgen/compat/registry"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/model"
	"github.com/esgen-dev/esgen/generator/schema"
)

func newLockPull(a *app) *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use:   "pull",
		Short: "Take over what a registry holds",
		Long: `Pull adds the versions that the schema registry holds of the declared events,
and that esgen.lock does not hold yet: the way in for services whose schemas
were registered before. Where the two hold different versions it fails.` +
			exitCodes(codeOK, codeFindings, codeUsage, codeCompile, codeRegistry, codeInterrupted),
		Example: `  esgen lock pull
  esgen lock pull --registry production`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.lockPull(cmd.Context(), name) },
	}
	a.registryFlag(cmd, &name)
	return cmd
}

func (a *app) lockPull(ctx context.Context, name string) error {
	g, err := a.schemas(ctx, gateOptions{against: "lock"})
	if err != nil {
		return err
	}
	var updated history.Updated
	if g.model != nil {
		versions, err := a.fetch(ctx, g, name)
		if err != nil {
			return a.registryFailure(g, err)
		}
		var found []diag.Finding
		if updated, found = g.lock.Extend(versions, g.model); g.found(found) {
			g.model = nil
		}
	}
	findings := g.settled()
	if err := a.report(a.env.Stderr, findings, g.source); err != nil {
		return err
	}
	if err := a.verdict(findings); err != nil {
		return err
	}
	if g.model == nil || diag.Worst(findings) >= diag.Error {
		return &failure{code: codeFindings} // whatever --fail-on says: nothing is taken over
	}
	if err := a.writeLock(ctx, g, updated.Files); err != nil {
		return err
	}
	return a.each(a.env.Stdout, func(w io.Writer, format string) error {
		if format != formatText || a.flags.quiet {
			return nil
		}
		return printAdded(w, updated.Added)
	})
}

// registryBaseline returns what the main registry holds of the project.
func (a *app) registryBaseline(ctx context.Context, g gate, m *model.Model) (baseline, []diag.Finding, error) {
	var found []diag.Finding
	g.schemas, found = schema.Build(g.set, m, schemaOptions(g.config, g.lock))
	if diag.Worst(found) >= diag.Error {
		return baseline{}, nil, nil // it is built and said again
	}
	versions, err := a.fetch(ctx, g, "")
	if err != nil {
		return baseline{}, nil, a.registryFailure(g, err)
	}
	empty := &history.History{}
	updated, found := empty.Extend(versions, nil)
	return baseline{accepted: updated.History}, found, nil
}

// fetch returns all versions that a registry holds of the declared schemas, in
// the order in which [history.History.Extend] wants them.
func (a *app) fetch(ctx context.Context, g gate, name string) ([]schema.Schema, error) {
	client, _, err := a.openRegistry(g.config, name)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	subjects := make([]string, 0, len(g.schemas))
	keys := map[string]string{}
	for _, s := range g.schemas {
		subjects = append(subjects, s.Subject)
		keys[s.Subject] = s.Key
	}
	stored, err := client.Fetch(ctx, subjects)
	if err != nil {
		return nil, err // registryFailure words it
	}
	return renumber(stored, keys), nil
}

// renumber turns versions of a registry, which deletes may have left gaps in,
// into versions of a history. A reference to a version that is not live any
// more means the last one before it.
func renumber(stored []registry.Stored, keys map[string]string) []schema.Schema {
	numbers := map[string][]int{} // of live versions, by subject
	versions := make([]schema.Schema, 0, len(stored))
	for _, v := range stored {
		numbers[v.Subject] = append(numbers[v.Subject], v.Version)
	}
	for _, v := range stored {
		s := schema.Schema{Key: keys[v.Subject], Subject: v.Subject, Type: v.Type, Text: v.Text, References: slices.Clone(v.References)}
		for i, ref := range s.References {
			at, exact := slices.BinarySearch(numbers[ref.Subject], ref.Version)
			if exact {
				at++
			}
			s.References[i].Version = max(1, at)
		}
		versions = append(versions, s)
	}
	return versions
}
