package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// build is what is known about the program that runs.
type build struct {
	SchemaVersion int    `json:"schema_version"`
	Tool          string `json:"tool"`
	Version       string `json:"version"`
	Go            string `json:"go"`
	OS            string `json:"os"`
	Arch          string `json:"arch"`
	Revision      string `json:"revision,omitempty"`
	Time          string `json:"time,omitempty"`
	Modified      bool   `json:"modified,omitempty"`
}

func newVersion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		GroupID: groupExplore,
		Short:   "Print the version",
		Long: `Version prints the version of esgen and of the Go that built it. A program that
was not built from a release has the version (devel).` + exitCodes(codeOK, codeUsage),
		Example: `  esgen version
  esgen version --format json`,
		Args: atMost(0),
		RunE: func(*cobra.Command, []string) error { return a.each(a.env.Stdout, printVersion) },
	}
}

func printVersion(w io.Writer, format string) error {
	b := currentBuild()
	if format == formatJSON {
		return printJSON(w, b)
	}
	_, err := fmt.Fprintf(w, "esgen %s\n", b)
	return err //nolint:wrapcheck // each wraps it
}

// String returns the version, and in parentheses what it was built with.
func (b build) String() string { return fmt.Sprintf("%s (%s, %s/%s)", b.Version, b.Go, b.OS, b.Arch) }

// printJSON prints a value for programs.
func printJSON[T any](w io.Writer, value T) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value) //nolint:wrapcheck // each wraps it
}

// version returns the version of esgen that runs, e.g. "v0.3.1" or "(devel)".
func version() string { return currentBuild().Version }

// currentBuild reads what the go command wrote into the program.
func currentBuild() build {
	b := build{
		SchemaVersion: 1, Tool: "esgen", Version: "(devel)",
		Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH,
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if info.Main.Replace != nil { // by a directory: its version says nothing
		info.Main.Version = info.Main.Replace.Version
	}
	if info.Main.Version != "" {
		b.Version = info.Main.Version
	}
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			b.Revision = setting.Value
		case "vcs.time":
			b.Time = setting.Value
		case "vcs.modified":
			b.Modified = setting.Value == "true"
		}
	}
	return b
}
