package main

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// trial is one run of esgen on something that nobody should have, and what a
// user then gets to see: the exit code, the first line, and the files left.
// Together with the usual project of [usual].
type trial struct {
	name  string
	files map[string]string // instead of or beside the usual ones
	setup func(t *testing.T, dir string)
	args  []string // default: generate
	env   []string // beside that of the test
	stdin []byte
	code  int
	want  string   // the first line of standard error, else of standard output; DIR is the directory
	left  []string // the files below gen. Default: none
	made  string   // a file that has to be there. Default: any
}

// generated are the files of the usual project.
var generated = []string{"bank/v1/account.es.go", "bank/v1/account.pb.go", "bank/v1/bankv1test/account.es.go"}

const (
	usualConfig  = "version: v1\ngenerate: { go: { out: gen } }\n"
	usualPath    = "proto/bank/v1/account.proto"
	usualHeader  = "syntax = \"proto3\";\npackage bank.v1;\nimport \"esgen/v1/options.proto\";\n" + usualPackage
	usualPackage = "option go_package = \"example.com/bank/gen/bank/v1;bankv1\";\n"
	usualBody    = `message Account { option (esgen.v1.aggregate) = {}; string owner = 1; }
message OpenAccount {
  option (esgen.v1.command) = { mode: MODE_CREATE emits: "AccountOpened" };
  string account_id = 1 [(esgen.v1.field).id = true];
}
message AccountOpened { option (esgen.v1.event) = {}; string owner = 1; }
`
)

// usual returns a project with nothing wrong, and some files instead.
func usual(instead map[string]string) map[string]string {
	files := map[string]string{
		"go.mod": "module example.com/bank\n", "esgen.yaml": usualConfig, usualPath: usualHeader + usualBody,
	}
	maps.Copy(files, instead)
	return files
}

// hostile runs trials, each in a directory of its own.
func hostile(t *testing.T, trials []trial) {
	t.Helper()
	for _, tr := range trials {
		t.Run(tr.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			put(t, dir, usual(tr.files))
			if tr.setup != nil {
				tr.setup(t, dir)
			}
			args := tr.args
			if args == nil {
				args = []string{"generate"}
			}
			cmd := esgen(t, dir, args...)
			cmd.Env = append(cmd.Env, tr.env...)
			cmd.Stdin = bytes.NewReader(tr.stdin)
			tr.check(t, dir, run(t, cmd))
		})
	}
}

// check holds the outcome of a run to what is expected.
func (tr trial) check(t *testing.T, dir string, got outcome) {
	t.Helper()
	line, _, _ := strings.Cut(got.stderr, "\n")
	if line == "" {
		line, _, _ = strings.Cut(got.stdout, "\n")
	}
	line = strings.ReplaceAll(line, dir, "DIR")
	if got.code != tr.code || line != tr.want {
		t.Errorf("exit code %d, want %d; first line\n%s\nwant\n%s", got.code, tr.code, line, tr.want)
	}
	if diff := cmp.Diff(tr.left, tree(t, filepath.Join(dir, "gen"))); diff != "" {
		t.Errorf("files below gen (-want +got):\n%s", diff)
	}
	if _, err := os.Stat(filepath.Join(dir, tr.made)); err != nil {
		t.Error(err)
	}
	for _, name := range tree(t, dir) {
		if strings.HasSuffix(name, "esgen-tmp") {
			t.Errorf("%s is left", name)
		}
	}
}

// esgen returns a command that runs the tool in a directory, and is ended when
// the test has no time left.
func esgen(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "esgen", args...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), "GITHUB_ACTIONS=", "GITLAB_CI=", "ESGEN_CONFIG=", "ESGEN_COLOR=")
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// outcome is how a run ended.
type outcome struct {
	code           int // -1 for the end by a signal
	stdout, stderr string
}

// run runs a command to its end. Streams that are set are left alone.
func run(t *testing.T, cmd *exec.Cmd) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if cmd.Stdout == nil {
		cmd.Stdout = &stdout
	}
	if cmd.Stderr == nil {
		cmd.Stderr = &stderr
	}
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// put writes files below a directory.
func put(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// tree returns the paths of all files below a directory, in order.
func tree(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil || d.IsDir():
			return err
		}
		name, err := filepath.Rel(dir, path)
		names = append(names, filepath.ToSlash(name))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return names
}
