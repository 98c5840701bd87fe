package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/registry"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/schema"
	"github.com/esgen-dev/esgen/internal/config"
)

// registerOptions are the flags of the command.
type registerOptions struct {
	registry string
	dryRun   bool
	yes      bool
	setLevel bool
}

func newRegister(a *app) *cobra.Command {
	var o registerOptions
	cmd := &cobra.Command{
		Use:     "register",
		GroupID: groupRegistry,
		Short:   "Register the schemas of the events",
		Long: `Register brings the schema registry up to what is declared. It makes the same
checks as esgen compat, asks the registry about every schema, prints a plan, and
registers in the order in which schemas refer to each other. It never deletes
anything, and touches no subjects but its own. After a failure in the middle,
running it again does the rest.

The registry is ESGEN_REGISTRY_URL, or else registry.url in esgen.yaml; --registry
takes one of registry.named. Secrets come from the environment alone:
ESGEN_REGISTRY_USER and _PASSWORD, or _TOKEN; _CA, _CERT and _KEY name files. For
a registry with a name they are ESGEN_REGISTRY_<NAME>_USER and so on.

A registry that is protected asks first, or needs --yes.` +
			exitCodes(codeOK, codeFindings, codeUsage, codeCompile, codeRegistry, codeInterrupted),
		Example: `  esgen register --dry-run
  esgen register --registry production --yes
  ESGEN_REGISTRY_URL=http://localhost:8081 esgen register`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.register(cmd.Context(), o) },
	}
	a.registryFlag(cmd, &o.registry)
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "print the plan, with every check made, and register nothing")
	cmd.Flags().BoolVarP(&o.yes, "yes", "y", false, "register without asking")
	cmd.Flags().BoolVar(&o.setLevel, "set-level", false, "set the compatibility levels of the subjects where they differ")
	return cmd
}

// registryFlag registers the flag that names a registry.
func (a *app) registryFlag(cmd *cobra.Command, into *string) {
	cmd.Flags().StringVar(into, "registry", "", "the registry of this `name` in esgen.yaml")
	// It fails for a flag that does not exist: this one does.
	_ = cmd.RegisterFlagCompletionFunc("registry", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		c, _ := a.configuration()
		if c == nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return slices.Sorted(maps.Keys(c.Registry.Named)), cobra.ShellCompDirectiveNoFileComp
	})
}

func (a *app) register(ctx context.Context, o registerOptions) error {
	g, err := a.gate(ctx, "lock")
	if err != nil {
		return err
	}
	if g.model != nil && g.lock.IsEmpty() {
		a.note("nothing was accepted yet: go tool esgen lock update keeps what is registered")
	}
	if g.model != nil {
		g.findings = append(g.findings, g.unaccepted()...)
	}
	if findings := g.settled(); g.model == nil || diag.Worst(findings) >= diag.Error {
		return cmp.Or(a.report(a.env.Stdout, findings, g.source), a.verdict(findings), error(&failure{code: codeFindings}))
	}
	client, server, err := a.openRegistry(g.config, o.registry)
	if err != nil {
		return a.registryFailure(g, err)
	}
	defer client.Close()
	plan, found, err := client.Plan(ctx, a.registerRequest(g, o))
	if err != nil {
		return a.registryFailure(g, err)
	}
	g.found(found)
	findings := g.settled()
	if err := a.reportPlan(g, plan, findings); err != nil {
		return err
	}
	if err := a.verdict(findings); err != nil || o.dryRun || plan.Count(registry.Unchanged) == len(plan.Steps) && !setsLevel(plan) {
		return err
	}
	if plan.Count(registry.Refused) > 0 {
		return &failure{code: codeFindings} // whatever --fail-on says
	}
	if err := a.consent(server, o); err != nil {
		return err
	}
	_, err = client.Apply(ctx, plan, func(done registry.Outcome) { a.progress(done) })
	return a.registryFailure(g, err)
}

// registerRequest is what shall be registered.
func (a *app) registerRequest(g gate, o registerOptions) registry.Request {
	accepted := map[string][]registry.Accepted{}
	for _, key := range g.lock.Keys() {
		for _, kind := range []schema.Type{schema.Protobuf, schema.JSON} {
			for _, v := range g.lock.Versions(key, kind) {
				subject := v.Schema.Subject
				accepted[subject] = append(accepted[subject], registry.Accepted{Type: kind, Text: v.Schema.Text})
			}
		}
	}
	return registry.Request{
		Schemas:  g.schemas,
		Level:    confluent.Level(strings.ToUpper(g.config.Compat.Level)),
		SetLevel: o.setLevel,
		Local:    localVerdict(g.config),
		Accepted: accepted,
	}
}

