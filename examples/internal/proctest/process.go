package proctest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// ready begins the line by which a program says that it can be used.
const ready = "serving on"

const (
	startsWithin = 30 * time.Second
	endsWithin   = 30 * time.Second
)

// Process is a program that can be started again. What goes wrong with it fails
// the test, as does an end that nobody asked for. It is used by one goroutine at
// a time, and by none when the test has ended.
type Process struct {
	t    *testing.T
	name string
	args []string

	mu      sync.Mutex
	cmd     *exec.Cmd
	ended   chan struct{} // closed when the program has ended
	awaited bool          // its end was asked for
	output  tail
}

// Start starts a program and waits until it prints a line that begins with
// "serving on". It is killed at the end of the test at the latest, and its last
// output is logged when the test has failed.
func Start(t *testing.T, name string, args ...string) *Process {
	t.Helper()
	p := &Process{t: t, name: name, args: args}
	t.Cleanup(func() {
		p.Kill()
		if t.Failed() {
			t.Logf("the last output of %s:\n%s", p, p.output.text())
		}
	})
	if !p.start() {
		t.FailNow()
	}
	return p
}

// String returns the command line.
func (p *Process) String() string { return p.name + " " + strings.Join(p.args, " ") }

// start reports whether the program serves.
func (p *Process) start() bool {
	p.t.Helper()
	reader, writer := io.Pipe()
	cmd := exec.CommandContext(context.Background(), p.name, p.args...) //nolint:gosec // a program of this test
	cmd.Stdout, cmd.Stderr = writer, writer
	if err := cmd.Start(); err != nil {
		p.t.Error(err)
		return false
	}
	ended, serving := make(chan struct{}), make(chan struct{})
	p.mu.Lock()
	p.cmd, p.ended, p.awaited = cmd, ended, false
	p.mu.Unlock()
	go p.listen(reader, serving)
	go func() {
		defer close(ended)
		err := cmd.Wait()
		_ = writer.Close() // ends listen
		p.mu.Lock()
		defer p.mu.Unlock()
		if !p.awaited {
			p.t.Errorf("%s has ended: %v\n%s", p, err, p.output.text())
		}
	}()
	select {
	case <-serving:
		return true
	case <-ended:
	case <-time.After(startsWithin):
	}
	p.t.Errorf("%s does not serve:\n%s", p, p.output.text())
	return false
}

// listen keeps the last lines.
func (p *Process) listen(r io.Reader, serving chan struct{}) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		p.output.add(lines.Text())
		if strings.HasPrefix(lines.Text(), ready) && serving != nil {
			close(serving)
			serving = nil
		}
	}
	_, _ = io.Copy(io.Discard, r) // after a line that is too long
}

// Kill ends the program as a crash does, frozen or not, if it runs.
func (p *Process) Kill() {
	p.t.Helper()
	cmd, ended := p.expectEnd()
	_ = cmd.Process.Kill() // it may have ended
	select {
	case <-ended:
	case <-time.After(endsWithin):
		p.t.Errorf("%s does not end when it is killed", p)
	}
}

// Restart starts the program again, after Kill.
func (p *Process) Restart() {
	p.t.Helper()
	p.start() // or the test has failed
}

func (p *Process) expectEnd() (*exec.Cmd, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.awaited = true
	return p.cmd, p.ended
}

// tail keeps the last lines of an output. Safe for concurrent use.
type tail struct {
	mu    sync.Mutex
	lines []string
}

func (t *tail) add(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lines = append(t.lines, line); len(t.lines) > 40 {
		t.lines = t.lines[1:]
	}
}

func (t *tail) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.lines, "\n")
}

// FreeAddress returns an address on the loopback interface that a program may
// listen at, now and when it is started again.
func FreeAddress(t *testing.T) string {
	t.Helper()
	return fmt.Sprintf("127.0.0.1:%d", freePort(t))
}

// freePort takes ports from below those that the system gives to connections:
// one of these could have it when the program comes back.
func freePort(t *testing.T) int {
	t.Helper()
	for range 100 {
		port := 12_000 + rand.IntN(20_000)
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			_ = l.Close()
			return port
		}
	}
	t.Fatal("no port is free")
	return 0
}
