package gitfs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// git runs the program in a directory.
type git struct{ dir string }

// runError is a command that failed.
type runError struct {
	stderr string
	err    error
}

// Error returns what git said last, or why it did not run.
func (e *runError) Error() string {
	lines := strings.Split(strings.TrimSpace(e.stderr), "\n")
	if last := lines[len(lines)-1]; last != "" {
		return last
	}
	return e.err.Error()
}

// Unwrap returns how the program ended.
func (e *runError) Unwrap() error { return e.err }

// command returns a command that reads and does nothing else.
func (g git) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = g.dir
	cmd.Env = environment(os.Environ())
	cmd.WaitDelay = 5 * time.Second // for what git itself may have started
	return cmd
}

// run returns what a command prints. Errors are of type runError, or the
// context's.
func (g git) run(ctx context.Context, args ...string) ([]byte, error) {
	cmd := g.command(ctx, args...)
	var stderr strings.Builder
	cmd.Stderr = &limited{to: &stderr, left: 64 << 10}
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("run git: %w", ctx.Err())
	}
	if err != nil {
		return nil, &runError{stderr: stderr.String(), err: err}
	}
	return out, nil
}

// environment returns what git gets to see: without what says which repository
// is meant and what traces, in plain English, and without a network.
func environment(environ []string) []string {
	local := []string{
		"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_DIR", "GIT_GRAFT_FILE", "GIT_IMPLICIT_WORK_TREE",
		"GIT_INDEX_FILE", "GIT_INTERNAL_SUPER_PREFIX", "GIT_NAMESPACE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX",
		"GIT_QUARANTINE_PATH", "GIT_SHALLOW_FILE", "GIT_WORK_TREE",
		"LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES",
	}
	env := slices.DeleteFunc(slices.Clone(environ), func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		return slices.Contains(local, name) || strings.HasPrefix(name, "GIT_TRACE")
	})
	return append(env,
		"LC_ALL=C",              // messages are looked at
		"GIT_OPTIONAL_LOCKS=0",  // nothing is written
		"GIT_TERMINAL_PROMPT=0", // and nothing asked
		"GIT_NO_LAZY_FETCH=1",   // since git 2.45
		"GIT_ALLOW_PROTOCOL=none",
	)
}

// said reports whether a command failed with one of these words.
func said(err error, words ...string) bool {
	run := (*runError)(nil)
	return errors.As(err, &run) && slices.ContainsFunc(words, func(word string) bool { return strings.Contains(run.stderr, word) })
}
