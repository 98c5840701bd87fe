package gitfs_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/compat/history/gitfs"
)

// run types the last line of a help that begins with a command of git.
func (r repo) run(help string) {
	r.t.Helper()
	_, command, ok := strings.Cut(help, "git ")
	if !ok {
		r.t.Fatalf("there is no command in %q", help)
	}
	command, _, _ = strings.Cut(command, "\n")
	r.git(strings.Fields(command)...)
}

// In a shallow clone, the help names a command that makes it work.
func TestOpen_shallow(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	first := r.commit(map[string]string{"file": "first"})
	r.git("config", "uploadpack.allowAnySHA1InWant", "true")
	r.git("checkout", "-q", "-b", "feature")
	r.commit(map[string]string{"file": "feature"})
	r.git("checkout", "-q", "main")
	r.commit(map[string]string{"file": "second"})
	for _, ref := range []string{first, "origin/main", "HEAD~1"} {
		c := r.clone("--depth", "1", "--branch", "feature")
		e := fails(t, c.dir, ref)
		if (ref != "HEAD~1") != strings.Contains(e.Fix, "--depth=1 origin ") {
			t.Errorf("%s: help: %s", ref, e.Fix)
		}
		c.run(e.Fix)
		want := map[string]string{first: "first", "origin/main": "second", "HEAD~1": "first"}[ref]
		if text, err := c.open(".", ref).ReadFile("file"); err != nil || string(text) != want {
			t.Errorf("%s: %q %v", ref, text, err)
		}
	}
}

// A clone without files does not fetch them behind one's back.
func TestFS_partial(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.git("config", "uploadpack.allowFilter", "true")
	r.git("config", "uploadpack.allowAnySHA1InWant", "true")
	r.commit(map[string]string{"file": "first"})
	r.commit(map[string]string{"file": "second"})
	c := r.clone("--filter=blob:none")
	c.git("config", "protocol.file.allow", "always")
	f := c.open(".", "HEAD~1")
	_, err := f.ReadFile("file")
	var e *gitfs.Error
	if !errors.As(err, &e) || !strings.Contains(e.Message, "the clone is partial") {
		t.Fatalf("%v", err)
	}
	if !strings.Contains(c.git("rev-list", "--objects", "--missing=print", "HEAD~1"), "\n?") {
		t.Error("reading fetched what was missing")
	}
	c.run(e.Fix)
	if text, err := c.open(".", "HEAD~1").ReadFile("file"); err != nil || string(text) != "first" {
		t.Errorf("after %s: %q %v", e.Fix, text, err)
	}
}

func TestMergeBase(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	base := r.commit(map[string]string{"file": "base"})
	r.git("checkout", "-q", "-b", "feature")
	r.commit(map[string]string{"file": "feature"})
	r.git("checkout", "-q", "main")
	tip := r.commit(map[string]string{"file": "main"})
	r.git("checkout", "-q", "feature")
	for ref, want := range map[string]string{"main": base, "HEAD": r.git("rev-parse", "HEAD"), base: base} {
		if got, err := gitfs.MergeBase(t.Context(), r.dir, ref); err != nil || got != want {
			t.Errorf("%s: %s, %v", ref, got, err)
		}
	}
	r.git("checkout", "-q", "--orphan", "alone")
	r.commit(map[string]string{"file": "alone"})
	_, err := gitfs.MergeBase(t.Context(), r.dir, "main")
	var e *gitfs.Error
	if !errors.As(err, &e) || !strings.Contains(e.Message, "no commit in common") || !strings.Contains(e.Fix, "git:main") {
		t.Errorf("%v", err)
	}
	if _, err := gitfs.MergeBase(t.Context(), r.dir, "nobody"); !errors.As(err, &e) || !strings.Contains(e.Message, "knows no revision nobody") {
		t.Errorf("%v", err)
	}

	r.git("checkout", "-q", "feature")
	c := r.clone("--depth", "1", "--no-single-branch")
	_, err = gitfs.MergeBase(t.Context(), c.dir, "origin/main")
	if !errors.As(err, &e) || !strings.Contains(e.Message, "the clone is shallow") {
		t.Fatalf("%v", err)
	}
	c.run(e.Fix)
	if got, err := gitfs.MergeBase(t.Context(), c.dir, "origin/main"); err != nil || got != base || got == tip {
		t.Errorf("%s, %v", got, err)
	}
}

func TestDefaultRef(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ github, gitlab, want string }{
		{"", "", ""}, {"main", "", "origin/main"}, {"", "release/1", "origin/release/1"}, {"main", "other", "origin/main"},
	} {
		ref, ok := gitfs.DefaultRef(func(name string) string {
			return map[string]string{"GITHUB_BASE_REF": c.github, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": c.gitlab}[name]
		})
		if ref != c.want || ok != (c.want != "") {
			t.Errorf("%v: %q %v", c, ref, ok)
		}
	}
}
