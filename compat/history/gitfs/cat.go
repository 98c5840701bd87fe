package gitfs

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
)

// maxObject is how many bytes a file may have.
const maxObject = 256 << 20

// cat reads objects, one after the other, from one process. Its methods are not
// safe for concurrent use.
type cat struct {
	ctx context.Context //nolint:containedctx // fs.FS has no room for one
	git git

	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	stderr *strings.Builder
}

// errMissing is for an object that the repository does not have.
var errMissing = errors.New("the object is not there")

// read returns the bytes of an object.
func (c *cat) read(object string) ([]byte, error) {
	if err := c.start(); err != nil {
		return nil, err
	}
	text, err := c.ask(object)
	if err != nil && !errors.Is(err, errMissing) {
		// The process is of no use any more, and may have said why.
		closed := c.close()
		if said := strings.TrimSpace(c.stderr.String()); said != "" {
			err = &runError{stderr: said, err: errors.Join(err, closed)}
		}
	}
	return text, err
}

// ask sends a name and reads what git cat-file --batch answers.
func (c *cat) ask(object string) ([]byte, error) {
	if _, err := io.WriteString(c.in, object+"\n"); err != nil {
		return nil, fmt.Errorf("ask git cat-file: %w", err)
	}
	line, err := c.out.ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("read from git cat-file: %w", err)
	}
	words := strings.Fields(line)
	if len(words) == 2 && words[1] == "missing" {
		return nil, errMissing
	}
	if len(words) != 3 || words[1] != "blob" {
		return nil, fmt.Errorf("git cat-file answers %q", line)
	}
	size, err := strconv.ParseInt(words[2], 10, 64)
	if err != nil || size < 0 || size > maxObject {
		return nil, fmt.Errorf("a file of %s bytes is too large", words[2])
	}
	text := make([]byte, size+1) // with a line end
	if _, err := io.ReadFull(c.out, text); err != nil {
		return nil, fmt.Errorf("read from git cat-file: %w", err)
	}
	return text[:size], nil
}

// start runs the process unless it runs already.
func (c *cat) start() error {
	if c.cmd != nil {
		return nil
	}
	cmd := c.git.command(c.ctx, "cat-file", "--batch")
	stderr := &strings.Builder{}
	cmd.Stderr = &limited{to: stderr, left: 64 << 10}
	in, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("run git cat-file: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("run git cat-file: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return &runError{err: err}
	}
	c.cmd, c.in, c.out, c.stderr = cmd, in, bufio.NewReaderSize(out, 64<<10), stderr
	return nil
}

// close ends the process. How it ended says nothing about what was read.
func (c *cat) close() error {
	if c.cmd == nil {
		return nil
	}
	cmd := c.cmd
	c.cmd = nil
	err := c.in.Close()
	_, _ = io.Copy(io.Discard, c.out) // so that it does not wait for a reader
	_ = cmd.Wait()
	if err != nil && !errors.Is(err, io.ErrClosedPipe) {
		return fmt.Errorf("end git cat-file: %w", err)
	}
	return nil
}

// limited writes the first bytes and forgets the rest.
type limited struct {
	to   io.Writer
	left int
}

// Write implements [io.Writer]. It never fails.
func (l *limited) Write(p []byte) (int, error) {
	n := min(len(p), l.left)
	l.left -= n
	_, _ = l.to.Write(p[:n])
	return len(p), nil
}
