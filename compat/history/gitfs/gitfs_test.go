package gitfs_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat/history/gitfs"
)

// unusual are names and texts that a list of files could stumble over.
func unusual() map[string]string {
	return map[string]string{
		"esgen.yaml":              "version: v1\n",
		"svc/a b.proto":           "space",
		"svc/ü/ÄÖ.proto":          "umlaut",
		"svc/new\nline\ttab":      "line end",
		"svc/quote\"s":            "quotes",
		"svc/-dash":               "dash",
		"svc/empty":               "",
		"svc/binary":              "\x00\x01\xff\n\n",
		"svc/deep/er/and/deeper":  strings.Repeat("long", 50_000),
		"svc/:(glob)*":            "a pathspec",
		"svc-neighbour/file":      "beside",
		"svc/deep.proto":          "sorts before deep/",
		"svc/cr.txt":              "a\r\nb\r\n",
		"svc/missing":             "0000000000000000000000000000000000000000 missing\n",
		"third_party/x/x.proto":   "x",
		"HEAD":                    "not the head",
		"svc/deep/er/and/another": "x",
	}
}

func TestFS(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"sha1", "sha256"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			r := newRepo(t, "--object-format="+format)
			commit := r.commit(unusual())
			r.commit(map[string]string{"svc/a b.proto": "later", "svc/new": "later"})
			r.put(map[string]string{"svc/a b.proto": "not committed"})

			f := r.open("svc", "HEAD~1")
			if f.Commit() != commit || f.Prefix() != "svc" || f.Shown("a/b") != "HEAD~1:a/b" {
				t.Errorf("commit %s, prefix %s, shown %s", f.Commit(), f.Prefix(), f.Shown("a/b"))
			}
			if err := fstest.TestFS(f, slices.Collect(maps.Keys(unusual()))...); err != nil {
				t.Error(err)
			}
			got := map[string]string{}
			err := fs.WalkDir(f, ".", func(name string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				text, err := fs.ReadFile(f, name)
				got[name] = string(text)
				return err
			})
			if diff := cmp.Diff(unusual(), got); err != nil || diff != "" {
				t.Errorf("%v\n%s", err, diff)
			}
			if _, err := f.Open("svc/new"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("what is not in the revision opens: %v", err)
			}
			if status := r.git("status", "--porcelain"); status != `M "svc/a b.proto"` {
				t.Errorf("the repository was changed: %q", status)
			}
		})
	}
}

