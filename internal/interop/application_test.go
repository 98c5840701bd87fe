//go:build unix

package interop

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// application is a program that runs until it is told to end.
type application struct {
	cmd    *exec.Cmd
	output string // a file
	ended  chan struct{}
}

// start starts a program, which does not outlive the test.
func start(t *testing.T, command string, args ...string) *application {
	t.Helper()
	a := &application{cmd: exec.Command(command, args...), output: filepath.Join(t.TempDir(), "output"), ended: make(chan struct{})}
	file, err := os.Create(a.output)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	a.cmd.Stdout, a.cmd.Stderr = file, file
	if err := a.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(a.ended)
		_ = a.cmd.Wait() // its state says how it ended
	}()
	t.Cleanup(func() {
		_ = a.cmd.Process.Kill()
		<-a.ended
		if t.Failed() {
			t.Log(a.printed())
		}
	})
	return a
}

// alive fails the test when the application has ended.
func (a *application) alive(t *testing.T) {
	t.Helper()
	select {
	case <-a.ended:
		t.Fatalf("it ended: %v", a.cmd.ProcessState)
	default:
	}
}

// stop ends the application in good order.
func (a *application) stop(t *testing.T) {
	t.Helper()
	if err := a.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-a.ended
	const terminated = 128 + int(syscall.SIGTERM) // as Java has it
	if code := a.cmd.ProcessState.ExitCode(); code != terminated {
		t.Errorf("it ended with %v, want code %d", a.cmd.ProcessState, terminated)
	}
}

func (a *application) printed() string {
	content, err := os.ReadFile(a.output)
	if err != nil {
		return err.Error()
	}
	return string(content)
}
