package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// The groups of commands in the help text.
const (
	groupAuthor   = "author"
	groupCheck    = "check"
	groupRegistry = "registry"
	groupKafka    = "kafka"
	groupExplore  = "explore"
)

// newRoot returns the command without a name, which has all others below it.
func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "esgen",
		Short: "Generate event-sourcing code from Protobuf declarations",
		Long: `esgen reads .proto files in which aggregates, commands and events are declared
with options, and writes the Go code that runs them. It checks what was
declared, and whether the generated code is what the declarations say.

The configuration is esgen.yaml beside go.mod; without one, esgen takes the
.proto files of the directory proto beside go.mod.` +
			exitCodes(codeOK, codeFindings, codeUsage, codeCompile, codeRegistry, codeBug, codeInterrupted),
		Example: `  esgen init bank            write a service to begin with
  go tool esgen generate     write the code
  go tool esgen verify       check in CI that it was done
  esgen rules EVENT_UNKNOWN  explain a finding`,
		Version:           version(),
		SilenceUsage:      true,
		SilenceErrors:     true,
		Args:              cobra.ArbitraryArgs,
		RunE:              group,
		PersistentPreRunE: func(*cobra.Command, []string) error { return a.flags.check() },
	}
	a.flags.register(root)
	root.SetFlagErrorFunc(flagError)
	root.SetVersionTemplate("esgen {{.Version}}\n")
	root.AddGroup(
		&cobra.Group{ID: groupAuthor, Title: "Author:"},
		&cobra.Group{ID: groupCheck, Title: "Check:"},
		&cobra.Group{ID: groupRegistry, Title: "Registry:"},
		&cobra.Group{ID: groupKafka, Title: "Kafka:"},
		&cobra.Group{ID: groupExplore, Title: "Explore:"},
	)
	root.SetHelpCommandGroupID(groupExplore)
	root.CompletionOptions.DisableDefaultCmd = true // newCompletion says more
	root.AddCommand(
		newInit(a), newGenerate(a), newPlugin(a),
		newCheck(a), newVerify(a), newLint(a), newCompat(a), newVet(a), newLock(a), newChangelog(a),
		newRegister(a), newExport(a),
		newTopics(a), newDev(a),
		newDemo(a), newDoctor(a), newRules(a), newOptions(a), newConfig(a), newVersion(a), newCompletion(a),
		newEnvironment(),
	)
	return root
}

// group is what a command does that only has others below it: it shows them,
// or says that the one asked for is not among them.
func group(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help() //nolint:wrapcheck // it is an error of standard output
	}
	var names []string
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	slices.Sort(names)
	return usage(suggest(args[0], names, "the commands are "+strings.Join(names, ", ")),
		"unknown command %q of %s", args[0], cmd.CommandPath())
}

// atMost returns a check that a command gets no more than n arguments.
func atMost(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > n {
			return usage("see "+cmd.CommandPath()+" --help", "unexpected argument %q of %s", args[n], cmd.CommandPath())
		}
		return nil
	}
}
