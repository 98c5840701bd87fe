package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/registry/registrytest"
	"github.com/esgen-dev/esgen/templates"
)

func newDemo(a *app) *cobra.Command {
	var keep bool
	cmd := &cobra.Command{
		Use:     "demo",
		GroupID: groupExplore,
		Short:   "Show what esgen does, in a temporary directory",
		Long: `Demo writes a service into a temporary directory, tests it and runs it. Then it
declares a new event, and shows who notices that something is missing: first
esgen verify, then the compiler. At last it registers the schemas in a schema
registry, which demo serves on the loopback interface, and changes an event twice:
as stored events permit, and as they do not. Every step is the command that you
would type, and its output. The directory is removed at the end.

It needs Go on the PATH. An esgen that was built from source uses the checkout
that it is run in, and no network.` +
			exitCodes(codeOK, codeFindings, codeUsage, codeInterrupted),
		Example: `  esgen demo
  esgen demo --keep  look at the service afterwards`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.demo(cmd.Context(), keep) },
	}
	cmd.Flags().BoolVar(&keep, "keep", false, "keep the directory, and say where it is")
	return cmd
}

func (a *app) demo(ctx context.Context, keep bool) error {
	from := whence(ctx, a.flags.dir)
	if from == (origin{}) {
		return usage("run it there: go run ./cmd/esgen demo", "this esgen was built from source, and %s is not its checkout", a.flags.dir)
	}
	temp, err := os.MkdirTemp("", "esgen-demo-")
	if err != nil {
		return fmt.Errorf("make a temporary directory: %w", err)
	}
	out := a.env.Stdout
	if a.flags.quiet {
		out = io.Discard
	}
	start := a.env.Now()
	registry := registrytest.New(registrytest.Options{Level: confluent.BackwardTransitive})
	defer registry.Close()
	env := append(clean(os.Environ()), "ESGEN_REGISTRY_URL="+registry.URL())
	err = a.play(ctx, &stage{w: out, dir: filepath.Join(temp, "bank"), env: env, hide: temp}, from)
	if keep {
		_, _ = fmt.Fprintf(a.env.Stdout, "\nthe service is in %s\n", filepath.Join(temp, "bank")) // there is nothing left to fail
	} else if removed := os.RemoveAll(temp); err == nil && removed != nil {
		err = fmt.Errorf("remove the temporary directory: %w", removed)
	}
	if err == nil {
		_, err = fmt.Fprintf(out, "\nEvery step did what it should, in %s. To begin your own: esgen init <directory>\n",
			a.env.Now().Sub(start).Round(time.Second))
	}
	return err //nolint:wrapcheck // play wraps, or it is an error of standard output
}

// clean removes settings that are meant for another module than the one in the
// temporary directory.
func clean(env []string) []string {
	kept := []string{"GOWORK=off"}
	for _, setting := range env {
		name, value, _ := strings.Cut(setting, "=")
		switch name {
		case "GOWORK", "ESGEN_CONFIG", "ESGEN_DEBUG":
			continue
		}
		if strings.HasPrefix(name, "ESGEN_REGISTRY_") || name == "GITHUB_ACTIONS" {
			continue // the demo has a registry of its own, and prints text
		}
		if name == "GOFLAGS" {
			flags := slices.DeleteFunc(strings.Fields(value), func(flag string) bool {
				name, _, _ := strings.Cut(strings.TrimLeft(flag, "-"), "=")
				return name == "mod" || name == "modfile"
			})
			setting = "GOFLAGS=" + strings.Join(flags, " ")
		}
		kept = append(kept, setting)
	}
	return kept
}

