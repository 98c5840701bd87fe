package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/compat/history"
	"github.com/esgen-dev/esgen/compat/history/gitfs"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/load"
	"github.com/esgen-dev/esgen/generator/model"
	"github.com/esgen-dev/esgen/generator/schema"
	"github.com/esgen-dev/esgen/internal/config"
)

// baseline is what the schemas of a project are compared with.
type baseline struct {
	accepted *history.History
	// locate returns where something was declared, if the baseline is more than
	// what was accepted; else it is nil.
	locate func(protoreflect.FullName) diag.Position
}

// baseline returns the baseline of a name.
func (a *app) baseline(ctx context.Context, g gate, m *model.Model, against string) (baseline, []diag.Finding, error) {
	kind, where, _ := strings.Cut(against, ":")
	switch {
	case against == "lock":
		return baseline{accepted: g.lock}, nil, nil
	case against == "registry":
		return a.registryBaseline(ctx, g, m)
	case kind == "git" && where != "":
		return a.gitBaseline(ctx, g.config, where)
	case kind == "dir" && where != "":
		return a.dirBaseline(ctx, g.config, where)
	}
	return baseline{}, nil, usage("write lock, registry, git:REF or dir:PATH", "invalid baseline %q", against)
}

// elsewhere is another place that holds a project.
type elsewhere struct {
	root    fs.FS                    // the directory that holds esgen.yaml
	shown   func(path string) string // a path in root, as a user would type it
	sources load.Options             // where paths of join are
	join    func(path string) string // a path of esgen.yaml, for sources
}

// dirBaseline returns what another directory accepted and declares.
func (a *app) dirBaseline(ctx context.Context, c *config.Config, dir string) (baseline, []diag.Finding, error) {
	dir = c.Join(dir)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return baseline{}, nil, usage("name a directory that holds esgen.yaml; it is relative to your own esgen.yaml", "%s is not a directory", dir)
	}
	join := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	return declared(ctx, c, elsewhere{root: os.DirFS(dir), shown: join, join: join})
}

// gitBaseline returns what a commit accepted and declares.
func (a *app) gitBaseline(ctx context.Context, c *config.Config, ref string) (baseline, []diag.Finding, error) {
	commit, err := gitfs.Open(ctx, c.Dir, ref)
	if err != nil {
		return baseline{}, nil, gitFailure(err)
	}
	defer func() { _ = commit.Close() }() // it was only read
	a.detail("comparing with commit %s", commit.Commit())
	root, err := fs.Sub(commit, commit.Prefix())
	if err != nil {
		return baseline{}, nil, gitFailure(err)
	}
	shown := func(name string) string { return ref + ":" + name }
	base, findings, err := declared(ctx, c, elsewhere{
		root:    root,
		shown:   func(name string) string { return shown(path.Join(commit.Prefix(), name)) },
		sources: load.Options{FS: commit, Display: shown},
		join:    func(name string) string { return path.Join(commit.Prefix(), filepath.ToSlash(name)) },
	})
	return base, findings, gitFailure(err)
}

// gitFailure says what git could not do, and what to type.
func gitFailure(err error) error {
	if failed, ok := errors.AsType[*gitfs.Error](err); ok {
		return usage(failed.Help(), "%s", failed.Message)
	}
	return err
}

// declared returns what another place accepted and declares: the history that
// it holds, with its declarations as last versions. Where it has no
// configuration, that of today is taken.
func declared(ctx context.Context, c *config.Config, e elsewhere) (baseline, []diag.Finding, error) {
	lock, findings, err := history.Read(e.root, e.shown)
	if err != nil {
		return baseline{}, nil, fmt.Errorf("read what was accepted: %w", err)
	}
	if diag.Worst(findings) >= diag.Error {
		return baseline{}, findings, nil
	}
	text, err := fs.ReadFile(e.root, config.Name)
	switch {
	case err == nil:
		if c, findings = config.Parse(e.shown(config.Name), text); c == nil {
			return baseline{}, findings, nil
		}
	case !errors.Is(err, fs.ErrNotExist):
		return baseline{}, nil, fmt.Errorf("read the configuration of the baseline: %w", err)
	}
	options := e.sources
	options.Roots, options.Imports = each(c.Proto.Roots, e.join), each(c.Proto.Imports, e.join)
	options.Parameter = parameter(c.Generate.Go)
	set, findings, err := load.Sources(ctx, options)
	if err != nil || set == nil {
		return baseline{}, findings, err // it names the place
	}
	m, findings := model.Build(set)
	if diag.Worst(findings) >= diag.Error {
		return baseline{}, findings, nil
	}
	schemas, findings := schema.Build(set, m, schemaOptions(c, lock))
	if diag.Worst(findings) >= diag.Error {
		return baseline{}, findings, nil
	}
	updated, findings := lock.Update(schemas, m)
	return baseline{accepted: updated.History, locate: set.Locate}, findings, nil
}

func each(all []string, change func(string) string) []string {
	changed := make([]string, len(all))
	for i, s := range all {
		changed[i] = change(s)
	}
	return changed
}
