package gitfs

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// DefaultRef returns the branch that a pull request or a merge request goes to,
// as it is called in a clone, e.g. "origin/main". GitHub and GitLab name it in
// variables; elsewhere there is none.
func DefaultRef(getenv func(string) string) (ref string, ok bool) {
	for _, name := range []string{"GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"} {
		if branch := getenv(name); branch != "" {
			return "origin/" + branch, true
		}
	}
	return "", false
}

// MergeBase returns the commit at which the head of a directory's repository
// left a revision. Comparing with the revision itself would find what others
// added to it since then. Errors are as for [Open].
func MergeBase(ctx context.Context, dir, ref string) (commit string, err error) {
	repo, err := find(ctx, dir)
	if err != nil {
		return "", err
	}
	other, err := repo.resolve(ctx, ref)
	if err != nil {
		return "", err
	}
	head, err := repo.resolve(ctx, "HEAD")
	if err != nil {
		return "", err
	}
	out, err := repo.git.run(ctx, "merge-base", head, other)
	if ctx.Err() != nil {
		return "", err
	}
	if commit = strings.TrimSpace(string(out)); err == nil && objectName.MatchString(commit) {
		return commit, nil
	}
	e := &Error{Message: fmt.Sprintf("HEAD and %s have no commit in common", ref), Err: err}
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() != 1 {
		e.Message = fmt.Sprintf("cannot find the commit at which HEAD left %s: %v", ref, err)
	}
	e.Fix = "compare with the revision itself: --against git:" + ref
	if repo.shallow {
		remotes, _ := repo.names(ctx)
		e.Message = fmt.Sprintf("the clone is shallow, and does not reach the commit at which HEAD left %s", ref)
		e.Fix = fmt.Sprintf("fetch the history: git fetch --unshallow %s\nor compare with the revision itself: --against git:%s", remotes[0], ref)
	}
	return "", e
}