func TestFS_concurrent(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	files := map[string]string{}
	for i := range 400 {
		files[fmt.Sprintf("d%d/f%d", i%7, i)] = strings.Repeat(fmt.Sprint(i), 1+i*10)
	}
	r.commit(files)
	f := r.open(".", "main")
	var all sync.WaitGroup
	for name, want := range files {
		all.Go(func() {
			if got, err := f.ReadFile(name); err != nil || string(got) != want {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	all.Wait()
}

// Links and submodules are what a tree may hold besides files.
func TestFS_links(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.put(map[string]string{"a/b/file": "text", "a/other": "other"})
	for name, target := range map[string]string{
		"link": "a/b/file", "dir": "a/b", "a/b/up": "../other", "twice": "dir/up", "loop": "loop2", "loop2": "./loop",
		"out": "../../etc/passwd", "absolute": "/etc/passwd", "nowhere": "a/nothing", "a/b/dots": ".././b//file",
	} {
		if err := os.Symlink(filepath.FromSlash(target), filepath.Join(r.dir, filepath.FromSlash(name))); err != nil {
			t.Skip(err)
		}
	}
	r.commit(nil)
	f := r.open(".", "main")
	for name, want := range map[string]string{
		"link": "text", "dir/file": "text", "a/b/up": "other", "dir/up": "other", "twice": "other", "a/b/dots": "text",
	} {
		if got, err := f.ReadFile(name); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if info, err := f.Stat(name); err != nil || !info.Mode().IsRegular() || info.Size() != int64(len(want)) {
			t.Errorf("stat %s: %v %v", name, info, err)
		}
	}
	for name, want := range map[string]string{
		"loop": "leads to itself", "out": "leads out of the repository", "absolute": "a link to /etc/passwd, out of the repository",
		"nowhere": "file does not exist", "link/below": "file does not exist",
	} {
		if _, err := f.ReadFile(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if info, err := fs.Lstat(f, "link"); err != nil || info.Mode().Type() != fs.ModeSymlink {
		t.Errorf("lstat: %v %v", info, err)
	}
	if target, err := fs.ReadLink(f, "a/b/up"); err != nil || target != "../other" {
		t.Errorf("readlink: %q %v", target, err)
	}
	if list, err := f.ReadDir("dir"); err != nil || len(list) != 3 || list[2].Type() != fs.ModeSymlink {
		t.Errorf("readdir: %v %v", list, err)
	}
}

func TestFS_elsewhere(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	first := r.commit(map[string]string{
		"lfs.proto": "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "file": "text",
	})
	r.git("update-index", "--add", "--cacheinfo", "160000,"+first+",third_party/sub")
	r.git("commit", "-q", "-m", "submodule")
	f := r.open(".", "main")
	for _, c := range []struct{ name, message string }{
		{"lfs.proto", "main:lfs.proto is kept in Git LFS"},
		{"third_party/sub/x.proto", "main:third_party/sub is a submodule"},
		{"third_party/sub", "main:third_party/sub is a submodule"},
	} {
		_, err := f.Open(c.name)
		var e *gitfs.Error
		if !errors.As(err, &e) || !strings.HasPrefix(e.Message, c.message) || !strings.Contains(e.Help(), "--against dir:") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if text, err := f.ReadFile("file"); err != nil || string(text) != "text" {
		t.Errorf("beside them: %q %v", text, err)
	}
	if list, err := f.ReadDir("third_party"); err != nil || len(list) != 1 {
		t.Errorf("the directory with the submodule: %v %v", list, err)
	}
}

// Wherever a directory is in a repository, and however that is checked out.
func TestOpen_places(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	want := r.commit(map[string]string{"svc/deep/file": "text"})
	r.commit(map[string]string{"svc/deep/file": "later"})
	r.git("tag", "-a", "v1", "-m", "tag", want)
	r.git("worktree", "add", "-q", "--detach", filepath.Join(filepath.Dir(r.dir), "tree"), want)
	r.git("checkout", "-q", "--detach")
	bare := r.clone("--bare")
	sub := r.clone()
	if err := os.MkdirAll(filepath.Join(sub.dir, "svc", "not", "committed"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, dir, ref, prefix string }{
		{"top", r.dir, want, "."},
		{"short", r.dir, want[:9], "."},
		{"tag", r.dir, "v1", "."},
		{"full name of a tag", r.dir, "refs/tags/v1", "."},
		{"expression", r.dir, "main~1", "."},
		{"detached head", r.dir, "HEAD^", "."},
		{"below", filepath.Join(r.dir, "svc/deep"), "main@{0}^", "svc/deep"},
		{"work tree", filepath.Join(filepath.Dir(r.dir), "tree"), "HEAD", "."},
		{"below a work tree", filepath.Join(filepath.Dir(r.dir), "tree", "svc"), "v1", "svc"},
		{"bare", bare.dir, "main^", "."},
		{"in .git", filepath.Join(r.dir, ".git"), "v1", "."},
		{"not in the revision", filepath.Join(sub.dir, "svc/not/committed"), "origin/main^", "svc/not/committed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, err := gitfs.Open(t.Context(), c.dir, c.ref)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if f.Commit() != want || f.Prefix() != c.prefix {
				t.Errorf("commit %s, prefix %q", f.Commit(), f.Prefix())
			}
			if text, err := f.ReadFile("svc/deep/file"); err != nil || string(text) != "text" {
				t.Errorf("%q %v", text, err)
			}
		})
	}
}

// What git sets for a hook is about another repository than the one asked for.
func TestOpen_inHook(t *testing.T) {
	r, other := newRepo(t), newRepo(t)
	want := r.commit(map[string]string{"file": "text"})
	other.commit(map[string]string{"file": "other"})
	t.Setenv("GIT_DIR", filepath.Join(other.dir, ".git"))
	t.Setenv("GIT_WORK_TREE", other.dir)
	t.Setenv("GIT_INDEX_FILE", filepath.Join(other.dir, ".git", "index"))
	t.Setenv("GIT_OBJECT_DIRECTORY", filepath.Join(other.dir, ".git", "objects"))
	t.Setenv("GIT_PREFIX", "svc/")
	t.Setenv("GIT_TRACE", "1")
	t.Setenv("LC_ALL", "de_DE.UTF-8")
	if f := r.open(".", "HEAD"); f.Commit() != want || f.Prefix() != "." {
		t.Errorf("commit %s, prefix %s", f.Commit(), f.Prefix())
	}
}

func TestOpen_ended(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.commit(map[string]string{"file": "text", "other": "text of another"})
	ctx, cancel := context.WithCancel(t.Context())
	f, err := gitfs.Open(ctx, r.dir, "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.ReadFile("file"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if text, err := f.ReadFile("other"); err != nil || string(text) != "text of another" {
		t.Errorf("after Close: %q %v", text, err)
	}
	defer f.Close()
	cancel()
	if _, err := gitfs.Open(ctx, r.dir, "HEAD"); !errors.Is(err, context.Canceled) {
		t.Errorf("open: %v", err)
	}
}

func TestOpen_unknown(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.commit(map[string]string{"file": "text"})
	r.git("branch", "release/1.0")
	c := r.clone()
	c.git("remote", "add", "backup", r.dir)
	const nobody = "0123456789012345678901234567890123456789"
	for _, x := range []struct{ ref, message, help string }{
		{"", "is not a revision", "origin/main"},
		{"-h", "is not a revision", "origin/main"},
		{"--all", "is not a revision", "origin/main"},
		{"a\nb", "is not a revision", "origin/main"},
		{"a\x00b", "is not a revision", "origin/main"},
		{"origin/develop", "git knows no revision origin/develop", "git fetch origin develop:refs/remotes/origin/develop"},
		{"backup/main", "git knows no revision", "git fetch backup main:refs/remotes/backup/main"},
		{"release/1.0", "git knows no revision", "did you mean origin/release/1.0?"},
		{"mian", "git knows no revision", "did you mean main?"},
		{"develop", "git knows no revision", "git fetch origin develop:refs/remotes/origin/develop\nand compare with git:origin/develop"},
		{nobody, "commit " + nobody + " is not in this repository", "git fetch origin " + nobody},
		{"HEAD~7", "git knows no revision", "a branch, a tag or a commit"},
		{"main..release", "git knows no revision", "a branch, a tag or a commit"},
		{"^main", "git knows no revision", ""},
		{"HEAD:file", "git knows no revision", ""},
		{"HEAD^{tree}", "git knows no revision", ""},
		{"$(touch x)", "git knows no revision", ""},
	} {
		e := fails(t, c.dir, x.ref)
		if !strings.Contains(e.Message, x.message) || !strings.Contains(e.Fix, x.help) || e.Fix == "" {
			t.Errorf("%q: %s\nhelp: %s", x.ref, e.Message, e.Fix)
		}
	}
}

func TestOpen_noRepository(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	if e := fails(t, t.TempDir(), "HEAD"); !strings.Contains(e.Message, "is not in a git repository") || !strings.Contains(e.Fix, "--against dir:PATH") {
		t.Errorf("%s\nhelp: %s", e.Message, e.Fix)
	}
	if e := fails(t, filepath.Join(t.TempDir(), "none"), "HEAD"); !strings.Contains(e.Message, "is not a directory") {
		t.Error(e.Message)
	}
	if e := fails(t, r.dir, "HEAD"); !strings.Contains(e.Message, "git knows no revision HEAD") {
		t.Error(e.Message)
	}
}

func TestOpen_noGit(t *testing.T) {
	r := newRepo(t)
	r.commit(nil)
	t.Setenv("PATH", t.TempDir())
	if e := fails(t, r.dir, "HEAD"); !strings.Contains(e.Message, "not installed") || !strings.Contains(e.Fix, "--against dir:PATH") {
		t.Errorf("%s\nhelp: %s", e.Message, e.Fix)
	}
}

// An object that went missing is found when it is needed.
func TestFS_lostObject(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.commit(map[string]string{"file": "text", "other": "other"})
	object := r.git("rev-parse", "HEAD:file")
	if err := os.Remove(filepath.Join(r.dir, ".git", "objects", object[:2], object[2:])); err != nil {
		t.Fatal(err)
	}
	f := r.open(".", "HEAD")
	_, err := f.ReadFile("file")
	var e *gitfs.Error
	if !errors.As(err, &e) || !strings.Contains(e.Message, "does not have all files") || !strings.Contains(e.Fix, "git fsck") {
		t.Errorf("%v", err)
	}
	if text, err := f.ReadFile("other"); err != nil || string(text) != "other" {
		t.Errorf("after that: %q %v", text, err)
	}
	tree := r.git("rev-parse", "HEAD^{tree}")
	if err := os.Remove(filepath.Join(r.dir, ".git", "objects", tree[:2], tree[2:])); err != nil {
		t.Fatal(err)
	}
	if e := fails(t, r.dir, "HEAD"); !strings.Contains(e.Message, "does not have all files") {
		t.Error(e.Message)
	}
}
