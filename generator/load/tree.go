package load

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// tree is where .proto files are: on disk, or in an fs.FS. The zero value is the
// disk, whose paths are those of the system.
type tree struct {
	fs      fs.FS // nil for the disk
	display func(string) string
}

func (o Options) tree() tree { return tree{o.FS, o.Display} }

// shown returns a path as a user would type it.
func (t tree) shown(path string) string {
	if t.fs == nil || t.display == nil {
		return path
	}
	return t.display(t.clean(path))
}

// walk visits what is below a root, which is followed if it is a link.
func (t tree) walk(root string, visit fs.WalkDirFunc) error {
	if t.fs == nil {
		// With a separator behind it, a root that is a link is followed.
		return filepath.WalkDir(root+string(filepath.Separator), visit) //nolint:wrapcheck // the caller wraps
	}
	return fs.WalkDir(t.fs, path.Clean(root), visit) //nolint:wrapcheck // the caller wraps
}

// below returns the path of a file from a root on, with slashes.
func (t tree) below(root, file string) (string, error) {
	if t.fs == nil {
		rel, err := filepath.Rel(root, file)
		return filepath.ToSlash(rel), err
	}
	if root = path.Clean(root); root == "." {
		return file, nil
	}
	return file[len(root)+1:], nil
}

func (t tree) clean(name string) string {
	if t.fs == nil {
		return filepath.Clean(name)
	}
	return path.Clean(name)
}

// join returns the path of a file by the name under which it is imported.
func (t tree) join(dir, name string) string {
	if t.fs == nil {
		return filepath.Join(dir, filepath.FromSlash(name))
	}
	return path.Join(dir, name)
}

func (t tree) stat(name string) (fs.FileInfo, error) {
	if t.fs == nil {
		return os.Stat(name) //nolint:wrapcheck // the caller wraps
	}
	return fs.Stat(t.fs, path.Clean(name)) //nolint:wrapcheck // the caller wraps
}

func (t tree) readFile(name string) ([]byte, error) {
	if t.fs == nil {
		return os.ReadFile(name) //nolint:wrapcheck // the caller wraps
	}
	return fs.ReadFile(t.fs, path.Clean(name)) //nolint:wrapcheck // the caller wraps
}

// checkRegular fails when there is no file at a path that could be read to its
// end.
func (t tree) checkRegular(name string) *unreadableError {
	info, err := t.stat(name)
	switch {
	case err != nil:
		return &unreadableError{t.shown(name), err}
	case !info.Mode().IsRegular():
		return &unreadableError{t.shown(name), errors.New("it is not a regular file")}
	}
	return nil
}
