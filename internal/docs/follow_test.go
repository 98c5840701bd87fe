package docs_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/internal/modproxy"
)

// TestPages follows every page of docs/, each in a directory of its own, as
// somebody would who has Go and nothing else. ESGEN_REFRESH=1 writes what was
// printed into the pages, and fails.
func TestPages(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("following the pages of docs/ builds whole services")
	}
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	checkout, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	world := modproxy.Publish(t, checkout, "docs")
	for _, path := range pages {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			r := &reader{world: world, dir: t.TempDir(), path: path}
			r.follow(t, parsePage(t, filepath.Base(path), string(text)))
			if os.Getenv("ESGEN_REFRESH") != "" {
				r.rewrite(t, string(text))
			}
		})
	}
}

// reader follows one page.
type reader struct {
	world modproxy.World
	dir   string // the page's own, with the commands that it installs in bin
	at    string // where cd led, below dir
	path  string

	stale []stale
}

// stale is a command that prints something else than its page says.
type stale struct {
	command command
	printed string
}

// rewrite puts into the page what was printed.
func (r *reader) rewrite(t *testing.T, text string) {
	t.Helper()
	lines := strings.Split(text, "\n")
	for _, s := range slices.Backward(r.stale) {
		var printed []string
		if s.printed != "" {
			printed = strings.Split(s.printed, "\n")
		}
		lines = slices.Replace(lines, s.command.line, s.command.line+len(s.command.output), printed...)
	}
	if err := os.WriteFile(r.path, []byte(strings.Join(lines, "\n")), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Errorf("ESGEN_REFRESH is set: %s was rewritten, run again without it", r.path)
}

func (r *reader) follow(t *testing.T, p page) {
	t.Helper()
	for _, s := range p.steps {
		switch s.kind {
		case "console":
			for _, c := range s.commands() {
				if !r.run(t, c) {
					return
				}
			}
		case "write":
			r.write(t, s.file, s.block)
		case "edit":
			r.edit(t, p, s)
		case "from":
			source, err := os.ReadFile(filepath.Join(root, s.file))
			if err != nil || !strings.Contains(string(source), s.block) {
				t.Errorf("%s:%d: %s does not hold this block (%v)", p.name, s.line, s.file, err)
			}
		default:
			t.Errorf("%s:%d: a block of kind %q", p.name, s.line, s.kind)
		}
	}
}

func (r *reader) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(r.dir, r.at, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (r *reader) edit(t *testing.T, p page, s step) {
	t.Helper()
	before, err := os.ReadFile(filepath.Join(r.dir, r.at, s.file))
	if err != nil {
		t.Fatalf("%s:%d: %v", p.name, s.line, err)
	}
	after, err := edit(string(before), s.block)
	if err != nil {
		t.Fatalf("%s:%d: %s: %v", p.name, s.line, s.file, err)
	}
	r.write(t, s.file, after)
}

// run runs a command, and reports whether the page can be followed further. A
// line that ends in "# fails" has to fail, others may not.
func (r *reader) run(t *testing.T, c command) bool {
	t.Helper()
	text, fails := strings.CutSuffix(c.text, "  # fails")
	args := strings.Fields(text)
	if args[0] == "cd" {
		r.at = filepath.Join(r.at, args[1])
		return true
	}
	bin := filepath.Join(r.dir, "bin")
	name := args[0]
	if _, err := os.Stat(filepath.Join(bin, name)); err == nil {
		name = filepath.Join(bin, name)
	}
	cmd := exec.CommandContext(t.Context(), name, args[1:]...)
	cmd.Dir = filepath.Join(r.dir, r.at)
	cmd.Env = append(r.world.Environ(), "GOBIN="+bin, "GOWORK=off", "NO_COLOR=1")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if (err != nil) != fails {
		t.Errorf("%s:%d: %s: %v\n%s", filepath.Base(r.path), c.line, c.text, err, out.String())
		return false
	}
	if !matches(c.output, r.settled(out.String())) {
		t.Errorf("%s:%d: %s prints:\n%s", filepath.Base(r.path), c.line, c.text, r.settled(out.String()))
		r.stale = append(r.stale, stale{c, strings.TrimSuffix(r.settled(out.String()), "\n")})
	}
	return true
}

// settled takes out of what was printed what belongs to this run alone.
func (r *reader) settled(out string) string {
	var kept []string
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, "go: downloading ") {
			line = strings.ReplaceAll(line, r.dir+string(filepath.Separator), "")
			kept = append(kept, strings.ReplaceAll(line, r.world.Second, "v0.1.0")) // the latest
		}
	}
	return strings.Join(kept, "")
}
