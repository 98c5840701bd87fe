package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/diag"
)

// summaryApp is an app in a workflow of GitHub with that summary.
func summaryApp(summary string) (*app, *strings.Builder) {
	var log strings.Builder
	return newApp(Env{
		Stdout: &log, Stderr: &log,
		Getenv: func(name string) string {
			return map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": summary, "NO_COLOR": "1"}[name]
		},
	}), &log
}

// TestSummary_limit fills a summary up to what GitHub shows, and not further.
func TestSummary_limit(t *testing.T) {
	t.Parallel()
	findings := make([]diag.Finding, 30_000)
	for i := range findings {
		findings[i] = diag.Finding{Rule: "EVENT_UNKNOWN", Severity: diag.Error, Message: strings.Repeat("m", 100)}
	}
	name := filepath.Join(t.TempDir(), "summary.md")
	for _, before := range []int{0, 1 << 19, 1<<20 - 300, 1<<20 - 2, 1 << 20, 1<<20 + 7} {
		if err := os.WriteFile(name, []byte(strings.Repeat("b", before)), 0o600); err != nil {
			t.Fatal(err)
		}
		a, log := summaryApp(name)
		if err := a.report(log, findings, nil); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		switch size := len(text); {
		case size > max(before, 1<<20), size < before:
			t.Errorf("%d bytes before, %d behind", before, size)
		case before < 1<<20-500 && (size < 1<<20-500 || !strings.HasSuffix(string(text), " more findings in the log\n")):
			t.Errorf("%d bytes before, %d behind, ends with %q", before, size, text[size-50:])
		}
		if n := strings.Count(log.String(), "::error "); n != 10 {
			t.Errorf("%d annotations", n)
		}
		if n := strings.Count(log.String(), "[EVENT_UNKNOWN]\n"); n != len(findings) {
			t.Errorf("%d findings in the log", n)
		}
	}
}

func TestTree(t *testing.T) {
	t.Parallel()
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	a, _ := summaryApp("")
	tree := a.tree(report{})
	root := repository(here)
	if root == here {
		t.Skip("SKIPPED, the tests are not in a repository")
	}
	for name, want := range map[string]string{
		"report.go":                    filepath.Join("cmd", "esgen", "internal", "cli", "report.go"),
		filepath.Join(here, "run.go"):  filepath.Join("cmd", "esgen", "internal", "cli", "run.go"),
		filepath.Join("..", "x.go"):    filepath.Join("cmd", "esgen", "internal", "x.go"),
		filepath.Join(root, "..", "x"): filepath.Join(filepath.Dir(root), "x"),
		filepath.Join(root, "..x"):     "..x",
	} {
		if got := tree.Path(name); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	if got := repository(string(filepath.Separator)); got != string(filepath.Separator) {
		t.Errorf("above everything: %s", got)
	}
}

func TestFormats_String(t *testing.T) {
	t.Parallel()
	var f formats
	for _, value := range []string{"text", "sarif=a=b.sarif", "junit"} {
		if err := f.Set(value); err != nil {
			t.Fatal(err)
		}
	}
	if got := f.String(); got != "text sarif=a=b.sarif junit" {
		t.Errorf("got %q", got)
	}
}
