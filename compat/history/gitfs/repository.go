package gitfs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"regexp"
	"strings"

	"github.com/esgen-dev/esgen/internal/nearest"
)

// Error is what keeps a revision from being read, and the way out.
type Error struct {
	Message string
	Fix     string // what to do, best as something to type; may hold several lines
	Err     error  // the cause; may be nil
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Help returns what to do. Findings about files that cannot be read repeat it.
func (e *Error) Help() string { return e.Fix }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// repository is where a directory is under version control.
type repository struct {
	git     git
	prefix  string // of the directory, "." at the top
	shallow bool
}

// find returns the repository of a directory.
func find(ctx context.Context, dir string) (repository, error) {
	r := repository{git: git{dir}}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return r, &Error{Message: fmt.Sprintf("%s is not a directory", dir), Err: err}
	}
	out, err := r.git.run(ctx, "rev-parse", "--is-shallow-repository", "--show-prefix")
	switch {
	case ctx.Err() != nil:
		return r, err
	case errors.Is(err, exec.ErrNotFound):
		return r, &Error{
			Message: "the program git is not installed, or not in PATH",
			Fix:     "install it, or compare with a directory: --against dir:PATH", Err: err,
		}
	case said(err, "dubious ownership"):
		return r, &Error{Message: "git does not read a repository of somebody else", Fix: trust(err, dir), Err: err}
	case said(err, "not a git repository"):
		return r, &Error{
			Message: dir + " is not in a git repository",
			Fix:     "compare with what was accepted, --against lock, or with a directory, --against dir:PATH", Err: err,
		}
	case err != nil:
		return r, &Error{Message: "cannot read the git repository of " + dir + ": " + err.Error(), Err: err}
	}
	shallow, prefix, _ := strings.Cut(string(out), "\n")
	r.shallow = shallow == "true"
	if r.prefix = strings.TrimSuffix(strings.TrimSuffix(prefix, "\n"), "/"); r.prefix == "" {
		r.prefix = "."
	}
	return r, nil
}

// trust returns how to make git read a repository of another user.
func trust(err error, dir string) string {
	if run, ok := errors.AsType[*runError](err); ok {
		if m := regexp.MustCompile(`in repository at '([^']+)'`).FindStringSubmatch(run.stderr); m != nil {
			dir = m[1]
		}
	}
	return "if you trust it: git config --global --add safe.directory " + quote(dir)
}

// objectName is the name of an object, of either hash.
var objectName = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)

// resolve returns the commit that a revision stands for.
func (r repository) resolve(ctx context.Context, ref string) (string, error) {
	if ref == "" || strings.HasPrefix(ref, "-") || strings.ContainsAny(ref, "\x00\n") {
		return "", &Error{Message: fmt.Sprintf("%q is not a revision of git", ref), Fix: "write a branch, a tag or a commit, e.g. origin/main"}
	}
	out, err := r.git.run(ctx, "rev-parse", "--verify", "--quiet", ref+"^{commit}")
	if ctx.Err() != nil {
		return "", err
	}
	commit := strings.TrimSpace(string(out))
	if err != nil || !objectName.MatchString(commit) {
		return "", r.unknown(ctx, ref, err)
	}
	return commit, nil
}

// unknown says how to get a revision that is not there.
func (r repository) unknown(ctx context.Context, ref string, cause error) error {
	e := &Error{Message: fmt.Sprintf("git knows no revision %s", ref), Err: cause}
	remotes, names := r.names(ctx)
	depth := ""
	if r.shallow {
		depth = "--depth=1 "
	}
	if objectName.MatchString(ref) {
		e.Message = "commit " + ref + " is not in this repository"
		e.Fix = "fetch it: git fetch " + depth + remotes[0] + " " + ref
		return e
	}
	for _, remote := range remotes {
		if branch, ok := strings.CutPrefix(ref, remote+"/"); ok && isBranch(branch) {
			e.Fix = fmt.Sprintf("fetch it: git fetch %s%s %s:refs/remotes/%s/%s", depth, remote, quote(branch), remote, quote(branch))
			return e
		}
		for _, name := range names {
			if name == remote+"/"+ref {
				e.Fix = "did you mean " + name + "?"
				return e
			}
		}
	}
	near, ok := nearest.To(ref, names)
	switch {
	case ok && near != ref:
		e.Fix = "did you mean " + near + "?"
	case !isBranch(ref) && r.shallow:
		e.Fix = "the clone is shallow; fetch the rest: git fetch --unshallow " + remotes[0]
	case isBranch(ref):
		e.Fix = fmt.Sprintf("fetch it: git fetch %s%s %s:refs/remotes/%s/%s\nand compare with git:%s/%s",
			depth, remotes[0], quote(ref), remotes[0], quote(ref), remotes[0], ref)
	default:
		e.Fix = "write a branch, a tag or a commit, e.g. origin/main"
	}
	return e
}

// names returns the names of remotes, of which there is always one to propose,
// and those of branches and tags.
func (r repository) names(ctx context.Context) (remotes, refs []string) {
	if out, err := r.git.run(ctx, "remote"); err == nil {
		remotes = strings.Fields(string(out))
	}
	for i, remote := range remotes {
		if remote == "origin" {
			remotes[0], remotes[i] = remote, remotes[0]
		}
	}
	if len(remotes) == 0 {
		remotes = []string{"origin"}
	}
	out, err := r.git.run(ctx, "for-each-ref", "--count=2000", "--format=%(refname:short)", "refs/heads", "refs/remotes", "refs/tags")
	if err == nil {
		refs = strings.Fields(string(out))
	}
	return remotes, refs
}

// isBranch reports whether a name could be a branch, and is no expression.
func isBranch(name string) bool {
	return name != "" && name != "HEAD" && !strings.HasPrefix(name, "-") && !strings.Contains(name, "..") &&
		!strings.Contains(name, "@{") && !strings.ContainsAny(name, "~^: ?*[\\\x7f")
}

// lost explains why objects of a commit could not be read.
func (r repository) lost(ctx context.Context, ref, commit string, cause error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("run git: %w", ctx.Err())
	}
	e := &Error{Message: fmt.Sprintf("cannot read the files of %s: %v", ref, cause), Err: cause}
	remotes, _ := r.names(ctx)
	partial, _ := r.git.run(ctx, "config", "--get-regexp", `^(extensions\.partialclone|remote\..*\.promisor)$`)
	absent := errors.Is(cause, errMissing) ||
		said(cause, "promisor", "not a tree object", "could not fetch", "unable to read", "bad object", "missing")
	switch {
	case !absent:
	case len(partial) > 0:
		e.Message = "the clone is partial, and does not have all files of " + ref
		e.Fix = "fetch them: git fetch --refetch --no-filter " + remotes[0]
	case r.shallow:
		e.Message = "the clone is shallow, and does not have the files of " + ref
		e.Fix = "fetch them: git fetch --depth=1 " + remotes[0] + " " + commit
	default:
		e.Message = "the repository does not have all files of " + ref
		e.Fix = "see what it misses: git fsck\nand fetch it again: git fetch --refetch " + remotes[0]
	}
	if path := (*fs.PathError)(nil); errors.As(cause, &path) {
		e.Err = path.Err
	}
	return e
}

// quote makes a word of a command line out of a text.
func quote(text string) string {
	if !regexp.MustCompile(`[^\w@%+=:,./-]`).MatchString(text) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
