package gitfs_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/compat/history/gitfs"
)

// repo is a git repository in a directory of its own.
type repo struct {
	t   testing.TB
	dir string
}

func newRepo(t testing.TB, args ...string) repo {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	r := repo{t, filepath.Join(t.TempDir(), "repo")}
	if err := os.Mkdir(r.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	r.git(append([]string{"init", "-q", "-b", "main"}, args...)...)
	return r
}

// try runs git apart from the configuration of whoever runs the tests.
func (r repo) try(args ...string) (string, error) {
	r.t.Helper()
	cmd := exec.Command("git", append([]string{
		"-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false",
		"-c", "gc.auto=0", "-c", "protocol.file.allow=always",
	}, args...)...)
	cmd.Dir = r.dir
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasPrefix(s, "GIT_") }),
		"GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull, "LC_ALL=C")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (r repo) git(args ...string) string {
	r.t.Helper()
	out, err := r.try(args...)
	if err != nil {
		r.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(out)
}

// put writes files into the work tree.
func (r repo) put(files map[string]string) {
	r.t.Helper()
	for name, text := range files {
		at := filepath.Join(r.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			r.t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
			r.t.Fatal(err)
		}
	}
}

// commit adds all there is, and returns the commit.
func (r repo) commit(files map[string]string) string {
	r.t.Helper()
	r.put(files)
	r.git("add", "-A")
	r.git("commit", "-q", "--allow-empty", "-m", "change")
	return r.git("rev-parse", "HEAD")
}

// clone clones the repository with further arguments.
func (r repo) clone(args ...string) repo {
	r.t.Helper()
	c := repo{r.t, filepath.Join(r.t.TempDir(), "clone")}
	r.git(append(append([]string{"clone", "-q"}, args...), "file://"+filepath.ToSlash(r.dir), c.dir)...)
	return c
}

// open opens a revision until the test ends.
func (r repo) open(dir, ref string) *gitfs.FS {
	r.t.Helper()
	f, err := gitfs.Open(r.t.Context(), filepath.Join(r.dir, dir), ref)
	if err != nil {
		if e, ok := errors.AsType[*gitfs.Error](err); ok {
			r.t.Fatalf("%v\nhelp: %s", err, e.Fix)
		}
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() {
		if err := f.Close(); err != nil {
			r.t.Error(err)
		}
	})
	return f
}

// fails returns the error with which a revision does not open.
func fails(t testing.TB, dir, ref string) *gitfs.Error {
	t.Helper()
	f, err := gitfs.Open(t.Context(), dir, ref)
	if err == nil {
		_ = f.Close()
		t.Fatalf("%s opens", ref)
	}
	var e *gitfs.Error
	if !errors.As(err, &e) || e.Message == "" {
		t.Fatalf("%T: %v", err, err)
	}
	return e
}
