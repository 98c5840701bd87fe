package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/internal/config"
)

// project writes files below a new directory; a name that ends in a slash is a
// directory.
func project(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		path := filepath.Join(root, name)
		if strings.HasSuffix(name, "/") {
			if err := os.MkdirAll(path, 0o755); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

const minimal = "version: v1\n"

func TestOpen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		files          map[string]string
		dir, explicit  string
		path, found    string // of the config; "" where there is none
		imports        []string
		message, helps string // of the finding
	}{
		"here":          {files: map[string]string{"esgen.yaml": minimal}, path: "esgen.yaml", found: "."},
		"above":         {files: map[string]string{"go.mod": "", "esgen.yaml": minimal, "a/b/": ""}, dir: "a/b", path: "esgen.yaml", found: "."},
		"nearest":       {files: map[string]string{"esgen.yaml": minimal, "a/esgen.yaml": minimal, "a/b/": ""}, dir: "a/b", path: "a/esgen.yaml", found: "a"},
		"not beyond":    {files: map[string]string{"esgen.yaml": minimal, "a/go.mod": ""}, dir: "a", message: "there is no esgen.yaml here or above it, up to go.mod", helps: "create esgen.yaml"},
		"explicit":      {files: map[string]string{"esgen.yaml": minimal, "x/other.yaml": minimal}, explicit: "x/other.yaml", path: "x/other.yaml", found: "x"},
		"explicit dir":  {files: map[string]string{"x/esgen.yaml": minimal}, explicit: "x", path: "x/esgen.yaml", found: "x"},
		"not there":     {explicit: "none.yaml", message: "cannot read the configuration: no such file or directory", helps: "ESGEN_CONFIG"},
		"no directory":  {dir: "none", message: "cannot read the configuration: no such file or directory", helps: "ESGEN_CONFIG"},
		"proto":         {files: map[string]string{"go.mod": "", "proto/": "", "a/": ""}, dir: "a", found: ".", imports: []string{}},
		"third party":   {files: map[string]string{"go.mod": "", "proto/": "", "third_party/": ""}, found: ".", imports: []string{"third_party"}},
		"without gomod": {files: map[string]string{"proto/": ""}, message: "there is no esgen.yaml here or", helps: "create esgen.yaml"},
		"wrong name":    {files: map[string]string{"go.mod": "", "esgen.yml": minimal}, message: "there is no esgen.yaml", helps: "rename esgen.yml"},
		"broken":        {files: map[string]string{"esgen.yaml": "version: v3"}, message: `version "v3"`, helps: "v1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := project(t, c.files)
			explicit := c.explicit
			if explicit != "" {
				explicit = filepath.Join(root, explicit)
			}
			got, findings := config.Open(filepath.Join(root, c.dir), explicit)
			if c.message != "" {
				if got != nil || len(findings) != 1 || !strings.Contains(findings[0].Message, c.message) || !strings.Contains(findings[0].Help, c.helps) {
					t.Errorf("got %+v and\n%s", got, text(t, findings))
				}
				return
			}
			if got == nil {
				t.Fatalf("refused:\n%s", text(t, findings))
			}
			if want := filepath.Join(root, c.found); got.Dir != want {
				t.Errorf("directory %s, want %s", got.Dir, want)
			}
			if c.path != "" && got.Path != filepath.Join(root, c.path) || c.path == "" && got.Path != "" {
				t.Errorf("path %q, want %q", got.Path, c.path)
			}
			if c.imports != nil && !cmp.Equal(got.Proto.Imports, c.imports) {
				t.Errorf("imports %q, want %q", got.Proto.Imports, c.imports)
			}
		})
	}
}

