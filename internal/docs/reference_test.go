package docs_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/generator/load"
	"github.com/esgen-dev/esgen/internal/docs"
)

// The reference pages are what the program says of itself. ESGEN_REFRESH=1
// rewrites them, and fails so that nobody forgets it set.
func TestReference(t *testing.T) {
	t.Parallel()
	set, findings, err := load.Sources(t.Context(), load.Options{Roots: []string{filepath.Join(root, "proto")}})
	if err != nil || set == nil {
		t.Fatal(findings, err)
	}
	rules, err := docs.Rules(esgen(t, "rules", "--format", "json"))
	if err != nil {
		t.Fatal(err)
	}
	configuration, err := docs.Configuration(esgen(t, "config", "schema"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"rules.md":         rules,
		"differences.md":   docs.Differences(),
		"options.md":       docs.Options(set),
		"configuration.md": configuration,
		"commands.md": docs.Commands(func(name ...string) string {
			return string(esgen(t, append(name, "--help")...))
		}),
	} {
		compare(t, filepath.Join(root, "docs", name), want)
	}
}

func compare(t *testing.T, path, want string) {
	t.Helper()
	if os.Getenv("ESGEN_REFRESH") != "" {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		t.Errorf("ESGEN_REFRESH is set: %s was rewritten, run again without it", path)
		return
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(got), want); diff != "" {
		t.Errorf("%s is stale; ESGEN_REFRESH=1 rewrites it (-disk +program):\n%s", path, diff)
	}
}

// esgen runs the program and returns what it prints.
func esgen(t *testing.T, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"run", "./cmd/esgen"}, args...)...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "NO_COLOR=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}
