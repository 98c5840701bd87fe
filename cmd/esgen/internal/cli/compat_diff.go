package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/esgen-dev/esgen/compat"
	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/confluent/jsonschema"
	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
	"github.com/esgen-dev/esgen/generator/schema"
)

// diffFlags are the flags of compat diff.
type diffFlags struct {
	typ                    choice
	level                  choice
	profile                choice
	policy                 choice
	oldImports, newImports []string
	batch                  string
}

func newCompatDiff(a *app) *cobra.Command {
	f := diffFlags{
		typ:     choice{value: "protobuf", allowed: []string{"protobuf", "json"}, fold: true},
		level:   choice{value: "backward", allowed: levelNames(), fold: true},
		profile: choice{value: profileLatest, allowed: []string{profileLatest, profileV1, profileV2}, fold: true},
		policy:  choice{value: policyStrict, allowed: []string{policyStrict, policyLenient}, fold: true},
	}
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Compare two schema files as the registry would",
		Long: `Diff takes two schemas out of their files and says what the schema registry
would say about the new one if the old one were the only version: every
difference by the registry's own name, in its order. For Protobuf it also says
whether everything that was written with the old schema can be read with the
new one and means the same. No configuration is read, and no registry is asked.

A file that a schema imports is given with --old-import and --new-import; with
a subject and a version it is a reference, as the registry keeps it.

With --batch, pairs are read from a file, one JSON object a line, with the
fields old, new, old_imports and new_imports (a list of objects with name, text,
subject and version, or an object of texts by name), and optionally id, and type,
which wins over --type. A line is printed for each, in the same order. The exit
code is the worst of all.

Exit codes:
  0    the registry would take the new schema; the replay verdict is printed and does not count
  1    it would refuse it as incompatible
  2    the command line is wrong, or a file cannot be read
  3    one of the two is not a valid schema`,
		Example: `  esgen compat diff old.proto new.proto
  esgen compat diff old.proto new.proto --level full --profile confluent-v1
  esgen compat diff old.json new.json --type json --policy lenient --format json
  esgen compat diff old.proto new.proto --new-import money.proto=money.proto@money.proto:2
  esgen compat diff --batch pairs.jsonl`,
		Args: f.checkArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.batch != "" {
				return a.compatBatch(cmd.Context(), f)
			}
			if !cmd.Flags().Changed("type") && filepath.Ext(args[0]) == ".json" && filepath.Ext(args[1]) == ".json" {
				f.typ.value = "json"
			}
			return a.compatDiff(f, args[0], args[1])
		},
	}
	set := cmd.Flags()
	set.Var(&f.typ, "type", "protobuf or json; files that end in .json are JSON Schemas without it")
	set.Var(&f.level, "level", "the compatibility level")
	set.Var(&f.profile, "profile", "the rules for oneofs: confluent-v1 (before the middle of 2026) or confluent-v2")
	set.Var(&f.policy, "policy", "how JSON Schemas are compared: strict or lenient")
	set.StringArrayVar(&f.oldImports, "old-import", nil, "`NAME=FILE[@SUBJECT:VERSION]`: a file that the old schema imports; may be repeated")
	set.StringArrayVar(&f.newImports, "new-import", nil, "`NAME=FILE[@SUBJECT:VERSION]`: a file that the new schema imports; may be repeated")
	set.StringVar(&f.batch, "batch", "", "read pairs from this `file`, a JSON object a line; - is standard input")
	for name, value := range map[string]*choice{"type": &f.typ, "level": &f.level, "profile": &f.profile, "policy": &f.policy} {
		// It fails for a flag that does not exist: these do.
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(value.values(), cobra.ShellCompDirectiveNoFileComp))
	}
	return cmd
}

func (f *diffFlags) checkArgs(cmd *cobra.Command, args []string) error {
	see := "see " + cmd.CommandPath() + " --help"
	switch {
	case f.batch != "" && (len(args) > 0 || len(f.oldImports)+len(f.newImports) > 0):
		return usage("put everything into the file of --batch", "--batch goes without files and imports")
	case f.batch == "" && len(args) != 2:
		return usage(see, "%s needs two files, the old and the new schema", cmd.CommandPath())
	}
	return nil
}

