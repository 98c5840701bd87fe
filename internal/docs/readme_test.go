// Package docs_test holds the README to what is in the repository.
package docs_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = "../.."

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Code in the README stands in a file, to the letter.
func TestREADME_quotes(t *testing.T) {
	t.Parallel()
	quotes := regexp.MustCompile("(?s)<!-- from (\\S+) -->\n```\\w+\n(.*?)```").FindAllStringSubmatch(readme(t), -1)
	if len(quotes) < 5 {
		t.Fatalf("found %d quotes only", len(quotes))
	}
	for _, q := range quotes {
		source, err := os.ReadFile(filepath.Join(root, q[1]))
		if err != nil {
			t.Error(err)
			continue
		}
		if !strings.Contains(string(source), q[2]) {
			t.Errorf("%s does not hold:\n%s", q[1], q[2])
		}
	}
}

// Code that is quoted from nowhere would rot.
func TestREADME_hasNoOtherCode(t *testing.T) {
	t.Parallel()
	for _, block := range regexp.MustCompile("(?s)([^\n]*)\n```(\\w+)\n").FindAllStringSubmatch(readme(t), -1) {
		if block[2] != "console" && !strings.HasPrefix(block[1], "<!-- from ") {
			t.Errorf("a %s block does not say where it is from", block[2])
		}
	}
}

// Links lead to something.
func TestREADME_links(t *testing.T) {
	t.Parallel()
	for _, link := range regexp.MustCompile(`\]\(([^):]+)\)`).FindAllStringSubmatch(readme(t), -1) {
		if _, err := os.Stat(filepath.Join(root, link[1])); err != nil {
			t.Error(err)
		}
	}
}

// Commands that stand in a sentence are known to the command line.
func TestREADME_mentions(t *testing.T) {
	t.Parallel()
	mentioned := regexp.MustCompile("`esgen ([a-z]+)( [A-Z_]+)?`").FindAllStringSubmatch(readme(t), -1)
	if len(mentioned) < 5 {
		t.Fatalf("found %d commands only", len(mentioned))
	}
	for _, m := range mentioned {
		args := []string{"run", "./cmd/esgen", m[1], "--help"}
		if m[2] != "" {
			args[len(args)-1] = strings.TrimSpace(m[2])
		}
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", m[0], err, out)
		}
	}
}

// Commands in the README run. The test suite itself, of which this is a part,
// does not run once more.
func TestREADME_commands(t *testing.T) {
	t.Parallel()
	commands := regexp.MustCompile(`(?m)^\$ (.+)$`).FindAllStringSubmatch(readme(t), -1)
	if len(commands) == 0 {
		t.Fatal("found no command")
	}
	for _, c := range commands {
		if c[1] == "go test ./..." {
			continue
		}
		args := strings.Fields(c[1])
		cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", c[1], err, out)
		}
	}
}
