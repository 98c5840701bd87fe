//go:build !unix

package proctest

// Freeze does nothing: here a program cannot be stopped.
func (p *Process) Freeze() {}

// Thaw does nothing either.
func (p *Process) Thaw() {}
