package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

func newCompletion(a *app) *cobra.Command {
	shells := []string{"bash", "fish", "powershell", "zsh"}
	return &cobra.Command{
		Use:     "completion " + strings.Join(shells, "|"),
		GroupID: groupExplore,
		Short:   "Print the completion script of a shell",
		Long: `Completion prints a script that makes a shell complete the commands, flags, rules
and formats of esgen. Put the line for your shell where it reads its settings.` +
			exitCodes(codeOK, codeUsage),
		Example: `  source <(esgen completion bash)
  source <(esgen completion zsh)
  esgen completion fish | source
  esgen completion powershell | Out-String | Invoke-Expression`,
		ValidArgs: shells,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := atMost(1)(cmd, args); err != nil {
				return err
			}
			choice := "the shells are " + strings.Join(shells, ", ")
			if len(args) == 0 {
				return usage(choice, "%s needs the name of a shell", cmd.CommandPath())
			}
			if !slices.Contains(shells, args[0]) {
				return usage(suggest(args[0], shells, choice), "there is no completion for the shell %q", args[0])
			}
			if err := a.complete(cmd.Root(), args[0]); err != nil {
				return fmt.Errorf("print the script: %w", err)
			}
			return nil
		},
	}
}

func (a *app) complete(root *cobra.Command, shell string) error {
	const describe = true
	switch shell {
	case "bash":
		return root.GenBashCompletionV2(a.env.Stdout, describe) //nolint:wrapcheck // newCompletion wraps it
	case "fish":
		return root.GenFishCompletion(a.env.Stdout, describe) //nolint:wrapcheck // as above
	case "powershell":
		return root.GenPowerShellCompletionWithDesc(a.env.Stdout) //nolint:wrapcheck // as above
	}
	return root.GenZshCompletion(a.env.Stdout) //nolint:wrapcheck // as above
}
