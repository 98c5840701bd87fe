package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/santhosh-tekuri/jsonschema/v5"
	"go.yaml.in/yaml/v4"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/internal/config"
)

// archive returns the files of a txtar archive, in order, and by name.
func archive(t *testing.T, path string) ([]txtar.File, map[string]string) {
	t.Helper()
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]string{}
	for _, f := range a.Files {
		byName[f.Name] = string(f.Data)
	}
	return a.Files, byName
}

// text prints findings as users see them.
func text(t *testing.T, findings []diag.Finding) string {
	t.Helper()
	var out strings.Builder
	if err := (diag.Text{}).Print(&out, findings); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// schemaAccepts validates a configuration with the published JSON schema.
func schemaAccepts(t *testing.T, content string) bool {
	t.Helper()
	var value any
	if err := yaml.Unmarshal([]byte(content), &value); err != nil {
		return false
	}
	schema := jsonschema.MustCompileString("esgen.json", config.JSONSchema())
	return schema.Validate(plain(value)) == nil
}

// plain turns what YAML has beyond JSON into JSON.
func plain(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key := range v {
			v[key] = plain(v[key])
		}
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	case time.Time:
		return v.Format(time.DateOnly)
	}
	return value
}

func TestParse_good(t *testing.T) {
	t.Parallel()
	files, _ := archive(t, "testdata/good.txtar")
	for _, f := range files {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			c, findings := config.Parse("esgen.yaml", f.Data)
			if c == nil || len(findings) > 0 {
				t.Fatalf("refused:\n%s", text(t, findings))
			}
			if !schemaAccepts(t, string(f.Data)) {
				t.Error("the schema refuses it")
			}
			// What is shown is a configuration that means the same.
			shown, err := c.YAML()
			if err != nil {
				t.Fatal(err)
			}
			again, findings := config.Parse("esgen.yaml", shown)
			if again == nil {
				t.Fatalf("shown as\n%s\nwhich is refused:\n%s", shown, text(t, findings))
			}
			if diff := cmp.Diff(c, again, cmpopts.IgnoreUnexported(config.Config{})); diff != "" {
				t.Errorf("shown as\n%s\nwhich differs (-want +got):\n%s", shown, diff)
			}
			if !schemaAccepts(t, string(shown)) {
				t.Errorf("the schema refuses what is shown:\n%s", shown)
			}
		})
	}
}

func TestParse_bad(t *testing.T) {
	t.Parallel()
	// What a JSON schema cannot see, because it sees the value, not the text.
	beyondSchema := map[string]bool{"two documents": true}
	files, byName := archive(t, "testdata/bad.txtar")
	for _, f := range files {
		if strings.HasSuffix(f.Name, ".want") {
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			c, findings := config.Parse("esgen.yaml", f.Data)
			if c != nil {
				t.Error("it was accepted")
			}
			if diff := cmp.Diff(byName[f.Name+".want"], text(t, findings)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if schemaAccepts(t, string(f.Data)) != beyondSchema[f.Name] {
				t.Errorf("the schema and the reader disagree; beyond the schema: %v", beyondSchema[f.Name])
			}
		})
	}
}

func TestParse_values(t *testing.T) {
	t.Parallel()
	_, byName := archive(t, "testdata/good.txtar")
	got, findings := config.Parse("dir/esgen.yaml", []byte(byName["full"]))
	want := &config.Config{
		Path: "dir/esgen.yaml", Dir: "dir", Version: "v1", Esgen: ">=0.3 <0.5",
		Proto: config.Proto{Roots: []string{"proto", "../shared/proto"}, Imports: []string{"third_party", "deps.binpb"}},
		Generate: config.Generate{Go: config.Go{
			Out: "gen/go", Paths: "import", Module: "example.com/bank", Clean: false, Messages: false, Kit: false,
		}},
		Compat: config.Compat{Level: "full_transitive", Profile: "confluent-v1", Policy: "lenient", Against: "git:origin/main", Allow: []config.Approval{
			{Rule: "FIELD_NO_DELETE", Symbol: "bank.v1.Opened.owner", Fingerprint: "0a1b2c3d4e5f", Reason: "never used", Until: "2027-01-31"},
			{Rule: "FIELD_NO_DELETE", Symbol: "bank.v1.Opened.city", Fingerprint: "000000000000", Reason: "not in production yet", Until: "2027-06-30"},
		}},
		Rules: config.Rules{
			Disable:  []string{"COMMAND_EMITS_NOTHING"},
			Severity: map[string]diag.Severity{"EVENT_NAME_PAST_TENSE": diag.Error, "TOPIC_RETENTION": diag.Info},
		},
		Registry: config.Registry{
			Server:  config.Server{URL: "https://${USER_NAME}:${PASSWORD}@registry.example.com:8081/x"},
			Subject: "record", Text: "file",
			Named: map[string]config.Server{
				"staging":       {URL: "http://staging:8081", Context: ".staging"},
				"production_eu": {URL: "${EU}", Protected: true},
			},
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(config.Config{})); diff != "" {
		t.Errorf("(-want +got):\n%s\n%s", diff, text(t, findings))
	}
	if got := got.Join("proto"); got != "dir/proto" {
		t.Errorf("Join: got %q", got)
	}
	if got := got.Join("/abs"); got != "/abs" {
		t.Errorf("Join: got %q", got)
	}
	for path, want := range map[string]string{
		"proto.roots[1]":         "dir/esgen.yaml:4:18",
		"compat.allow[0].until":  "dir/esgen.yaml:14:116",
		"compat.allow[1].others": "dir/esgen.yaml:15:7", // it is not set: the entry
		"nonsense":               "dir/esgen.yaml",
	} {
		if at := got.Position(path).String(); at != want {
			t.Errorf("%s is at %s, want %s", path, at, want)
		}
	}
}

func TestParse_defaults(t *testing.T) {
	t.Parallel()
	got, _ := config.Parse("esgen.yaml", []byte("version: v1\n"))
	if diff := cmp.Diff(config.Default("."), got, cmpopts.IgnoreUnexported(config.Config{}), cmpopts.IgnoreFields(config.Config{}, "Path")); diff != "" {
		t.Errorf("an empty file is not the default (-want +got):\n%s", diff)
	}
}
