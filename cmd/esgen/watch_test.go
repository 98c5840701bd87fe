package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// TestWatch changes files under a process that watches them. It waits for what
// the process says, however long that takes.
func TestWatch(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "esgen", "init", dir, "--module", "example.com/bank", "--package", "bank.v1").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	w := startWatch(t, dir)
	proto := filepath.Join(dir, "proto", "bank", "v1", "account.proto")
	text, err := os.ReadFile(proto)
	if err != nil {
		t.Fatal(err)
	}

	w.expect(`^esgen: \d\d:\d\d:\d\d generated 3 files in .*, 0 changed$`)
	write(t, proto, strings.ReplaceAll(string(text), "OpenAccount opens", "OpenAccount really opens"))
	w.expect(`generated 3 files in .*, 2 changed$`) // the comments of message and handler
	write(t, proto, string(text)+"message {")
	w.expect(`^proto/bank/v1/account.proto:\d+:\d+: error: `, `^esgen: waiting for a change$`)
	write(t, filepath.Join(dir, "proto", "bank", "v1", "second.proto"), `syntax = "proto3";`)
	w.expect(`account.proto:\d+:\d+: error: `, `^esgen: waiting for a change$`)
	if err := os.Remove(filepath.Join(dir, "proto", "bank", "v1", "second.proto")); err != nil {
		t.Fatal(err)
	}
	w.expect(`account.proto:\d+:\d+: error: `, `^esgen: waiting for a change$`)
	write(t, proto, string(text))
	w.expect(`generated 3 files in .*, 2 changed$`)
	config := filepath.Join(dir, "esgen.yaml")
	write(t, config, "version: v2\n")
	w.expect(`esgen.yaml:1:10: error: `, `help: `, `go get`, `^esgen: waiting for a change$`)
	write(t, config, "version: v1\ngenerate: { go: { out: elsewhere } }\n")
	w.expect(`generated 3 files in .*, 3 changed$`)

	if err := w.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	w.expect(`^error: interrupted$`)
	_ = w.cmd.Wait() // the code says it all
	if code := w.cmd.ProcessState.ExitCode(); code != 130 {
		t.Errorf("exit code %d", code)
	}
}

// watcher is a process and the lines that it prints.
type watcher struct {
	t     *testing.T
	cmd   *exec.Cmd
	lines *bufio.Scanner
}

func startWatch(t *testing.T, dir string) *watcher {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "esgen", "generate", "--watch")
	cmd.Dir = dir
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout = io.Discard
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return &watcher{t: t, cmd: cmd, lines: bufio.NewScanner(stderr)}
}

// expect reads a line for each pattern.
func (w *watcher) expect(patterns ...string) {
	w.t.Helper()
	for _, pattern := range patterns {
		if !w.lines.Scan() {
			w.t.Fatalf("the process ended, and %q never came", pattern)
		}
		if !regexp.MustCompile(pattern).MatchString(w.lines.Text()) {
			w.t.Fatalf("got %q, want %q", w.lines.Text(), pattern)
		}
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
