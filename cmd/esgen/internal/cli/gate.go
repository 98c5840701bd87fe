package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/esgen-dev/esgen/compat"
	"github.com/esgen-dev/esgen/compat/history"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/load"
	"github.com/esgen-dev/esgen/generator/model"
	"github.com/esgen-dev/esgen/generator/schema"
	"github.com/esgen-dev/esgen/internal/config"
)

// gate is a project with what was accepted of it before, and what became of
// that.
type gate struct {
	project
	baseline // what is compared with: lock, or another one

	model    *model.Model     // nil when a finding keeps the gate from being asked
	lock     *history.History // what esgen.lock holds
	torn     *history.History // the same, as a merge left it; nil if it was in order
	schemas  []schema.Schema  // what is declared
	report   compat.Report
	findings []diag.Finding // of all steps, the project's included
}

// gateOptions say how a gate is loaded; the zero value is the usual way.
type gateOptions struct {
	against          string // "" is the configured baseline
	withoutPositions bool
	mend             bool // what a merge left behind in esgen.lock is not a finding
}

// quickGate is gate for whoever wants to know no more than what is wrong: most
// of the time nothing is, and then nobody asks where it stands. What lint finds
// is not among the findings.
func (a *app) quickGate(ctx context.Context, against string) (gate, error) {
	g, err := a.gateWith(ctx, gateOptions{against: against, withoutPositions: true})
	g.findings = a.withoutLint(g.findings)
	if err != nil || g.model != nil && len(g.findings) == 0 {
		return g, err
	}
	g, err = a.gate(ctx, against)
	g.findings = a.withoutLint(g.findings)
	return g, err
}

func (a *app) withoutLint(findings []diag.Finding) []diag.Finding {
	return slices.DeleteFunc(findings, func(f diag.Finding) bool { return a.category(f.Rule) == diag.Lint })
}

// gate loads a project and compares it with a baseline; "" is the configured
// one.
func (a *app) gate(ctx context.Context, against string) (gate, error) {
	return a.gateWith(ctx, gateOptions{against: against})
}

func (a *app) gateWith(ctx context.Context, o gateOptions) (gate, error) {
	g, err := a.schemas(ctx, o)
	if err != nil || g.model == nil {
		return g, err
	}
	g.report, err = compat.Check(ctx, compat.Request{
		Rules:    confluentRules(g.config.Compat.Level, g.config.Compat.Profile, g.config.Compat.Policy),
		Schemas:  g.schemas,
		Model:    g.model,
		Accepted: g.accepted,
		Locate:   g.set.Locate,
		Before:   g.locate,
	})
	if err != nil {
		return g, err // it is the context's
	}
	var left []diag.Finding
	g.report, left = g.report.Approve(approvals(g.config), a.env.Now())
	g.findings = append(g.findings, left...)
	return g, nil
}

// schemas loads a project, its baseline and its schemas.
func (a *app) schemas(ctx context.Context, o gateOptions) (gate, error) {
	c, findings := a.configuration()
	if c == nil {
		return gate{project: project{findings: findings}, findings: findings}, nil
	}
	g := gate{findings: findings}
	var inLock []diag.Finding
	both, loading := errgroup.WithContext(ctx)
	both.Go(func() (err error) {
		g.project, err = loadProject(loading, c, findings, o.withoutPositions)
		return err
	})
	both.Go(func() (err error) {
		g.lock, inLock, err = readLock(c)
		return err
	})
	if err := both.Wait(); err != nil {
		return gate{project: project{config: c}}, err //nolint:wrapcheck // both say what they did
	}
	g.findings = g.project.findings
	if o.mend && diag.Worst(inLock) >= diag.Error {
		inLock = g.mend()
	}
	if g.set == nil || g.found(inLock) {
		return g, nil
	}
	return a.declare(ctx, g, o.against)
}

// mend puts a history in its place that holds what the lock does, without what
// a merge left behind. What cannot be mended is returned.
func (g *gate) mend() []diag.Finding {
	mended, found := g.lock.Update(nil, nil)
	if len(found) > 0 {
		return found
	}
	g.torn, g.lock = g.lock, mended.History
	return nil
}

// declare adds what is declared to a project whose files were read.
func (a *app) declare(ctx context.Context, g gate, against string) (gate, error) {
	m, found := model.Build(g.set)
	if g.found(found) {
		return g, nil
	}
	var err error
	if against == "" {
		against = g.config.Compat.Against
	}
	if g.baseline, found, err = a.baseline(ctx, g, m, against); err != nil || g.found(found) {
		return g, err
	}
	g.schemas, found = schema.Build(g.set, m, schemaOptions(g.config, g.lock, g.accepted))
	if g.found(found) {
		return g, nil
	}
	g.model = m
	return g, nil
}

// found adds findings, and reports whether one of them is an error.
func (g *gate) found(more []diag.Finding) bool {
	g.findings = append(g.findings, more...)
	return diag.Worst(more) >= diag.Error
}

// settled returns all findings, with the configured severities and in order.
func (g *gate) settled(more ...diag.Finding) []diag.Finding {
	return project{config: g.config}.settled(slices.Concat(g.findings, more)...)
}

// readLock reads esgen.lock and the texts beside it.
func readLock(c *config.Config) (*history.History, []diag.Finding, error) {
	lock, findings, err := history.Read(os.DirFS(c.Dir), func(path string) string {
		return filepath.Join(c.Dir, filepath.FromSlash(path))
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read the accepted schemas: %w", err)
	}
	return lock, findings, nil
}

// schemaOptions says how the schemas of a project are made. A type that any of
// the histories knows stays in the text as long as it is declared.
func schemaOptions(c *config.Config, histories ...*history.History) schema.Options {
	kept := map[string][]string{}
	for _, h := range histories {
		for event, types := range h.Kept() {
			kept[event] = append(kept[event], types...)
		}
	}
	return schema.Options{
		Naming: schema.Naming(c.Registry.Subject),
		Text:   schema.Text(c.Registry.Text),
		Kept:   kept,
		Level:  strings.ToUpper(c.Compat.Level),
	}
}

// approvals returns the approvals of a configuration, with their places.
func approvals(c *config.Config) []compat.Approval {
	all := make([]compat.Approval, len(c.Compat.Allow))
	for i, allow := range c.Compat.Allow {
		all[i] = compat.Approval{
			Rule: allow.Rule, Symbol: allow.Symbol, Fingerprint: allow.Fingerprint,
			Reason: allow.Reason, Until: allow.Until,
			Position: c.Position(fmt.Sprintf("compat.allow[%d]", i)),
		}
	}
	return all
}

// loadOptions says where the sources of a configuration are.
func loadOptions(c *config.Config) load.Options {
	return load.Options{
		Roots:     joinAll(c, c.Proto.Roots),
		Imports:   joinAll(c, c.Proto.Imports),
		Parameter: parameter(c.Generate.Go),
	}
}