func TestCheck_paths(t *testing.T) {
	t.Parallel()
	root := project(t, map[string]string{
		"esgen.yaml": "version: v1\nproto:\n  roots: [proto, porto, file]\n  imports: [third_party, deps.binpb, gone, dir.binpb, file, /]\n",
		"proto/":     "", "third_party/": "", "deps.binpb": "", "dir.binpb/": "", "file": "",
	})
	c, findings := config.Open(root, "")
	if c == nil {
		t.Fatal(text(t, findings))
	}
	const help = "create it, or correct the path: it is relative to the directory that holds\n          esgen.yaml\n"
	want := `esgen.yaml:3:18: error: proto root "porto" is not a directory [CONFIG_PATH]
    help: ` + help + `esgen.yaml:3:25: error: proto root "file" is not a directory [CONFIG_PATH]
    help: ` + help + `esgen.yaml:4:38: error: import path "gone" does not exist [CONFIG_PATH]
    help: ` + help + `esgen.yaml:4:44: error: "dir.binpb" is a directory, not a descriptor set [CONFIG_PATH]
    help: name a file made with protoc --descriptor_set_out --include_imports, or buf
          build -o
esgen.yaml:4:55: error: "file" is not a directory [CONFIG_PATH]
    help: name a directory, or a descriptor set whose name ends in .binpb
`
	var out strings.Builder
	if err := (diag.Text{Width: 90}).Print(&out, c.Check(nil, "(devel)")); err != nil {
		t.Fatal(err)
	}
	got := strings.ReplaceAll(out.String(), root+string(filepath.Separator), "")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCheck_rules(t *testing.T) {
	t.Parallel()
	table := []diag.Rule{
		{ID: "EVENT_UNKNOWN", Category: diag.Modelling, Severity: diag.Error},
		{ID: "EVENT_UNUSED", Category: diag.Lint, Severity: diag.Warning},
	}
	c, findings := config.Parse("esgen.yaml", []byte(`version: v1
rules:
  disable: [EVENT_UNUSED, EVENT_UNKNOWN, EVENT_UNUSD, NOTHING_LIKE_IT]
  severity: { EVENT_UNUSED: info, EVENT_UNKNOWN: warning, COMPLETELY_ELSE: error }
`))
	if c == nil {
		t.Fatal(text(t, findings))
	}
	c.Proto.Roots = nil
	want := `esgen.yaml:3:27: error: rule EVENT_UNKNOWN cannot be disabled or made milder [CONFIG_RULE]
    help: remove it here, and see esgen rules EVENT_UNKNOWN for why
esgen.yaml:3:42: error: there is no rule EVENT_UNUSD [CONFIG_RULE]
    help: did you mean EVENT_UNUSED?
esgen.yaml:3:55: error: there is no rule NOTHING_LIKE_IT [CONFIG_RULE]
    help: esgen rules lists all of them
esgen.yaml:4:50: error: rule EVENT_UNKNOWN cannot be disabled or made milder [CONFIG_RULE]
    help: remove it here, and see esgen rules EVENT_UNKNOWN for why
esgen.yaml:4:76: error: there is no rule COMPLETELY_ELSE [CONFIG_RULE]
    help: esgen rules lists all of them
`
	if diff := cmp.Diff(want, text(t, c.Check(table, "(devel)"))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCheck_pin(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pin, version string
		help         string // "" when the version may run
	}{
		{"", "v0.1.0", ""},
		{">=0.3 <0.5", "v0.3.0", ""},
		{">=0.3 <0.5", "v0.4.9", ""},
		{">=0.3 <0.5", "v0.5.0", "@<v0.5.0'"},
		{">=0.3 <0.5", "v0.2.9", "@<v0.5.0'"},
		{">=0.3", "v0.2.9", "@latest'"},
		{">0.3", "v0.3.0", "@latest'"},
		{">0.3", "v0.3.1", ""},
		{"<=v1.2.3", "v1.2.3", ""},
		{"<=1.2.3", "v1.2.4", "@<=v1.2.3'"},
		{"0.3.1", "v0.3.1", ""},
		{"=0.3.1", "v0.3.2", "@v0.3.1'"},
		{">=0.10", "v0.9.0", "@latest'"}, // numbers, not text
		{">=0.3", "v0.3.0-rc.1", ""},
		{">=0.3", "v0.3.1-0.20261120000000-0123456789ab+dirty", ""},
		{">=0.3", "(devel)", ""},
		{">=0.3", "v0.0.0-20261120000000-0123456789ab", ""},
	} {
		cfg, findings := config.Parse("esgen.yaml", []byte("version: v1\nesgen: '"+c.pin+"'\n"))
		if c.pin == "" {
			cfg, findings = config.Parse("esgen.yaml", []byte(minimal))
		}
		if cfg == nil {
			t.Fatal(text(t, findings))
		}
		cfg.Proto.Roots = nil
		got := text(t, cfg.Check(nil, c.version))
		switch {
		case c.help == "" && got != "":
			t.Errorf("%q refuses %s:\n%s", c.pin, c.version, got)
		case !strings.Contains(got, c.help), c.help != "" && !strings.Contains(got, "esgen "+c.version+" is running, but the project needs "+c.pin):
			t.Errorf("%q and %s: got\n%s", c.pin, c.version, got)
		}
	}
}

func TestRules_Apply(t *testing.T) {
	t.Parallel()
	rules := config.Rules{Disable: []string{"B"}, Severity: map[string]diag.Severity{"C": diag.Error}}
	given := []diag.Finding{{Rule: "A", Severity: diag.Info}, {Rule: "B", Severity: diag.Warning}, {Rule: "C", Severity: diag.Warning}}
	want := []diag.Finding{{Rule: "A", Severity: diag.Info}, {Rule: "C", Severity: diag.Error}}
	if diff := cmp.Diff(want, rules.Apply(given)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if given[2].Severity != diag.Warning {
		t.Error("the findings given were changed")
	}
}

func TestRegistry_Expand(t *testing.T) {
	t.Parallel()
	env := map[string]string{"HOST": "registry.example.com", "PASSWORD": "hunter2"}
	getenv := func(name string) string { return env[name] }
	got, err := config.Server{URL: "https://u:${PASSWORD}@${HOST}/x"}.Expand(getenv)
	if err != nil || got != "https://u:hunter2@registry.example.com/x" {
		t.Errorf("got %q, %v", got, err)
	}
	got, err = config.Server{URL: "https://u:${PASSWORD}@${PORT}"}.Expand(getenv)
	if err == nil || got != "" || !strings.Contains(err.Error(), "PORT") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a variable that is not set: got %q, %v", got, err)
	}
}
