package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/schema"
	"github.com/esgen-dev/esgen/generator/write"
)

func newExport(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "export",
		GroupID: groupRegistry,
		Short:   "Write schemas for other programs",
		Long: "Export writes what other programs need to read the events." +
			exitCodes(codeOK, codeFindings, codeUsage, codeCompile, codeInterrupted),
		Example: `  esgen export schemas --out build/schemas
  esgen export protos --out build/proto`,
		RunE: group,
		Args: cobra.ArbitraryArgs,
	}
	cmd.AddCommand(
		newExportOf(a, "schemas", "Write the schemas as they are registered", `
Schemas writes the text of each subject into a file of its name. That is what
reads the values of a topic; code is generated better from esgen export protos.`, exportSchemas),
		newExportOf(a, "protos", "Write the .proto files without options of esgen", `
Protos writes the .proto files without comments and custom options, for code
generators of other languages, together with the files that they import.`, exportProtos),
	)
	return cmd
}

func newExportOf(a *app, name, short, long string, files func(gate) []write.File) *cobra.Command {
	out := name
	cmd := &cobra.Command{
		Use:     name,
		Short:   short,
		Long:    strings.TrimSpace(long) + exitCodes(codeOK, codeFindings, codeUsage, codeCompile, codeInterrupted),
		Example: "  esgen export " + name + " --out build/" + name,
		Args:    atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.export(cmd.Context(), out, files)
		},
	}
	cmd.Flags().StringVarP(&out, "out", "o", "", "the `directory` to write to")
	_ = cmd.MarkFlagDirname("out")
	return cmd
}

func (a *app) export(ctx context.Context, out string, files func(gate) []write.File) error {
	if out == "" {
		return usage("for example --out build", "--out is needed: the directory to write to")
	}
	g, err := a.schemas(ctx, gateOptions{against: "lock"})
	if err != nil {
		return err
	}
	findings := g.settled()
	if err := a.report(a.env.Stderr, findings, g.source); err != nil {
		return err
	}
	if err := a.verdict(findings); err != nil {
		return err
	}
	if g.model == nil || diag.Worst(findings) >= diag.Error {
		return &failure{code: codeFindings}
	}
	dir := a.flags.join(out)
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // as any directory of sources
		return fmt.Errorf("create the directory: %w", err)
	}
	target := write.Target{Root: dir, Out: "."}
	changes, err := write.Compare(ctx, target, files(g))
	if err != nil {
		return err // it names the file
	}
	if err := write.Apply(ctx, target, changes); err != nil {
		return err // it names the file
	}
	for _, change := range changes {
		a.detail("wrote %s", filepath.Join(dir, change.Path))
	}
	return nil
}

func exportSchemas(g gate) []write.File {
	var files []write.File
	for _, s := range g.schemas {
		path := s.Subject
		switch {
		case s.Type == schema.JSON:
			path += ".json"
		case s.Event != nil:
			path += ".proto"
		}
		files = append(files, write.File{Path: path, Content: []byte(s.Text)})
	}
	return files
}

func exportProtos(g gate) []write.File {
	var files []write.File
	for _, o := range schema.Originals(g.set) {
		files = append(files, write.File{Path: o.Path, Content: []byte(o.Text)})
	}
	return files
}
