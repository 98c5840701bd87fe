package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/esgen-dev/esgen/templates"
)

// initOptions are the flags of the command.
type initOptions struct {
	module, pkg, out      string
	bare, ci, buf, dryRun bool
}

func newInit(a *app) *cobra.Command {
	var o initOptions
	cmd := &cobra.Command{
		Use:     "init [directory]",
		GroupID: groupAuthor,
		Short:   "Write a service to begin with",
		Long: `Init writes a small service that works as it is: the declaration of an account,
its behaviour with tests, a main that runs it in memory, esgen.yaml, and the
generated code. Then it prints the commands that come next.

In a directory that belongs to a module the service becomes a package of that
module, and go.mod is left alone. Anywhere else, and with --module, it gets a
go.mod of its own.

No file is ever overwritten: if one is in the way, nothing is written at all.
Change what you like afterwards; init is never needed again.` +
			exitCodes(codeOK, codeUsage, codeInterrupted),
		Example: `  esgen init --dry-run orders  list what would be written
  esgen init orders
  esgen init --module example.com/acme/money --package acme.money.v1 --out internal/gen money
  esgen init --bare --ci --buf shop  only the configuration, also that of GitHub and buf`,
		Args: atMost(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := a.flags.dir
			if len(args) > 0 {
				dir = a.flags.join(args[0])
			}
			return a.init(cmd.Context(), dir, o)
		},
	}
	set := cmd.Flags()
	set.StringVar(&o.module, "module", "", "the `path` of a new module; default: example.com/ and the name of the directory")
	set.StringVar(&o.pkg, "package", "", "the Protobuf package, such as bank.v1; default: the name of the directory and .v1")
	set.StringVar(&o.out, "out", "gen", "the `directory` of generated code")
	set.BoolVar(&o.bare, "bare", false, "write no sample, only the configuration")
	set.BoolVar(&o.ci, "ci", false, "write a GitHub workflow too")
	set.BoolVar(&o.buf, "buf", false, "write buf.yaml and buf.gen.yaml too")
	for _, name := range []string{"module", "package"} { // they exist
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions)
	}
	set.BoolVar(&o.dryRun, "dry-run", false, "list what would be written, and write nothing")
	return cmd
}

func (a *app) init(ctx context.Context, dir string, o initOptions) error {
	if err := a.plain(); err != nil {
		return err
	}
	s, err := a.plan(ctx, dir, whence(ctx, a.flags.dir), o)
	if err != nil {
		return err
	}
	if err := s.refuse(); err != nil {
		return err
	}
	if !o.dryRun {
		if err := s.write(ctx); err != nil {
			return err
		}
	}
	return a.each(a.env.Stdout, func(w io.Writer, format string) error {
		switch {
		case format == formatJSON:
			return printJSON(w, s.toJSON(o.dryRun))
		case a.flags.quiet:
			return nil
		}
		return s.print(w, o.dryRun)
	})
}

// write writes the files, and makes the directory for the declarations that
// are to come.
func (s *scaffold) write(ctx context.Context) error {
	err := place(ctx, s.dir, s.files)
	if cause := (*fs.PathError)(nil); errors.As(err, &cause) {
		return usage("make room for it, or name another directory: esgen init <directory>",
			"cannot write %s: %v; nothing was written", cause.Path, cause.Err)
	}
	if err != nil {
		return err
	}
	if !s.service.Sample {
		_, err := makeDirs(filepath.Join(s.dir, "proto"))
		return err
	}
	return nil
}

func (s *scaffold) print(w io.Writer, dryRun bool) error {
	done := "wrote"
	if dryRun {
		done = "would write"
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%s %d files to %s:\n\n", done, len(s.files), s.dir)
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	for _, file := range s.files {
		_, _ = fmt.Fprintf(table, "  %s\t%s\n", file.Path, file.What) // a Builder does not fail
	}
	_ = table.Flush()
	out.WriteString("\nnext:\n\n")
	for _, c := range s.next() {
		fmt.Fprintf(&out, "  %s\n", c)
	}
	if !s.service.Sample {
		out.WriteString("\nThe last of them needs a .proto file below proto; esgen options shows what it may say.\n")
	}
	_, err := io.WriteString(w, out.String())
	return err //nolint:wrapcheck // each wraps it
}

// next returns what to type after init.
func (s *scaffold) next() []command {
	var commands []command
	if filepath.Clean(s.dir) != "." {
		commands = append(commands, command{"cd", s.dir})
	}
	if s.module == nil || !s.module.hasTool() {
		commands = append(commands, s.origin.install()...)
	}
	if !s.service.Sample {
		return append(commands, command{"go", "tool", "esgen", "generate"})
	}
	return append(commands, command{"go", "generate", "./..."}, command{"go", "test", "./..."}, command{"go", "run", "."})
}

// initJSON is what init says to programs.
type initJSON struct {
	SchemaVersion int      `json:"schema_version"`
	Tool          string   `json:"tool"`
	Version       string   `json:"version"`
	Directory     string   `json:"directory"`
	ImportPath    string   `json:"import_path"`
	Package       string   `json:"package"`
	DryRun        bool     `json:"dry_run"`
	Files         []string `json:"files"`
	Next          []string `json:"next"`
}

func (s *scaffold) toJSON(dryRun bool) initJSON {
	next := make([]string, 0, len(s.next()))
	for _, c := range s.next() {
		next = append(next, c.String())
	}
	return initJSON{
		SchemaVersion: 1, Tool: "esgen", Version: version(),
		Directory: s.dir, ImportPath: s.service.ImportPath, Package: s.service.Package, DryRun: dryRun,
		Files: paths(s.files), Next: next,
	}
}

func paths(files []templates.File) []string {
	names := make([]string, 0, len(files))
	for _, file := range files {
		names = append(names, file.Path)
	}
	return names
}
