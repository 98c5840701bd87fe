// Package gitfs shows the files of a git revision as a file system, for a gate
// that compares with what is on another branch.
//
//	revision, err := gitfs.Open(ctx, ".", "origin/main")
//	defer revision.Close()
//	lock, err := fs.ReadFile(revision, path.Join(revision.Prefix(), "esgen.lock"))
//
// It runs the program git and reads objects: nothing is checked out, cloned,
// fetched or written, and no hook, filter or configured command runs. One
// process lists the files and one serves all that are read. Work trees, bare
// repositories, detached heads and sub-directories are all the same to it.
//
// Which repository is meant is for the directory alone to say: variables such as
// GIT_DIR, which git sets for hooks, are left out.
//
// What cannot be read is an [*Error] with the command that helps. Objects that a
// shallow or partial clone left out are not fetched. Files of submodules and of
// Git LFS are not in the repository, so opening one is an error.
package gitfs

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// FS is the tree of a commit. It implements [fs.ReadFileFS], [fs.ReadDirFS],
// [fs.StatFS] and [fs.ReadLinkFS] and is safe for concurrent use. Links are
// followed, as long as they stay in the repository. Modification times are zero.
type FS struct {
	repo    repository
	ref     string
	commit  string
	entries map[string]*entry

	mu    sync.Mutex // guards what follows
	cat   *cat
	texts map[string][]byte // by object
}

// entry is a file or a directory of the tree.
type entry struct {
	path     string
	mode     fs.FileMode // type bits; a submodule is an irregular directory
	object   string
	children []*entry
}

// Open returns the files of a revision of the repository that a directory
// belongs to. The context ends all reading. Errors are of type [*Error], or the
// context's.
func Open(ctx context.Context, dir, ref string) (*FS, error) {
	repo, err := find(ctx, dir)
	if err != nil {
		return nil, err
	}
	commit, err := repo.resolve(ctx, ref)
	if err != nil {
		return nil, err
	}
	list, err := repo.git.run(ctx, "ls-tree", "-r", "-z", "--full-tree", commit)
	if err != nil {
		return nil, repo.lost(ctx, ref, commit, err)
	}
	f := &FS{repo: repo, ref: ref, commit: commit, texts: map[string][]byte{}}
	if err := f.build(string(list)); err != nil {
		return nil, err
	}
	f.cat = &cat{ctx: ctx, git: repo.git}
	return f, nil
}

// Commit returns the commit, in hex.
func (f *FS) Commit() string { return f.commit }

// Prefix returns where the directory of [Open] lies in the repository, with
// slashes; "." is its top. The revision need not have it.
func (f *FS) Prefix() string { return f.repo.prefix }

// Shown returns a path as git shows it, e.g. "origin/main:proto/bank.proto".
func (f *FS) Shown(path string) string { return f.ref + ":" + path }

// Close ends the process that reads. What is read later starts another one.
func (f *FS) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.cat.close()
}

// build makes the tree of what git ls-tree printed.
func (f *FS) build(list string) error {
	f.entries = map[string]*entry{".": {path: ".", mode: fs.ModeDir}}
	for line := range strings.SplitSeq(list, "\x00") {
		if line == "" {
			continue
		}
		about, name, ok := strings.Cut(line, "\t")
		words := strings.Fields(about)
		if !ok || len(words) != 3 {
			return &Error{Message: fmt.Sprintf("git ls-tree prints %q, which is not understood", line)}
		}
		if !fs.ValidPath(name) && utf8.ValidString(name) {
			return &Error{
				Message: fmt.Sprintf("the tree of %s holds %q, which is not a path", f.ref, name),
				Fix:     "the repository is damaged, or somebody made it so: git fsck",
			}
		}
		f.add(&entry{path: name, mode: modeOf(words[0]), object: words[2]})
	}
	for _, e := range f.entries {
		slices.SortFunc(e.children, func(a, b *entry) int { return strings.Compare(a.path, b.path) })
	}
	return nil
}

// add puts an entry into its directory, which is made where it is not there.
func (f *FS) add(e *entry) {
	f.entries[e.path] = e
	above := path.Dir(e.path)
	dir, ok := f.entries[above]
	if !ok {
		dir = &entry{path: above, mode: fs.ModeDir}
		f.add(dir)
	}
	dir.children = append(dir.children, e)
}

// modeOf returns what a mode of git stands for.
func modeOf(mode string) fs.FileMode {
	switch mode {
	case "120000":
		return fs.ModeSymlink
	case "160000":
		return fs.ModeDir | fs.ModeIrregular
	}
	return 0
}

// maxLinks is how many links a path may lead over.
const maxLinks = 40

// resolve returns what is at a path, over all links but, without follow, the
// last one.
func (f *FS) resolve(op, name string, follow bool) (*entry, error) {
	fail := func(err error) (*entry, error) { return nil, &fs.PathError{Op: op, Path: name, Err: err} }
	if !fs.ValidPath(name) {
		return fail(fs.ErrInvalid)
	}
	if e, ok := f.entries[name]; ok && (e.mode&fs.ModeSymlink == 0 || !follow) {
		return e, nil
	}
	at := f.entries["."]
	rest := strings.Split(name, "/")
	for links := 0; len(rest) > 0; {
		if at.mode&fs.ModeIrregular != 0 {
			return fail(f.inSubmodule(at))
		}
		word := rest[0]
		rest = rest[1:]
		if word == ".." && at.path == "." {
			return fail(&Error{Message: f.Shown(name) + " leads out of the repository", Fix: "compare with a directory: --against dir:PATH"})
		}
		next, ok := f.entries[path.Join(at.path, word)]
		if !ok {
			return fail(fs.ErrNotExist)
		}
		if at = next; at.mode&fs.ModeSymlink == 0 || len(rest) == 0 && !follow {
			continue
		}
		target, err := f.target(at)
		if err != nil {
			return fail(err)
		}
		if links++; links > maxLinks {
			return fail(&Error{Message: f.Shown(name) + " is a link that leads to itself"})
		}
		at = f.entries[path.Dir(at.path)]
		rest = append(strings.Split(target, "/"), rest...)
	}
	return at, nil
}

// target returns where a link leads.
func (f *FS) target(e *entry) (string, error) {
	text, err := f.read(e)
	if err == nil && path.IsAbs(string(text)) {
		err = &Error{
			Message: fmt.Sprintf("%s is a link to %s, out of the repository", f.Shown(e.path), text),
			Fix:     "compare with a directory: --against dir:PATH",
		}
	}
	return string(text), err
}

func (f *FS) inSubmodule(e *entry) error {
	return &Error{
		Message: f.Shown(e.path) + " is a submodule: its files are in another repository",
		Fix:     "compare with a directory that has them: --against dir:PATH",
	}
}

// read returns the bytes of a file or a link.
func (f *FS) read(e *entry) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if text, ok := f.texts[e.object]; ok {
		return text, nil
	}
	text, err := f.cat.read(e.object)
	if err != nil {
		return nil, f.repo.lost(f.cat.ctx, f.ref, f.commit, fmt.Errorf("%s: %w", f.Shown(e.path), err))
	}
	f.texts[e.object] = text
	return text, nil
}
