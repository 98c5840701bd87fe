package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/internal/nearest"
)

// The values of flags that code asks for.
const (
	colorAlways = "always"
	colorNever  = "never"
	failNever   = "never"
)

// flags are the flags that every command has.
type flags struct {
	config   string
	dir      string
	formats  formats
	color    choice
	failOn   choice
	exitZero bool
	quiet    bool
	verbose  bool
}

func newFlags(getenv func(string) string) flags {
	f := flags{
		config: getenv("ESGEN_CONFIG"),
		dir:    ".",
		color:  choice{value: "auto", allowed: []string{"auto", colorAlways, colorNever}},
		failOn: choice{value: diag.Error.String(), allowed: []string{diag.Warning.String(), diag.Error.String(), failNever}},
	}
	if color := getenv("ESGEN_COLOR"); color != "" {
		f.color.value = color // checked by check
	}
	return f
}

// check looks at what did not come through a flag, and at flags together.
func (f *flags) check() error {
	if err := f.color.Set(f.color.value); err != nil {
		return usage("the values are "+strings.Join(f.color.allowed, ", "), "invalid value %q for ESGEN_COLOR", f.color.value)
	}
	return f.formats.check()
}

func (f *flags) register(cmd *cobra.Command) {
	set := cmd.PersistentFlags()
	set.StringVarP(&f.config, "config", "c", f.config, "the configuration `file` (ESGEN_CONFIG)")
	set.StringVarP(&f.dir, "directory", "C", f.dir, "run in this `directory`")
	set.Var(&f.formats, "format", f.formats.usageText())
	set.Var(&f.color, "color", "auto, always or never (ESGEN_COLOR)")
	set.Var(&f.failOn, "fail-on", "the severity from which on findings fail: warning, error or never")
	set.BoolVar(&f.exitZero, "exit-zero", false, "report findings, but do not fail because of them")
	set.BoolVarP(&f.quiet, "quiet", "q", false, "print findings only")
	set.BoolVarP(&f.verbose, "verbose", "v", false, "print files, timings and the lines that findings point to")
	for name, value := range map[string]limited{"format": &f.formats, "color": &f.color, "fail-on": &f.failOn} {
		// It fails for a flag that does not exist: these do.
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(value.values(), cobra.ShellCompDirectiveNoFileComp))
	}
	_ = cmd.MarkPersistentFlagDirname("directory")
	_ = cmd.MarkPersistentFlagFilename("config", "yaml")
}

// join returns a path that was given on the command line, seen from the
// working directory of the process.
func (f *flags) join(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(f.dir, path)
}

// fails reports whether findings of a severity lead to a failure.
func (f *flags) fails(worst diag.Severity) bool {
	limit, ok := diag.ParseSeverity(f.failOn.value)
	return ok && !f.exitZero && worst >= limit
}

// limited is the value of a flag that can have few values.
type limited interface {
	pflag.Value
	values() []string
}

var errNotAllowed = errors.New("not one of the values")

// choice is the value of a flag that has one of few values.
type choice struct {
	value   string
	allowed []string
	fold    bool // capitals are small letters, and a dash is an underscore
}

// String returns the value.
func (c *choice) String() string { return c.value }

// Type returns what help shows.
func (c *choice) Type() string { return strings.Join(c.allowed, "|") }

// Set sets the value.
func (c *choice) Set(value string) error {
	i := slices.IndexFunc(c.allowed, func(known string) bool {
		return known == value || c.fold && folded(known) == folded(value)
	})
	if i < 0 {
		return errNotAllowed
	}
	c.value = c.allowed[i]
	return nil
}

// folded writes a value as a choice that folds compares it.
func folded(value string) string { return strings.ReplaceAll(strings.ToLower(value), "-", "_") }

func (c *choice) values() []string { return c.allowed }

// flagError words what pflag has to say.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var lacking *pflag.ValueRequiredError
	see := "see " + cmd.CommandPath() + " --help"
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if near, ok := nearest.To(unknown.GetSpecifiedName(), names); ok {
			see = fmt.Sprintf("did you mean --%s?", near)
		}
		return usage(see, "unknown flag --%s of %s", unknown.GetSpecifiedName(), cmd.CommandPath())
	case errors.As(err, &unknown):
		return usage(see, "unknown flag -%s of %s", unknown.GetSpecifiedName(), cmd.CommandPath())
	case errors.As(err, &lacking):
		return usage(see, "flag --%s needs a value", lacking.GetFlag().Name)
	case errors.As(err, &invalid):
		flag := invalid.GetFlag()
		if value, ok := flag.Value.(limited); ok {
			name, _, _ := strings.Cut(invalid.GetValue(), "=")
			see = suggest(name, value.values(), "the values are "+strings.Join(value.values(), ", "))
		}
		return usage(see, "invalid value %q for --%s", invalid.GetValue(), flag.Name)
	}
	return usage(see, "%v", err)
}

// suggest returns a question if a name looks like a typing error, or else the
// given help.
func suggest(name string, known []string, otherwise string) string {
	if near, ok := nearest.To(name, known); ok && near != name {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return otherwise
}
