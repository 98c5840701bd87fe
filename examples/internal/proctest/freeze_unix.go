//go:build unix

package proctest

import "syscall"

// Freeze stops the program, which does not notice: to others it is one that does
// not answer.
func (p *Process) Freeze() { p.signal(syscall.SIGSTOP) }

// Thaw lets the program go on.
func (p *Process) Thaw() { p.signal(syscall.SIGCONT) }

func (p *Process) signal(s syscall.Signal) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Errorf("%s: %v: %v", p, s, err)
	}
}