// rules returns what the registry would go by.
func (f *diffFlags) rules() confluent.Rules {
	return confluentRules(f.level.value, f.profile.value, f.policy.value)
}

// The names of profiles and policies in flags and in esgen.yaml.
const (
	profileLatest = "confluent"
	profileV1     = "confluent-v1"
	profileV2     = "confluent-v2"
	policyStrict  = "strict"
	policyLenient = "lenient"
)

// confluentRules turns checked names into rules.
func confluentRules(level, profile, policy string) confluent.Rules {
	rules := confluent.Rules{Level: confluent.Level(strings.ToUpper(level)), Profile: protobuf.V2}
	if profile == profileV1 {
		rules.Profile = protobuf.V1
	}
	if policy == policyLenient {
		rules.Policy = jsonschema.Lenient
	}
	return rules
}

func levelNames() []string {
	var names []string
	for _, level := range confluent.Levels() {
		names = append(names, strings.ToLower(string(level)))
	}
	return names
}

func (a *app) compatDiff(f diffFlags, oldPath, newPath string) error {
	typ := schema.Type(strings.ToUpper(f.typ.value))
	older, err := a.readSource(typ, oldPath, f.oldImports)
	if err != nil {
		return err
	}
	newer, err := a.readSource(typ, newPath, f.newImports)
	if err != nil {
		return err
	}
	c := compat.Compare(f.rules(), compat.Pair{Old: older, New: newer})
	err = a.each(a.env.Stdout, func(w io.Writer, format string) error {
		if format == formatJSON {
			return printComparison(w, nil, c)
		}
		return printDifferences(w, oldPath, newPath, c)
	})
	if err != nil {
		return err
	}
	if c.Invalid != nil {
		src, flag := older, "--old-import"
		if c.InNew {
			src, flag = newer, "--new-import"
		}
		if len(src.Imports) == 0 && strings.Contains(src.Text, "import \"") {
			a.note("files that a schema imports are given with %s NAME=FILE", flag)
		}
	}
	return a.comparisonVerdict(comparisonCode(c))
}

// readSource reads a schema and the files that it imports.
func (a *app) readSource(typ schema.Type, path string, imports []string) (confluent.Source, error) {
	text, err := os.ReadFile(a.flags.join(path))
	if err != nil {
		return confluent.Source{}, fmt.Errorf("read the schema: %w", err)
	}
	src := confluent.Source{Type: typ, Text: string(text)}
	for _, flag := range imports {
		imp, file, err := parseImport(flag)
		if err != nil {
			return confluent.Source{}, err
		}
		text, err := os.ReadFile(a.flags.join(file))
		if err != nil {
			return confluent.Source{}, fmt.Errorf("read the import %s: %w", imp.Name, err)
		}
		imp.Text = string(text)
		src.Imports = append(src.Imports, imp)
	}
	return src, nil
}

// parseImport reads NAME=FILE[@SUBJECT:VERSION]. A file's name may hold an @
// as long as no subject and version follow it.
func parseImport(flag string) (imp confluent.Import, file string, err error) {
	name, file, ok := strings.Cut(flag, "=")
	if !ok || name == "" || file == "" {
		return imp, "", usage("write it as money.proto=path/to/money.proto, with @subject:version behind it if it is a reference",
			"%q is not an import", flag)
	}
	imp.Name = name
	at := strings.LastIndexByte(file, '@')
	if at < 0 {
		return imp, file, nil
	}
	ref := file[at+1:]
	colon := strings.LastIndexByte(ref, ':')
	if colon < 0 {
		return imp, file, nil
	}
	version, err := strconv.Atoi(ref[colon+1:])
	if err != nil || version < 1 || colon == 0 {
		return imp, "", usage("write it as @subject:version, e.g. @money.proto:2", "%q is not a subject and a version", ref)
	}
	imp.Subject, imp.Version = ref[:colon], version
	return imp, file[:at], nil
}
