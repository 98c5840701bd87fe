package cli

import (
	"context"
	"fmt"
	goversion "go/version"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/write"
	"github.com/esgen-dev/esgen/internal/config"
	"github.com/esgen-dev/esgen/proto/esgen/v1"
	"github.com/esgen-dev/esgen/templates"
)

// goChecks looks at the Go that would build a service.
func goChecks(ctx context.Context) []check {
	path, err := exec.LookPath("go")
	if err != nil {
		return []check{{
			Name: "go", State: stateProblem, Text: "there is no go on the PATH",
			Help: "install it: https://go.dev/dl",
		}}
	}
	// Outside of every module, and without leave to fetch another toolchain.
	cmd := exec.CommandContext(ctx, path, "env", "GOVERSION", "GOFLAGS")
	cmd.Dir, cmd.Env = os.TempDir(), append(os.Environ(), "GOTOOLCHAIN=local")
	out, err := cmd.Output()
	lines := strings.Split(string(out), "\n")
	if err != nil || len(lines) < 2 {
		return []check{{Name: "go", State: stateProblem, Text: fmt.Sprintf("%s does not run: %v", path, err), Help: "try: go version"}}
	}
	found := check{Name: "go", State: stateOK, Text: lines[0] + " (" + path + ")"}
	if goversion.IsValid(lines[0]) && goversion.Compare(lines[0], "go"+templates.Go) < 0 {
		found.State = stateNote
		found.Help = "services need Go " + templates.Go + ", which go fetches by itself unless GOTOOLCHAIN forbids it"
	}
	flags := check{Name: "GOFLAGS", State: stateOK, Text: lines[1]}
	if lines[1] == "" {
		flags.Text = "not set"
	}
	return []check{found, flags}
}

// moduleChecks looks at go.mod, and at the esgen that it asks for.
func moduleChecks(m *goModule, running string) []check {
	if m == nil {
		return []check{{
			Name: "module", State: stateNote, Text: "there is no go.mod here or above",
			Help: "begin with: esgen init",
		}}
	}
	checks := []check{{Name: "module", State: stateOK, Text: m.path() + " (" + filepath.Join(m.dir, "go.mod") + ")"}}
	if m.path() == templates.Esgen {
		return checks
	}
	pin := check{Name: "pin", State: stateOK, Text: "go.mod asks for esgen " + m.required()}
	switch {
	case m.required() == "":
		pin.State, pin.Text = stateNote, "go.mod does not ask for esgen"
		pin.Help = "run: go get -tool " + templates.Tool + "@latest"
	case m.replaced() != "":
		pin.Text = "go.mod uses " + m.replaced() + " for esgen"
	case running != m.required() && !strings.HasPrefix(running, "("):
		pin.State, pin.Text = stateProblem, fmt.Sprintf("go.mod asks for esgen %s, and %s is running", m.required(), running)
		pin.Help = "run it as: go tool esgen"
	case !m.hasTool():
		pin.State, pin.Help = stateNote, "to run it as go tool esgen: go get -tool "+templates.Tool+"@"+m.required()
	}
	return append(checks, pin)
}

// projectChecks looks at the configuration and everything that it names. It
// stops where nothing further can be looked at.
func (a *app) projectChecks(ctx context.Context) []check {
	quiet := *a
	quiet.flags.quiet = true
	c, findings := quiet.configuration()
	if c == nil {
		return []check{wrong("config", findings, "esgen config verify")}
	}
	configured := check{Name: "config", State: stateOK, Text: c.Path}
	if c.Path == "" {
		configured.State, configured.Text = stateNote, "no "+config.Name+": the defaults are in use"
	}
	checks := []check{configured, rootsCheck(c), optionsCheck(c)}
	p, result, err := quiet.files(ctx)
	switch {
	case err != nil:
		return append(checks, check{Name: "lint", State: stateProblem, Text: err.Error()})
	case blocked(p, result):
		return append(checks, wrong("lint", p.settled(result.Findings...), "esgen lint"))
	}
	checks = append(checks, lintCheck(p.settled(result.Findings...)))
	changes, err := write.Compare(ctx, p.target(), result.Files)
	switch {
	case err != nil:
		return append(checks, check{Name: "generated", State: stateProblem, Text: err.Error()})
	case len(changes) > 0:
		return append(checks, check{
			Name: "generated", State: stateProblem,
			Text: fmt.Sprintf("%d files are not what would be generated, such as %s", len(changes), c.Join(changes[0].Path)),
			Help: "run: go tool esgen generate",
		})
	}
	return append(checks, check{Name: "generated", State: stateOK, Text: fmt.Sprintf("%d files are up to date", len(result.Files))})
}

// wrong is the check of something that has errors.
func wrong(name string, findings []diag.Finding, command string) check {
	i := max(0, slices.IndexFunc(findings, func(f diag.Finding) bool { return f.Severity == diag.Error }))
	text := strings.TrimPrefix(findings[i].Position.String()+": ", ": ") + findings[i].Message + " [" + findings[i].Rule + "]"
	return check{Name: name, State: stateProblem, Text: text, Help: "see all of it with: " + command}
}

func lintCheck(findings []diag.Finding) check {
	c := check{Name: "lint", State: stateOK, Text: "the declarations make sense"}
	if diag.Worst(findings) >= diag.Warning {
		c.State, c.Text = stateNote, "there are warnings"
		c.Help = "see them with: esgen lint"
	}
	return c
}

func rootsCheck(c *config.Config) check {
	n := 0
	for _, root := range c.Proto.Roots {
		// What cannot be read is said by the check after this one.
		_ = filepath.WalkDir(c.Join(root), func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(name, ".proto") {
				n++
			}
			return err
		})
	}
	return check{Name: "proto", State: stateOK, Text: fmt.Sprintf("%d files in %s", n, strings.Join(joinAll(c, c.Proto.Roots), ", "))}
}

func optionsCheck(c *config.Config) check {
	path := filepath.Join(c.Join(vendorDir), filepath.FromSlash(esgenv1.Path))
	if stale := staleCopies(c); len(stale) > 0 {
		return check{Name: "options", State: stateProblem, Text: stale[0].Position.Path + " is not the file that esgen has", Help: stale[0].Help}
	}
	if _, err := os.Stat(path); err != nil {
		return check{
			Name: "options", State: stateNote, Text: "there is no copy of " + esgenv1.Path + " for editors, protoc and buf",
			Help: "run: esgen options > " + path,
		}
	}
	return check{Name: "options", State: stateOK, Text: path}
}

// toolCheck looks for a program that esgen works with and does not need.
func toolCheck(name string) check {
	path, err := exec.LookPath(name)
	if err != nil {
		return check{Name: name, State: stateOK, Text: "not installed, and not needed"}
	}
	return check{Name: name, State: stateOK, Text: path}
}
