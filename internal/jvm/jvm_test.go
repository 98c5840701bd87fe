//go:build unix

package jvm_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/esgen-dev/esgen/internal/jvm"
)

// TestMain is the tests, or the program that launches one and is killed.
func TestMain(m *testing.M) {
	if fifo := os.Getenv("JVM_TEST_FIFO"); fifo != "" {
		p := jvm.NewProcess(os.DevNull, nil, "sh", "-c", "exec 4>"+fifo+"; echo here >&4; exec sleep 600")
		if err := p.Launch(); err != nil {
			os.Exit(1)
		}
		<-p.Ended()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// A process ends with the one that launched it, even if that is killed: a pipe
// that it holds open reaches its end.
func TestProcess_guarded(t *testing.T) {
	t.Parallel()
	needsShell(t)
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	parent := exec.CommandContext(t.Context(), self)
	parent.Env = append(os.Environ(), "JVM_TEST_FIFO="+fifo)
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	pipe, err := os.Open(fifo)
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	said := make([]byte, len("here\n"))
	if _, err := pipe.Read(said); err != nil || string(said) != "here\n" {
		t.Fatalf("got %q, %v", said, err)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	if n, err := pipe.Read(said); n > 0 || err == nil { // waits for the end
		t.Errorf("got %q, %v", said[:n], err)
	}
}

// needsShell skips a test on a machine with nothing but Go.
func needsShell(t *testing.T) {
	t.Helper()
	for _, program := range []string{"sh", "sleep"} {
		if _, err := exec.LookPath(program); err != nil {
			jvm.Missing(t, "processes beside Java's", err)
		}
	}
}

func TestProcess_again(t *testing.T) {
	t.Parallel()
	needsShell(t)
	log := filepath.Join(t.TempDir(), "log")
	p := jvm.NewProcess(log, []string{"WORD=hello"}, "sh", "-c", "echo $WORD; exec sleep 600")
	p.Kill() // nothing to do
	for range 2 {
		if err := p.Launch(); err != nil {
			t.Fatal(err)
		}
		for !strings.Contains(p.Tail(), "hello") {
			select {
			case <-p.Ended():
				t.Fatal("it ended")
			default:
			}
		}
		p.Pause()
		p.Stop(0) // resumes it first, and waits as long as that takes
		if _, running := <-p.Ended(); running {
			t.Error("something came through the channel")
		}
		if err := os.Truncate(log, 0); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFill(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	dir := filepath.Join(root, "cache", "1.0")
	broken := errors.New("broken")
	put := func(text string, err error) func(string) error {
		return func(work string) error {
			if _, missing := os.Stat(dir); text == "first" && missing == nil {
				t.Error("the directory is there before it is complete")
			}
			return errors.Join(err, os.WriteFile(filepath.Join(work, "file"), []byte(text), 0o600))
		}
	}
	if err := jvm.Fill(dir, put("half", broken)); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	for _, text := range []string{"first", "second"} {
		if err := jvm.Fill(dir, put(text, nil)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(dir, "file")); err != nil || string(got) != "first" {
			t.Errorf("got %q, %v", got, err)
		}
	}
	if left, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(left) != 1 {
		t.Errorf("left %v, %v", left, err)
	}
}
