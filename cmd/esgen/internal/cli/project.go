package cli

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/golang"
	"github.com/esgen-dev/esgen/generator/load"
	"github.com/esgen-dev/esgen/generator/write"
	"github.com/esgen-dev/esgen/internal/config"
)

// project is a configuration and the .proto files that it names.
type project struct {
	config   *config.Config
	set      *load.Set      // nil when a finding is an error
	findings []diag.Finding // so far
}

// configuration finds, reads and checks the configuration. It is nil when a
// finding is an error.
func (a *app) configuration() (*config.Config, []diag.Finding) {
	c, findings := config.Open(a.flags.dir, a.explicit())
	if c == nil {
		return nil, findings
	}
	a.anchor = c.Path
	if c.Path == "" {
		a.note("no %s found: using the defaults with %s", config.Name, c.Join("proto"))
	}
	findings = append(findings, c.Check(a.rules, version())...)
	if diag.Worst(findings) >= diag.Error {
		return nil, findings
	}
	return c, findings
}

// explicit returns the path of the configuration if it was given, or "".
func (a *app) explicit() string {
	if a.flags.config == "" {
		return ""
	}
	return a.flags.join(a.flags.config)
}

// load reads the configuration and the .proto files.
func (a *app) load(ctx context.Context) (project, error) {
	c, findings := a.configuration()
	if c == nil {
		return project{findings: findings}, nil
	}
	return loadProject(ctx, c, findings, false)
}

// loadProject reads the .proto files of a configuration.
func loadProject(ctx context.Context, c *config.Config, findings []diag.Finding, withoutPositions bool) (project, error) {
	options := loadOptions(c)
	options.WithoutPositions = withoutPositions
	set, more, err := load.Sources(ctx, options)
	if err != nil {
		return project{}, fmt.Errorf("load the .proto files: %w", err)
	}
	return project{config: c, set: set, findings: slices.Concat(findings, more)}, nil
}

func joinAll(c *config.Config, paths []string) []string {
	joined := make([]string, 0, len(paths))
	for _, p := range paths {
		joined = append(joined, c.Join(p))
	}
	return joined
}

// parameter says in the words of protoc-gen-go where files go.
func parameter(g config.Go) string {
	if g.Module != "" {
		return "paths=" + g.Paths + ",module=" + g.Module
	}
	return "paths=" + g.Paths
}

// settled returns all findings, with the configured severities and in order.
func (p project) settled(more ...diag.Finding) []diag.Finding {
	findings := slices.Concat(p.findings, more)
	if p.config != nil {
		findings = p.config.Rules.Apply(findings)
	}
	return diag.Sort(findings)
}

// source returns the text of a file that a finding points to, or nil.
func (p project) source(name string) []byte {
	if p.set != nil {
		if text := p.set.Text(name); text != nil {
			return text
		}
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	return text
}

func (p project) options() golang.Options {
	return golang.Options{Messages: p.config.Generate.Go.Messages, Kit: p.config.Generate.Go.Kit}
}

// target returns where generated files go.
func (p project) target() write.Target {
	g := p.config.Generate.Go
	target := write.Target{Root: p.config.Dir, Out: path.Clean(filepath.ToSlash(g.Out)), Clean: g.Clean}
	if g.Messages {
		target.Owns = p.owns
	}
	return target
}

// owns reports whether a .proto file is below the roots, or was before it was
// deleted: a directory on its way is still there. An import is not ours.
func (p project) owns(source string) (ours, known bool) {
	if p.exists(p.config.Proto.Roots, source) {
		return true, true
	}
	if p.exists(p.config.Proto.Imports, source) {
		return false, true
	}
	for dir := path.Dir(source); dir != "." && dir != "/"; dir = path.Dir(dir) {
		if p.exists(p.config.Proto.Roots, dir) {
			return true, true
		}
	}
	return false, false
}

func (p project) exists(dirs []string, name string) bool {
	for _, dir := range dirs {
		if _, err := os.Stat(filepath.Join(p.config.Join(dir), filepath.FromSlash(name))); err == nil {
			return true
		}
	}
	return false
}