func setsLevel(plan registry.Plan) bool {
	return slices.ContainsFunc(plan.Steps, func(s registry.Step) bool { return s.SetLevel != "" })
}

// progress prints what became of one subject, if something did.
func (a *app) progress(done registry.Outcome) {
	if done.Action == registry.Unchanged && done.SetLevel == "" && !a.flags.verbose {
		return
	}
	if !a.flags.quiet {
		_, _ = fmt.Fprintln(a.env.Stdout, done)
	}
}

// reportPlan prints findings, and for people also the plan.
func (a *app) reportPlan(g gate, plan registry.Plan, findings []diag.Finding) error {
	return a.publish(a.env.Stdout, report{
		findings: findings, source: g.source, passed: g.passed(findings), verdicts: g.verdicts(),
		text: func(w io.Writer) error {
			if err := a.textPrinter(w, g.source).Print(w, findings); err != nil {
				return err // publish wraps it
			}
			if a.flags.quiet {
				return nil
			}
			return printPlan(w, plan, a.flags.verbose)
		},
	})
}

// printPlan prints a line for each subject that something will be done about,
// or for each one if all is set, and a line that counts.
func printPlan(w io.Writer, plan registry.Plan, all bool) error {
	var out strings.Builder
	for _, step := range plan.Steps {
		if step.Action == registry.Unchanged && step.SetLevel == "" && !all {
			continue
		}
		action := string(step.Action)
		if step.Action == registry.Unchanged && step.SetLevel != "" {
			action = "level"
		}
		fmt.Fprintf(&out, "%-9s %s", action, step.Schema.Subject)
		if step.SetLevel != "" {
			fmt.Fprintf(&out, ", level %s", step.SetLevel)
		}
		if step.Pending {
			out.WriteString(", checked when what it refers to is registered")
		}
		out.WriteString("\n")
	}
	fmt.Fprintf(&out, "%s: %d to create, %d to update, %d unchanged, %d refused\n", plan.Registry,
		plan.Count(registry.Create), plan.Count(registry.Update), plan.Count(registry.Unchanged), plan.Count(registry.Refused))
	if _, err := io.WriteString(w, out.String()); err != nil {
		return fmt.Errorf("print the plan: %w", err)
	}
	return nil
}

// consent asks before anything is written to a protected registry.
func (a *app) consent(server config.Server, o registerOptions) error {
	if o.yes || !server.Protected {
		return nil
	}
	if !isTerminal(a.env.Stdin) {
		return usage("add --yes if that is what you want", "the registry is protected, and nobody is there to ask")
	}
	_, _ = fmt.Fprint(a.env.Stderr, "register this in a protected registry? [y/N] ")
	answer, _ := bufio.NewReader(a.env.Stdin).ReadString('\n') // no answer is a no
	if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
		return usage("", "nothing was registered")
	}
	return nil
}

// openRegistry opens the registry of a name; "" is the main one.
func (a *app) openRegistry(c *config.Config, name string) (*registry.Client, config.Server, error) {
	server := c.Registry.Server
	if name != "" {
		var ok bool
		if server, ok = c.Registry.Named[name]; !ok {
			names := slices.Sorted(maps.Keys(c.Registry.Named))
			list := "add it under registry.named in " + config.Name
			if len(names) > 0 {
				list = "registry.named in " + config.Name + " lists " + strings.Join(names, ", ")
			}
			return nil, server, usage(suggest(name, names, list), "there is no registry %q", name)
		}
	}
	settings := registry.Config{Name: name, Context: server.Context, UserAgent: "esgen/" + version()}.WithEnvironment(a.env.Getenv)
	if len(settings.URLs) == 0 && server.URL != "" { // what is closer to the command line wins
		address, err := server.Expand(a.env.Getenv)
		if err != nil {
			return nil, server, usage("", "%v", err)
		}
		settings.URLs = strings.Split(address, ",")
	}
	client, err := registry.Open(settings)
	return client, server, err // registryFailure words it
}

// registryFailure reports why a registry could not be asked.
func (a *app) registryFailure(g gate, err error) error {
	var failed *registry.Error
	if !errors.As(err, &failed) {
		return err
	}
	if err := a.report(a.env.Stdout, g.settled(failed.Finding), g.source); err != nil {
		return err
	}
	if failed.Misconfigured() {
		return &failure{code: codeUsage}
	}
	return &failure{code: codeRegistry}
}
