package write

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Error is a file or directory that could not be read, written or removed.
type Error struct {
	Path string // of the file, as the operating system knows it
	Err  error  // the cause
	Help string // the way out; may be empty
}

// Error returns path and cause in one line.
func (e *Error) Error() string { return fmt.Sprintf("%s: %v", e.Path, e.Err) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

var (
	errIsDir  = errors.New("a directory stands where the file has to go")
	errNotDir = errors.New("a file stands where a directory is needed")
	errLink   = errors.New("a symbolic link leads out of the project")
)

// fail explains a failed operation on a path below the root.
func (t Target) fail(name string, err error) error {
	if _, known := errors.AsType[*Error](err); known {
		return err
	}
	e := &Error{Path: filepath.Join(t.Root, filepath.FromSlash(name)), Err: cause(err)}
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		e.Help = "make " + nearestDir(e.Path) + " writable, or set generate.go.out to a directory that is"
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		e.Help = "free some space, or raise the limit, and generate again; no file was left half written"
	case errors.Is(err, syscall.ENAMETOOLONG):
		e.Help = "give the .proto file a shorter name"
	case errors.Is(err, errIsDir), errors.Is(err, syscall.EISDIR):
		e.Err, e.Help = errIsDir, "move the directory away, or set generate.go.out to another place"
	case errors.Is(err, syscall.ENOTDIR):
		e.Err, e.Help = errNotDir, "move the file away, or set generate.go.out to another place"
	case escapes(err):
		e.Err, e.Help = errLink, "replace the link by a directory, or set generate.go.out to a place inside of the project"
	case errors.Is(err, fs.ErrNotExist):
		e.Help = "create the directory"
	}
	return e
}

// nearestDir returns the directory of a file, or that above it which exists.
func nearestDir(name string) string {
	dir := filepath.Dir(name)
	for above := filepath.Dir(dir); above != dir; dir, above = above, filepath.Dir(above) {
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return dir
}

// cause strips the operation and the temporary name from an error of package
// os: the path that matters is that of the generated file.
func cause(err error) error {
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		return pathErr.Err
	}
	return err
}

// escapes reports whether a path was refused because it leaves the root.
// Package os has no exported error for that.
func escapes(err error) bool {
	return strings.Contains(err.Error(), "path escapes from parent")
}
