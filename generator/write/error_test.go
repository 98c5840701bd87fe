package write_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/generator/write"
)

// refused asserts that an error names path and cause, and has a way out.
func refused(t *testing.T, err error, path, cause string) {
	t.Helper()
	var e *write.Error
	switch {
	case !errors.As(err, &e):
		t.Errorf("got %v, want a *write.Error", err)
	case e.Path != path || !strings.Contains(e.Error(), cause) || e.Help == "":
		t.Errorf("got path %q, error %q, help %q; want %q because of %q", e.Path, e.Error(), e.Help, path, cause)
	case errors.Unwrap(e) == nil:
		t.Error("the cause is lost")
	}
}

func TestError_inTheWay(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{"dir.es.go/x": "", "file": "", "b.es.go": stale})
	outside := tree(t, map[string]string{"secret.es.go": stale})
	for link, to := range map[string]string{
		"away": outside, "link.es.go": filepath.Join(outside, "secret.es.go"), "up": "..", "dangling": "nowhere",
	} {
		if err := os.Symlink(to, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	for path, cause := range map[string]string{
		"dir.es.go":        "a directory stands where the file has to go",
		"file/x.es.go":     "a file stands where a directory is needed",
		"away/x.es.go":     "a symbolic link leads out",
		"link.es.go":       "a symbolic link leads out",
		"up/x.es.go":       "a symbolic link leads out",
		"dangling/x.es.go": "no such file",
	} {
		before := read(t, outside)
		files := []write.File{file("b.es.go", ours), file(path, ours)}
		target := write.Target{Root: root}
		changes, err := write.Compare(t.Context(), target, files)
		if err == nil {
			err = write.Apply(t.Context(), target, changes)
		}
		refused(t, err, filepath.Join(root, path), cause)
		if diff := cmp.Diff(before, read(t, outside)); diff != "" {
			t.Errorf("%s: outside of the root (-before +after):\n%s", path, diff)
		}
		content, err := os.ReadFile(filepath.Join(root, "b.es.go"))
		if err != nil || string(content) != stale {
			t.Errorf("%s: the other file was changed: %q, %v", path, content, err)
		}
	}
}

// TestApply_failsHalfWay puts obstacles into the tree between Compare and
// Apply, as a second process would.
func TestApply_failsHalfWay(t *testing.T) {
	t.Parallel()
	files := []write.File{file("a.es.go", ours), file("new/dir/b.es.go", ours), file("z.es.go", ours)}
	for name, obstacle := range map[string]struct {
		path, cause string
		dir         bool
	}{
		"directory for a file":     {path: "z.es.go", dir: true, cause: "a directory stands"},
		"file for a directory":     {path: "new", cause: "a file stands"},
		"file for a sub-directory": {path: "new/dir", cause: "a file stands"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := tree(t, map[string]string{"a.es.go": stale})
			target := write.Target{Root: root}
			changes, err := write.Compare(t.Context(), target, files)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(root, obstacle.path)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if obstacle.dir {
				err = os.Mkdir(path, 0o755)
			} else {
				err = os.WriteFile(path, nil, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			before := read(t, root)
			err = write.Apply(t.Context(), target, changes)
			if e := (*write.Error)(nil); !errors.As(err, &e) || !strings.Contains(err.Error(), obstacle.cause) {
				t.Errorf("got %v, want one because of %q", err, obstacle.cause)
			}
			if diff := cmp.Diff(before, read(t, root)); diff != "" {
				t.Errorf("tree (-before +after):\n%s", diff)
			}
		})
	}
}

func TestError_noRoot(t *testing.T) {
	t.Parallel()
	root := filepath.Join(t.TempDir(), "missing")
	target := write.Target{Root: root}
	_, err := write.Compare(t.Context(), target, nil)
	refused(t, err, root, "no such file")
	err = write.Apply(t.Context(), target, []write.Change{{Kind: write.Missing, Path: "x"}})
	refused(t, err, root, "no such file")
}

func TestError_orphanIsInTheWay(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{"old.es.go/x": ""})
	gone := write.Change{Kind: write.Orphan, Path: "gone.es.go"} // somebody was faster: fine
	orphan := write.Change{Kind: write.Orphan, Path: "old.es.go"}
	err := write.Apply(t.Context(), write.Target{Root: root}, []write.Change{gone, orphan})
	if e := (*write.Error)(nil); !errors.As(err, &e) || e.Path != filepath.Join(root, "old.es.go") {
		t.Errorf("got %v", err)
	}
}

func TestError_outIsALinkAway(t *testing.T) {
	t.Parallel()
	root, outside := t.TempDir(), tree(t, map[string]string{"old.es.go": stale})
	if err := os.Symlink(outside, filepath.Join(root, "gen")); err != nil {
		t.Fatal(err)
	}
	_, err := write.Compare(t.Context(), write.Target{Root: root, Out: "gen", Clean: true}, nil)
	refused(t, err, filepath.Join(root, "gen"), "a symbolic link leads out")
}

func TestError_notWritable(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("nothing is unwritable for root")
	}
	root := tree(t, map[string]string{"gen/keep.go": "package gen\n", "a.es.go": stale})
	locked := filepath.Join(root, "gen")
	if err := os.Chmod(locked, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(locked, 0o755) })
	target := write.Target{Root: root}
	changes, err := write.Compare(t.Context(), target, []write.File{file("a.es.go", ours), file("gen/x.es.go", ours)})
	if err != nil {
		t.Fatal(err)
	}
	before := read(t, root)
	err = write.Apply(t.Context(), target, changes)
	refused(t, err, filepath.Join(root, "gen/x.es.go"), "permission denied")
	if diff := cmp.Diff(before, read(t, root)); diff != "" {
		t.Errorf("tree (-before +after):\n%s", diff)
	}
}

func TestOrphans_unreadableIsNotOurs(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("nothing is unreadable for root")
	}
	root := tree(t, map[string]string{"database/old.es.go": stale, "secret.es.go": stale, "old.es.go": stale})
	for _, name := range []string{"database", "secret.es.go"} {
		path := filepath.Join(root, name)
		if err := os.Chmod(path, 0); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(path, 0o755) })
	}
	got := bring(t, write.Target{Root: root, Clean: true})
	if diff := cmp.Diff([]string{"orphan old.es.go"}, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}
