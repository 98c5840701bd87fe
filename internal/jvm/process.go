//go:build unix

package jvm

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// Process is a program that can be launched, ended, and launched again. Its
// methods are not safe for concurrent use.
type Process struct {
	log         string // a file
	environment []string
	command     []string

	process *os.Process
	ended   chan struct{} // closed when the process is gone
}

// NewProcess returns a process that is not running. What it prints is appended
// to the file log; environment is added to that of this process.
func NewProcess(log string, environment []string, command ...string) *Process {
	return &Process{log: log, environment: environment, command: command}
}

// guarded runs a program that is killed when the pipe at descriptor 3 is closed
// with nothing written to it, as it is when the process that holds it ends.
const guarded = `{ read -r _ || kill -9 $$; } <&3 >/dev/null 2>&1 & exec "$@" 3<&-`

// Launch starts the process, which is not running.
func (p *Process) Launch() error {
	output, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err //nolint:wrapcheck // names the path
	}
	defer output.Close() //nolint:errcheck // the process has its own
	watched, alive, err := os.Pipe()
	if err != nil {
		return err //nolint:wrapcheck // says enough
	}
	defer watched.Close()                                                             //nolint:errcheck // the process has its own
	cmd := exec.Command("sh", append([]string{"-c", guarded, "sh"}, p.command...)...) //nolint:noctx // it is ended by signals
	cmd.Env = append(os.Environ(), p.environment...)
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = output, output, []*os.File{watched}
	if err := cmd.Start(); err != nil {
		return errors.Join(err, alive.Close())
	}
	ended := make(chan struct{})
	p.process, p.ended = cmd.Process, ended
	go func() {
		defer close(ended)
		_ = cmd.Wait() // it was killed, or its log says why it ended
		_, _ = alive.WriteString("\n")
		_ = alive.Close()
	}()
	return nil
}

// PID returns the id of the process, for as long as it runs.
func (p *Process) PID() int { return p.process.Pid }

// Ended returns a channel that is closed when the process that was launched
// last is gone.
func (p *Process) Ended() <-chan struct{} { return p.ended }

// Kill ends the process as the loss of its power would, but for the disk:
// SIGKILL.
func (p *Process) Kill() {
	p.signal(syscall.SIGKILL)
	p.gone(0)
}

// Pause stops the clock of the process until Resume: SIGSTOP. Connections stay.
func (p *Process) Pause() { p.signal(syscall.SIGSTOP) }

// Resume undoes Pause.
func (p *Process) Resume() { p.signal(syscall.SIGCONT) }

// Stop ends the process in good order, or kills it after a while.
func (p *Process) Stop(within time.Duration) {
	p.Resume()
	p.signal(syscall.SIGTERM)
	if !p.gone(within) {
		p.Kill()
	}
}

// signal does nothing when the process is not running.
func (p *Process) signal(s syscall.Signal) {
	if p.process != nil {
		_ = p.process.Signal(s) // it has ended
	}
}

// gone waits until the process has ended; 0 is for as long as that takes.
func (p *Process) gone(within time.Duration) bool {
	if p.process == nil {
		return true
	}
	var late <-chan time.Time
	if within > 0 {
		late = time.After(within)
	}
	select {
	case <-p.ended:
		p.process = nil
		return true
	case <-late:
		return false
	}
}

// Tail returns the end of what the process printed.
func (p *Process) Tail() string {
	content, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("--- the end of %s\n%s", p.log, LastLines(content))
}

// LastLines returns the last lines of a text, enough to see why a program
// ended.
func LastLines(text []byte) []byte {
	const lines = 60
	all := bytes.SplitAfter(bytes.TrimSpace(text), []byte("\n"))
	return bytes.Join(all[max(0, len(all)-lines):], nil)
}
