package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/esgen-dev/esgen/diag"
)

// Open reads the file that explicit names, or else the [Name] that is nearest
// to dir on the way up to the directory with go.mod. Where there is none, but
// a directory proto beside go.mod, it returns the defaults with an empty Path.
//
// Findings of severity error mean that there is no Config.
func Open(dir, explicit string) (*Config, []diag.Finding) {
	if explicit != "" {
		return read(explicit)
	}
	found, root, err := search(dir)
	switch {
	case err != nil:
		return nil, []diag.Finding{unreadable(dir, err)}
	case found != "" && !isRegular(found):
		return nil, []diag.Finding{unreadable(found, errors.New("it is not a regular file"))}
	case found != "":
		return read(found)
	case root != "" && isDir(filepath.Join(root, "proto")):
		return beside(root), nil
	}
	return nil, []diag.Finding{nothingFound(dir, root)}
}

// Exists reports whether there is a file for [Open] to read. Where that cannot
// be said, it is true, and Open says why.
func Exists(dir string) bool {
	found, _, err := search(dir)
	return err != nil || found != ""
}

// beside returns the defaults, with the imports that init would write.
func beside(root string) *Config {
	c := Default(root)
	if isDir(filepath.Join(root, "third_party")) {
		c.Proto.Imports = []string{"third_party"}
	}
	return c
}

// search walks up from dir. It returns the path of the file, or the directory
// with go.mod, or neither.
func search(dir string) (found, root string, err error) {
	here, err := filepath.Abs(dir)
	if err != nil {
		return "", "", fmt.Errorf("find the directory: %w", err)
	}
	if info, err := os.Stat(here); err != nil {
		return "", "", err //nolint:wrapcheck // the finding names the directory
	} else if !info.IsDir() {
		return "", "", errors.New("it is not a directory")
	}
	for shown := dir; ; shown = filepath.Join(shown, "..") {
		if file := filepath.Join(shown, Name); exists(filepath.Join(here, Name)) {
			return file, "", nil
		}
		if exists(filepath.Join(here, "go.mod")) {
			return "", shown, nil
		}
		above := filepath.Dir(here)
		if above == here {
			return "", "", nil
		}
		here = above
	}
}

func read(path string) (*Config, []diag.Finding) {
	if isDir(path) {
		path = filepath.Join(path, Name)
	}
	text, err := readFile(path)
	if err != nil {
		return nil, []diag.Finding{unreadable(path, err)}
	}
	return Parse(path, text)
}

// maxSize is what a configuration may have, in bytes. It ends the reading of
// what has no end, such as a device.
const maxSize = 8 << 20

func readFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err //nolint:wrapcheck // the finding names the file
	}
	defer func() { _ = file.Close() }() // opened for reading: nothing is lost
	text, err := io.ReadAll(io.LimitReader(file, maxSize+1))
	if err == nil && len(text) > maxSize {
		err = fmt.Errorf("it is larger than %d MiB", maxSize>>20)
	}
	return text, err
}

func unreadable(path string, err error) diag.Finding {
	if cause := (*fs.PathError)(nil); errors.As(err, &cause) {
		err = cause.Err
	}
	return diag.Finding{
		Rule: ruleMissing, Severity: diag.Error,
		Message:  "cannot read the configuration: " + err.Error(),
		Position: diag.Position{Path: path},
		Help:     "check --config and ESGEN_CONFIG, or leave both out to have " + Name + " looked up from here upwards",
	}
}

func nothingFound(dir, root string) diag.Finding {
	where := "in any directory above"
	if root != "" {
		where = "above it, up to go.mod"
	}
	help := "run esgen init for a service to begin with, or create " + Name + " beside go.mod:\nversion: v1\nproto: { roots: [path/to/proto/files] }"
	if other := filepath.Join(dir, "esgen.yml"); exists(other) {
		help = "rename esgen.yml to " + Name
	}
	return diag.Finding{
		Rule: ruleMissing, Severity: diag.Error,
		Message:  fmt.Sprintf("there is no %s here or %s", Name, where),
		Position: diag.Position{Path: dir},
		Help:     help,
	}
}

func exists(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir() || err != nil && isLink(path)
}

// isRegular reports whether a path leads to a file that has an end, or to one
// that cannot be looked at, where reading says why.
func isRegular(path string) bool {
	info, err := os.Stat(path)
	return err != nil || info.Mode().IsRegular()
}

// isLink reports whether there is a symbolic link, wherever it leads.
func isLink(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
