//go:build unix

package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Environments that say strange things. None of them is any business of the
// tool, but some have stopped others.
func TestHostile_environments(t *testing.T) {
	t.Parallel()
	hostile(t, []trial{
		{name: "no home", env: []string{"HOME="}, left: generated},
		{name: "home that is not there", env: []string{"HOME=/nowhere/at/all", "XDG_CACHE_HOME=relative"}, left: generated},
		{name: "temporary directory that is not there", env: []string{"TMPDIR=/nowhere/at/all"}, left: generated},
		{name: "flags of Go", env: []string{"GOFLAGS=-mod=vendor -nonsense", "GOPROXY=off", "GO111MODULE=off", "GOTOOLCHAIN=go9.9"}, left: generated},
		{name: "locale C", env: []string{"LC_ALL=C", "LANG=C"}, left: generated},
		{name: "locale that is none", env: []string{"LC_ALL=xx_YY.UTF-99"}, left: generated},
		{name: "time zone far away", env: []string{"TZ=Pacific/Kiritimati"}, left: generated},
		{name: "time zone that is none", env: []string{"TZ=/etc/passwd"}, left: generated},
		{name: "no path", env: []string{"PATH="}, left: generated},
		{name: "wrong working directory", env: []string{"PWD=/nowhere", "OLDPWD="}, left: generated},
		{name: "columns", env: []string{"COLUMNS=-1", "LINES=0", "TERM=\x1b[31m"}, left: generated},
		{name: "one processor", env: []string{"GOMAXPROCS=1", "GOGC=1"}, left: generated},
		{name: "memory limit", env: []string{"GOMEMLIMIT=1MiB"}, left: generated},
		{name: "configuration is a directory", env: []string{"ESGEN_CONFIG=."}, left: generated},
		{name: "configuration is not there", want: "nothing.yaml: error: cannot read the configuration: no such file or directory [CONFIG_MISSING]", env: []string{"ESGEN_CONFIG=nothing.yaml"}, code: 2},
		{name: "colour that is none", want: "error: invalid value \"\\x1b[31m\" for ESGEN_COLOR", env: []string{"ESGEN_COLOR=\x1b[31m"}, code: 2},
		{name: "directory with a line break", want: "a�b: error: cannot read the configuration: no such file or directory [CONFIG_MISSING]", args: []string{"-C", "a\nb", "generate"}, code: 2},
		{name: "directory that is a file", want: "go.mod: error: cannot read the configuration: it is not a directory [CONFIG_MISSING]", args: []string{"-C", "go.mod", "generate"}, code: 2},
		{name: "configuration with a long name", want: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx: error: cannot read the configuration: file name too long [CONFIG_MISSING]", args: []string{"generate", "-c", strings.Repeat("x", 300)}, code: 2},
		{name: "report into a directory", want: "error: write the report: open proto: is a directory", args: []string{"lint", "--format", "json=proto"}, code: 2},
		{name: "report over a directory that is not there", want: "error: write the report: open no/such/report.json: no such file or directory", args: []string{"lint", "--format", "json=no/such/report.json"}, code: 2},
		{name: "empty argument", want: "error: unknown command \"\" of esgen", args: []string{""}, code: 2},
		{name: "argument with an escape sequence", want: "error: unknown command \"\\x1b[31m\" of esgen", args: []string{"\x1b[31m"}, code: 2},
	})
}

func TestHostile_withoutEnvironment(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, dir, usual(nil))
	cmd := esgen(t, dir, "generate")
	cmd.Env = []string{}
	trial{left: generated}.check(t, dir, run(t, cmd))
}

// A shell may stand in a directory that is gone.
func TestHostile_removedDirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	gone := filepath.Join(dir, "gone")
	if err := os.Mkdir(gone, 0o755); err != nil {
		t.Fatal(err)
	}
	// The command starts in the directory and runs when that has been removed.
	path, err := exec.LookPath("esgen")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("SKIPPED, no shell here, which alone can remove the directory that it is in")
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-c", `rmdir "$PWD" && exec "$0" lint`, path)
	cmd.Dir = gone
	trial{
		code: 2, want: ".: error: cannot read the configuration: find the directory: getwd: no such file or directory [CONFIG_MISSING]",
	}.check(t, dir, run(t, cmd))
}