// play is the whole story.
func (a *app) play(ctx context.Context, s *stage, from origin) error {
	service, err := a.fromNothing(ctx, s, from)
	if err != nil {
		return err
	}
	declaration, behaviour, err := service.NewCommand()
	if err != nil {
		return &defect{cause: err}
	}
	for _, part := range append([]part{
		{text: "2. Declare that an account may change its owner", edit: declaration},
		{text: "The generated code is old now. In CI, somebody who forgot that is told:", acts: []act{
			{command: command{"go", "tool", "esgen", "verify"}, fails: true, says: `run "go tool esgen generate"`, head: 5, tail: 1},
		}},
		{text: "Generated. Nobody has said yet what the new event does to an account, and the compiler notices:", acts: []act{
			{command: command{"go", "generate", "./..."}, head: 3},
			{command: command{"go", "build", "./..."}, fails: true, says: "missing method ApplyOwnerChanged", head: 3},
		}},
		{text: "3. Say what it does", edit: behaviour, acts: []act{
			{command: command{"go", "test", "./..."}, head: 5},
			{command: command{"go", "tool", "esgen", "verify"}, head: 5},
		}},
	}, evolution(service)...) {
		if err := s.play(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

// evolution is the part of the story in which events are stored.
func evolution(service templates.Service) []part {
	adds, breaks := service.Evolve()
	esgen := func(args ...string) command { return append(command{"go", "tool", "esgen"}, args...) }
	return []part{
		{text: "4. From here on events are stored: accept their schemas, and tell the schema registry", acts: []act{
			{command: esgen("lock", "update"), says: "accepted version 1", head: 2},
			{command: esgen("register"), says: "to create", head: 1, tail: 2},
		}},
		{text: "5. A field more is fine", edit: adds, acts: []act{
			{command: command{"go", "generate", "./..."}, head: 3},
			{command: esgen("lock", "update"), says: "accepted version 2", head: 5},
			{command: esgen("register"), says: "1 to update", head: 5},
		}},
		{text: "6. Another type for a field is not: the events of last year hold a number there", edit: breaks, acts: []act{
			{command: esgen("compat"), fails: true, says: "the registry refuses it too", head: 12},
			{command: esgen("register", "--quiet"), fails: true, says: "REPLAY_", head: 1},
		}},
	}
}

// fromNothing writes the service and runs it.
func (a *app) fromNothing(ctx context.Context, s *stage, from origin) (templates.Service, error) {
	scaffold, err := a.plan(ctx, s.dir, from, initOptions{module: "example.com/bank", out: "gen"})
	if err != nil {
		return templates.Service{}, err
	}
	if err := scaffold.write(ctx); err != nil {
		return templates.Service{}, err
	}
	var listing strings.Builder
	if err := scaffold.print(&listing, false); err != nil {
		return templates.Service{}, err
	}
	files, _, _ := strings.Cut(listing.String(), "\nnext:")
	if err := s.say("1. A service, from nothing"); err != nil {
		return templates.Service{}, err
	}
	if err := s.typed(command{"esgen", "init", "bank"}); err != nil {
		return templates.Service{}, err
	}
	if err := s.show(files, 20, 0); err != nil {
		return templates.Service{}, err
	}
	if err := s.sums(from); err != nil {
		return templates.Service{}, err
	}
	for _, c := range scaffold.next() {
		if c[0] == "cd" {
			if err := s.typed(command{"cd", "bank"}); err != nil {
				return templates.Service{}, err
			}
			continue
		}
		if err := s.run(ctx, act{command: c, head: 5}); err != nil {
			return templates.Service{}, err
		}
	}
	return scaffold.service, nil
}

// sums takes over what the checkout knows about the modules that it needs, so
// that nobody has to be asked.
func (s *stage) sums(from origin) error {
	if from.checkout == "" {
		return nil
	}
	sums := filepath.Join(from.checkout, "go.sum")
	if err := s.typed(command{"cp", sums, "bank"}); err != nil {
		return err
	}
	text, err := os.ReadFile(sums)
	if err != nil {
		return fmt.Errorf("copy the sums of the checkout: %w", err)
	}
	if err := os.WriteFile(filepath.Join(s.dir, "go.sum"), text, 0o644); err != nil { //nolint:gosec // nothing secret
		return fmt.Errorf("copy the sums of the checkout: %w", err)
	}
	return nil
}
