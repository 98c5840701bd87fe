package cli

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/esgen-dev/esgen/internal/config"
)

func newConfig(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "config",
		GroupID: groupExplore,
		Short:   "Show and check the configuration",
		Long: `The configuration is esgen.yaml in the working directory or above, up to the
directory with go.mod. All paths in it are relative to the file.` + exitCodes(codeOK, codeUsage),
		Example: `  esgen config show
  esgen config verify
  esgen config schema > esgen.schema.json`,
		Args: cobra.ArbitraryArgs,
		RunE: group,
	}
	cmd.AddCommand(newConfigShow(a), newConfigVerify(a), newConfigSchema(a))
	return cmd
}

func newConfigShow(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "show",
		Short: "Print the configuration with all defaults",
		Long: `Show prints the configuration as it is in effect, with all defaults, as YAML.
Environment variables stay as they are written.` + exitCodes(codeOK, codeUsage),
		Example: `  esgen config show`,
		Args:    atMost(0),
		RunE: func(*cobra.Command, []string) error {
			c, findings := a.configuration()
			if c == nil {
				if err := a.report(a.env.Stderr, findings, project{}.source); err != nil {
					return err
				}
				return a.verdict(findings)
			}
			text, err := c.YAML()
			if err != nil {
				return err
			}
			_, err = a.env.Stdout.Write(text)
			return err //nolint:wrapcheck // it is an error of standard output
		},
	}
}

func newConfigVerify(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "verify",
		Short: "Check the configuration",
		Long: `Verify reads the configuration and checks that the paths and rules that it names
exist, and that this version of esgen may run.` + exitCodes(codeOK, codeUsage),
		Example: `  esgen config verify
  esgen config verify -c other.yaml --format json`,
		Args: atMost(0),
		RunE: func(*cobra.Command, []string) error {
			_, findings := a.configuration()
			if err := a.report(a.env.Stdout, findings, project{}.source); err != nil {
				return err
			}
			return a.verdict(findings)
		},
	}
}

func newConfigSchema(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON schema of the configuration",
		Long: `Schema prints the JSON schema of esgen.yaml. An editor that is told about it
completes and checks the file while it is written.` + exitCodes(codeOK, codeUsage),
		Example: `  esgen config schema > esgen.schema.json
  # and as the first line of esgen.yaml:
  # yaml-language-server: $schema=esgen.schema.json`,
		Args: atMost(0),
		RunE: func(*cobra.Command, []string) error {
			_, err := io.WriteString(a.env.Stdout, config.JSONSchema())
			return err //nolint:wrapcheck // it is an error of standard output
		},
	}
}