// Streams that are closed, full or nobody reads.
func TestHostile_streams(t *testing.T) {
	t.Parallel()
	const out, err = 1, 2
	for _, tc := range []struct {
		name   string
		stream int
		args   []string
		code   int
		want   string
		left   []string
	}{
		{"rules on a full disk", out, []string{"rules"}, 2, "error: write the report: write /dev/stdout: no space left on device", nil},
		{"rules as JSON on a full disk", out, []string{"rules", "--format", "json"}, 2, "error: write the report: write /dev/stdout: no space left on device", nil},
		{"findings on a full disk", out, []string{"lint", "-c", "bad.yaml"}, 2, "error: write the report: write /dev/stdout: no space left on device", nil},
		{"options on a full disk", out, []string{"options"}, 2, "error: write /dev/stdout: no space left on device", nil},
		{"version on a full disk", out, []string{"version"}, 2, "error: write the report: write /dev/stdout: no space left on device", nil},
		{"schema on a full disk", out, []string{"config", "schema"}, 2, "error: write /dev/stdout: no space left on device", nil},
		{"configuration on a full disk", out, []string{"config", "show"}, 2, "error: write /dev/stdout: no space left on device", nil},
		{"completion on a full disk", out, []string{"completion", "bash"}, 2, "error: print the script: write /dev/stdout: no space left on device", nil},
		{"report on a full disk", 0, []string{"lint", "--format", "json=/dev/full"}, 2, "error: write the report: write /dev/full: no space left on device", nil},
		{"notes on a full disk", err, []string{"generate", "-v"}, 0, "", generated},
		{"warnings on a full disk", err, []string{"generate"}, 0, "", generated},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			full, openErr := os.OpenFile("/dev/full", os.O_WRONLY, 0)
			if openErr != nil {
				t.Skipf("SKIPPED, no /dev/full here: %v", openErr)
			}
			defer full.Close()
			dir := t.TempDir()
			put(t, dir, usual(map[string]string{"bad.yaml": "version: v2\n"}))
			cmd := esgen(t, dir, tc.args...)
			switch tc.stream {
			case out:
				cmd.Stdout = full
			case err:
				cmd.Stderr = full
			}
			trial{code: tc.code, want: tc.want, left: tc.left}.check(t, dir, run(t, cmd))
		})
	}
}

// What a process is started without is not opened by it as something else.
func TestHostile_closedStreams(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		closed int
		args   []string
		code   int
		left   []string
	}{
		{"standard input", 0, []string{"generate"}, 0, generated},
		{"standard input of a plugin", 0, []string{"plugin"}, 2, nil},
		{"standard output", 1, []string{"rules"}, 0, nil},
		{"standard output while generating", 1, []string{"generate", "--format", "json"}, 0, generated},
		{"standard error", 2, []string{"generate", "-v"}, 0, generated},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			put(t, dir, usual(nil))
			path, err := exec.LookPath("esgen")
			if err != nil {
				t.Fatal(err)
			}
			null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer null.Close()
			streams := []*os.File{null, null, null}
			streams[tc.closed] = nil
			process, err := os.StartProcess(path, append([]string{"esgen"}, tc.args...),
				&os.ProcAttr{Dir: dir, Env: os.Environ(), Files: streams})
			if err != nil {
				t.Fatal(err)
			}
			state, err := process.Wait()
			if err != nil {
				t.Fatal(err)
			}
			trial{code: tc.code, left: tc.left}.check(t, dir, outcome{code: state.ExitCode()})
		})
	}
}

// esgen rules | head -1: the reader goes away, and so does esgen.
func TestHostile_readerGone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, dir, usual(nil))
	cmd := esgen(t, dir, "rules", "--format", "json")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := stdout.Close(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	cmd.Stderr = &said
	_ = cmd.Run() // how it ends is in its state
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() || status.Signal() != syscall.SIGPIPE || said.Len() > 0 {
		t.Errorf("ended with %v and said %q", cmd.ProcessState, said.String())
	}
}

// A reader that takes its time gets everything.
func TestHostile_slowReader(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, dir, usual(nil))
	want := run(t, esgen(t, dir, "rules", "--format", "json")).stdout
	cmd := esgen(t, dir, "rules", "--format", "json")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	if _, err := io.CopyBuffer(struct{ io.Writer }{&got}, struct{ io.Reader }{stdout}, make([]byte, 7)); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil || got.String() != want {
		t.Errorf("%v, and %d bytes of %d", err, got.Len(), len(want))
	}
}
