package gitfs

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"time"
)

// Open implements [fs.FS]. It reads a file as a whole.
func (f *FS) Open(name string) (fs.File, error) {
	e, err := f.resolve("open", name, true)
	if err != nil {
		return nil, err
	}
	info := &info{fs: f, entry: e, name: path.Base(name)}
	if e.mode.IsDir() {
		list, err := f.list(name, e)
		if err != nil {
			return nil, err
		}
		return &directory{info: info, rest: list}, nil
	}
	text, err := f.content(name, e)
	if err != nil {
		return nil, err
	}
	return &file{info: info, reader: bytes.NewReader(text)}, nil
}

// ReadFile implements [fs.ReadFileFS].
func (f *FS) ReadFile(name string) ([]byte, error) {
	e, err := f.resolve("open", name, true)
	if err != nil {
		return nil, err
	}
	if e.mode.IsDir() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("is a directory")}
	}
	text, err := f.content(name, e)
	return bytes.Clone(text), err
}

// content returns the text of a file that is in the repository.
func (f *FS) content(name string, e *entry) ([]byte, error) {
	text, err := f.read(e)
	if err == nil && isPointer(text) {
		err = &Error{
			Message: f.Shown(e.path) + " is kept in Git LFS: its text is not in the repository",
			Fix:     "compare with a directory that has it: --against dir:PATH",
		}
	}
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return text, nil
}

// isPointer reports whether a text stands for a file of Git LFS.
func isPointer(text []byte) bool {
	return len(text) < 1024 && bytes.HasPrefix(text, []byte("version https://git-lfs.github.com/spec/"))
}

// ReadDir implements [fs.ReadDirFS].
func (f *FS) ReadDir(name string) ([]fs.DirEntry, error) {
	e, err := f.resolve("readdir", name, true)
	if err != nil {
		return nil, err
	}
	if !e.mode.IsDir() {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: errors.New("not a directory")}
	}
	return f.list(name, e)
}

func (f *FS) list(name string, e *entry) ([]fs.DirEntry, error) {
	if e.mode&fs.ModeIrregular != 0 {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: f.inSubmodule(e)}
	}
	list := make([]fs.DirEntry, len(e.children))
	for i, child := range e.children {
		list[i] = &info{fs: f, entry: child, name: path.Base(child.path)}
	}
	return list, nil
}

// Stat implements [fs.StatFS].
func (f *FS) Stat(name string) (fs.FileInfo, error) { return f.info("stat", name, true) }

// Lstat implements [fs.ReadLinkFS].
func (f *FS) Lstat(name string) (fs.FileInfo, error) { return f.info("lstat", name, false) }

func (f *FS) info(op, name string, follow bool) (fs.FileInfo, error) {
	e, err := f.resolve(op, name, follow)
	if err != nil {
		return nil, err
	}
	return &info{fs: f, entry: e, name: path.Base(name)}, nil
}

// ReadLink implements [fs.ReadLinkFS].
func (f *FS) ReadLink(name string) (string, error) {
	e, err := f.resolve("readlink", name, false)
	if err == nil && e.mode&fs.ModeSymlink == 0 {
		err = &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
	}
	if err != nil {
		return "", err
	}
	text, err := f.read(e)
	if err != nil {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: err}
	}
	return string(text), nil
}

// info is what is known about an entry. The tree of git does not hold sizes, so
// Size reads the file.
type info struct {
	fs    *FS
	entry *entry
	name  string
}

func (i *info) Name() string               { return i.name }
func (i *info) IsDir() bool                { return i.entry.mode.IsDir() }
func (i *info) Type() fs.FileMode          { return i.Mode().Type() }
func (i *info) Info() (fs.FileInfo, error) { return i, nil }
func (i *info) ModTime() time.Time         { return time.Time{} }
func (i *info) Sys() any                   { return nil }
func (i *info) String() string             { return fs.FormatFileInfo(i) }

func (i *info) Mode() fs.FileMode {
	if i.IsDir() {
		return i.entry.mode | 0o555
	}
	return i.entry.mode | 0o444
}

func (i *info) Size() int64 {
	if i.IsDir() {
		return 0
	}
	text, err := i.fs.read(i.entry)
	if err != nil {
		return 0 // whoever reads the file is told
	}
	return int64(len(text))
}

// file is a file that was opened.
type file struct {
	*info

	reader *bytes.Reader
}

func (f *file) Stat() (fs.FileInfo, error) { return f.info, nil }

func (f *file) Read(p []byte) (int, error) { return f.reader.Read(p) } //nolint:wrapcheck // io.EOF is no error

func (f *file) Seek(offset int64, whence int) (int64, error) {
	return f.reader.Seek(offset, whence) //nolint:wrapcheck // nothing to add
}

func (f *file) Close() error { return nil }

// directory is a directory that was opened.
type directory struct {
	*info

	rest []fs.DirEntry
}

func (d *directory) Stat() (fs.FileInfo, error) { return d.info, nil }

func (d *directory) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.name, Err: errors.New("is a directory")}
}

func (d *directory) Close() error { return nil }

// ReadDir implements [fs.ReadDirFile].
func (d *directory) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 || n > len(d.rest) {
		if n > 0 && len(d.rest) == 0 {
			return nil, io.EOF
		}
		n = len(d.rest)
	}
	list := slices.Clone(d.rest[:n])
	d.rest = d.rest[n:]
	return list, nil
}
