package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/esgen-dev/esgen/templates"
)

// inTheWay returns what is already where files have to go, in order: files,
// and files in the place of directories.
func inTheWay(dir string, files []templates.File) ([]string, error) {
	var found []string
	for _, file := range files {
		name, err := obstacle(dir, file.Path)
		if err != nil {
			return nil, err
		}
		if name != "" && !slices.Contains(found, name) {
			found = append(found, name)
		}
	}
	return found, nil
}

// obstacle returns the file itself if it exists, or the first thing on the way
// to it that is no directory, or "".
func obstacle(dir, file string) (string, error) {
	name := filepath.Join(dir, filepath.FromSlash(file))
	var above []string
	for parent := path.Dir(file); parent != "." && parent != "/" && !strings.HasPrefix(parent, ".."); parent = path.Dir(parent) {
		above = append(above, filepath.Join(dir, filepath.FromSlash(parent)))
	}
	if !strings.HasPrefix(file, "..") {
		above = append(above, dir)
	}
	for _, parent := range slices.Backward(above) {
		info, err := os.Stat(parent)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			if _, err := os.Lstat(parent); err == nil {
				return parent, nil // a symbolic link to nowhere
			}
			return "", nil
		case err != nil:
			return "", fmt.Errorf("look for files in the way: %w", err)
		case !info.IsDir():
			return parent, nil
		}
	}
	switch _, err := os.Lstat(name); {
	case err == nil:
		return name, nil
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	default:
		return "", fmt.Errorf("look for files in the way: %w", err)
	}
}

// place writes files that do not exist yet, all or none. A file that appears
// meanwhile is not overwritten.
func place(ctx context.Context, dir string, files []templates.File) (err error) {
	var made []string // directories and files, in the order in which they were made
	defer func() {
		if err == nil {
			return
		}
		for _, name := range slices.Backward(made) {
			_ = os.Remove(name) // a directory that has been filled by others stays
		}
	}()
	for _, file := range files {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("write the files: %w", err)
		}
		name := filepath.Join(dir, filepath.FromSlash(file.Path))
		dirs, err := makeDirs(filepath.Dir(name))
		made = append(made, dirs...)
		if err != nil {
			return err
		}
		if err := create(name, file.Content, &made); err != nil {
			return err
		}
	}
	return nil
}

// makeDirs makes a directory and those above it, and returns the new ones.
func makeDirs(dir string) ([]string, error) {
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return nil, nil
	}
	var made []string
	if above := filepath.Dir(dir); above != dir {
		var err error
		if made, err = makeDirs(above); err != nil {
			return made, err
		}
	}
	if err := os.Mkdir(dir, 0o755); err != nil { //nolint:gosec // source code is for everybody
		return made, fmt.Errorf("make a directory: %w", err)
	}
	return append(made, dir), nil
}

func create(name string, content []byte, made *[]string) (err error) {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // source code is for everybody
	if err != nil {
		return fmt.Errorf("write a file: %w", err)
	}
	*made = append(*made, name)
	defer func() {
		if closed := file.Close(); err == nil && closed != nil {
			err = fmt.Errorf("write a file: %w", closed)
		}
	}()
	if _, err := file.Write(content); err != nil {
		return fmt.Errorf("write a file: %w", err)
	}
	return nil
}
