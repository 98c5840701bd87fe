package load

import (
	"errors"
	"fmt"
	"go/build"
	"io"
	"io/fs"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// validName reports whether a .proto file can be imported by a name, and the
// name can stand in a comment of Go code.
func validName(name string) bool {
	return fs.ValidPath(name) && name != "." && utf8.ValidString(name) &&
		!strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || r == '\\' })
}

// builtByGo reports whether the go command builds the Go files that are made
// from a .proto file, wherever it runs.
func builtByGo(name string) bool {
	anywhere := build.Context{
		Compiler: "gc",
		OpenFile: func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("package p\n")), nil },
	}
	built, err := anywhere.MatchFile(".", strings.TrimSuffix(path.Base(name), ".proto")+".pb.go")
	return built && err == nil
}

// readRegular reads a file that has an end. A directory is taken for nothing.
func readRegular(tree tree, path string) ([]byte, error) {
	if info, err := tree.stat(path); errors.Is(err, fs.ErrNotExist) || err == nil && info.IsDir() {
		return nil, fs.ErrNotExist
	}
	if err := tree.checkRegular(path); err != nil {
		return nil, err
	}
	text, err := tree.readFile(path)
	if err != nil {
		return nil, &unreadableError{tree.shown(path), err}
	}
	return text, nil
}

// unreadableError is a file that cannot be read.
type unreadableError struct {
	path string
	err  error
}

// Error returns the path and the cause.
func (e *unreadableError) Error() string { return fmt.Sprintf("cannot read %s: %v", e.path, e.cause()) }

// cause returns what is wrong, without the path and the operation.
func (e *unreadableError) cause() error {
	if cause := (*fs.PathError)(nil); errors.As(e.err, &cause) {
		return cause.Err
	}
	return e.err
}

// Unwrap returns the cause.
func (e *unreadableError) Unwrap() error { return e.err }
