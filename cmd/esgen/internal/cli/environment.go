package cli

import "github.com/spf13/cobra"

// newEnvironment returns a topic of the help, not a command.
func newEnvironment() *cobra.Command {
	return &cobra.Command{
		Use:   "environment",
		Short: "The environment variables that esgen reads",
		Long: `A flag wins over an environment variable.

  ESGEN_CONFIG  the configuration file, as --config
  ESGEN_COLOR   auto, always or never, as --color
  ESGEN_DEBUG   a list of key=value, separated by commas, for whoever measures esgen:
                  cpuprofile=file  write a profile of the processor time
                  memprofile=file  write a profile of the memory in use at the end

  ESGEN_REGISTRY_URL        the schema registry; wins over registry.url in esgen.yaml
  ESGEN_REGISTRY_USER       with ESGEN_REGISTRY_PASSWORD, or ESGEN_REGISTRY_TOKEN alone
  ESGEN_REGISTRY_CA         a file with certificates to trust
  ESGEN_REGISTRY_CERT       with ESGEN_REGISTRY_KEY, files with the client's certificate

For a registry with a name, such as staging, they are ESGEN_REGISTRY_STAGING_URL
and so on.

Of the conventions among command-line programs, colours follow NO_COLOR,
CLICOLOR_FORCE, FORCE_COLOR and TERM=dumb, and are on in the logs of GitHub and
GitLab (GITHUB_ACTIONS, GITLAB_CI).

In a workflow of GitHub (GITHUB_ACTIONS=true), findings become annotations too,
as with --format github, unless --format is given. With those, a table of the
findings is added to the summary of the job (GITHUB_STEP_SUMMARY).

In esgen.yaml, ${NAME} is expanded in the addresses of registries alone.`,
	}
}
