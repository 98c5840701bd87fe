package cli

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/internal/config"
	esgenv1 "github.com/esgen-dev/esgen/proto/esgen/v1"
)

// vendorDir is where a copy of the options goes for other tools to find.
const vendorDir = "third_party"

const ruleOptionsChanged = "OPTIONS_CHANGED"

// optionsRules returns the rules about copies of the options file.
func optionsRules() []diag.Rule {
	return []diag.Rule{{
		ID: ruleOptionsChanged, Category: diag.Generate, Severity: diag.Error,
		Title: "a copy of the options file is not the one that esgen has",
		Explain: "protoc, buf and editors need " + esgenv1.Path + " on disk. The copy in this repository comes from another " +
			"version of esgen or was edited, so these tools and esgen read the same declarations differently. " +
			"Write it again with esgen options.",
	}}
}

func newOptions(a *app) *cobra.Command {
	var check bool
	cmd := &cobra.Command{
		Use:     "options [--check [path]]",
		GroupID: groupExplore,
		Short:   "Print the options file that declarations import",
		Long: `Options prints ` + esgenv1.Path + `, the language of the declarations. esgen has it
built in; protoc, buf and editors need a copy on disk.

With --check it compares a copy, by default
` + vendorDir + "/" + esgenv1.Path + `, with the one that is built in.` +
			exitCodes(codeOK, codeFindings, codeUsage),
		Example: `  mkdir -p third_party/esgen/v1
  esgen options > third_party/esgen/v1/options.proto
  esgen options --check`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !check {
				if err := atMost(0)(cmd, args); err != nil {
					return err
				}
				_, err := io.WriteString(a.env.Stdout, esgenv1.Source)
				return err //nolint:wrapcheck // it is an error of standard output
			}
			if err := atMost(1)(cmd, args); err != nil {
				return err
			}
			return a.checkOptions(args)
		},
	}
	cmd.Flags().BoolVar(&check, "check", false, "compare a copy on disk instead of printing")
	return cmd
}

func (a *app) checkOptions(args []string) error {
	path := a.flags.join(filepath.Join(vendorDir, filepath.FromSlash(esgenv1.Path)))
	if len(args) > 0 {
		path = a.flags.join(args[0])
	}
	finding, stale, err := compareOptions(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && len(args) == 0:
		a.note("there is no %s: nothing to check", path)
	case err != nil:
		return usage("write it with: esgen options > "+path, "cannot read the copy: %v", err)
	}
	var findings []diag.Finding
	if stale {
		findings = append(findings, finding)
	}
	if err := a.report(a.env.Stdout, findings, nil); err != nil {
		return err
	}
	return a.verdict(findings)
}

// staleCopies looks for copies of the options file where the configuration
// would let other tools find them.
func staleCopies(c *config.Config) []diag.Finding {
	seen := map[string]bool{}
	var findings []diag.Finding
	for _, dir := range append([]string{vendorDir}, c.Proto.Imports...) {
		path := filepath.Join(c.Join(dir), filepath.FromSlash(esgenv1.Path))
		if seen[path] {
			continue
		}
		seen[path] = true
		// A copy that is not there or cannot be read misleads nobody.
		if finding, stale, err := compareOptions(path); err == nil && stale {
			findings = append(findings, finding)
		}
	}
	return findings
}

func compareOptions(path string) (finding diag.Finding, stale bool, err error) {
	text, err := os.ReadFile(path)
	if err != nil || bytes.Equal(text, []byte(esgenv1.Source)) {
		return diag.Finding{}, false, err //nolint:wrapcheck // it names the file
	}
	return diag.Finding{
		Rule: ruleOptionsChanged, Severity: diag.Error,
		Message:  "the copy of the options file differs from the one that esgen has",
		Position: diag.Position{Path: path},
		Help:     "run: esgen options > " + path,
	}, true, nil
}
