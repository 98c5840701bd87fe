//go:build unix

package jvm

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// dependency is the plugin of Maven that fetches artifacts.
const dependency = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:"

// Cache says where fetched programs are kept.
type Cache struct {
	Name     string // of the directory in the user's cache directory
	Variable string // the environment variable that names another directory
}

// Directory returns where an entry is kept, whether or not it is there.
func (c Cache) Directory(entry string) (string, error) {
	root := os.Getenv(c.Variable)
	if root == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("set %s: %w", c.Variable, err)
		}
		root = filepath.Join(cache, c.Name)
	}
	return filepath.Join(root, entry), nil
}

// Fill makes a directory that appears when it is complete: fill gets another
// one, beside it, to put things into. When somebody else is quicker, their
// directory stays.
func Fill(dir string, fill func(work string) error) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o750); err != nil {
		return err //nolint:wrapcheck // names the path
	}
	work, err := os.MkdirTemp(filepath.Dir(dir), "fetching-")
	if err != nil {
		return err //nolint:wrapcheck // names the path
	}
	defer os.RemoveAll(work) //nolint:errcheck // it was moved, or matters no more
	if err := fill(work); err != nil {
		return err
	}
	if err := os.Rename(work, dir); err != nil {
		if _, missing := os.Stat(dir); missing == nil {
			return nil
		}
		return err //nolint:wrapcheck // names the paths
	}
	return nil
}

// Maven runs a goal of Maven's dependency plugin, such as "unpack", in a
// directory. Checksums have to match. What Maven says goes to output.
func Maven(ctx context.Context, dir string, output io.Writer, goal string, args ...string) error {
	all := append([]string{"--batch-mode", "--quiet", "--strict-checksums", dependency + goal}, args...)
	mvn := exec.CommandContext(ctx, "mvn", all...)
	mvn.Dir, mvn.Stdout, mvn.Stderr = dir, output, output
	if err := mvn.Run(); err != nil {
		return fmt.Errorf("fetching with Maven: %w", err)
	}
	return nil
}
