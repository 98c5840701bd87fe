//go:build unix

package interop

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/internal/jvm"
)

// program is one that somebody else's tools make from sources.
type program struct {
	name    string
	sources []source
	tools   [][]string // commands that succeed where all is there that the build takes
	build   [][]string
}

// source is a file, or the content of a directory, and the directory that it
// has where the program is built.
type source struct{ from, to string }

// ready returns the directory in which a program is built. It is made once for
// the same sources and the same steps.
func (p program) ready(t *testing.T) string {
	t.Helper()
	hash, err := p.hash()
	if err != nil {
		t.Fatal(err)
	}
	cache := jvm.Cache{Name: "esgen-interop", Variable: "ESGEN_INTEROP_DIR"}
	dir, err := cache.Directory(p.name + "-" + hash)
	if err != nil {
		jvm.Missing(t, p.name, err)
	}
	if _, err := os.Stat(dir); err == nil {
		return dir
	}
	for _, tool := range p.tools {
		if out, err := exec.CommandContext(t.Context(), tool[0], tool[1:]...).CombinedOutput(); err != nil {
			jvm.Missing(t, p.name, fmt.Errorf("%s: %w\n%s", strings.Join(tool, " "), err, out))
		}
	}
	if err := jvm.Fill(dir, func(work string) error { return p.make(t.Context(), work) }); err != nil {
		t.Fatalf("building %s: %v", p.name, err)
	}
	return dir
}

// make builds the program in a directory that is empty.
func (p program) make(ctx context.Context, dir string) error {
	err := p.each(func(file, name string) error {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		target := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o750); err != nil {
			return err
		}
		return os.WriteFile(target, content, 0o600)
	})
	if err != nil {
		return err
	}
	for _, step := range p.build {
		cmd := exec.CommandContext(ctx, step[0], step[1:]...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", strings.Join(step, " "), err, out)
		}
	}
	return nil
}

// hash returns the hash of all that the program is made from.
func (p program) hash() (string, error) {
	h := sha256.New()
	for _, step := range p.build {
		fmt.Fprintf(h, "%q\n", step)
	}
	err := p.each(func(file, name string) error {
		content, err := os.ReadFile(file)
		fmt.Fprintf(h, "%s %x\n", name, sha256.Sum256(content))
		return err
	})
	return hex.EncodeToString(h.Sum(nil)[:6]), err
}

// each visits the files that the program is made from, with the names that they
// have where it is built.
func (p program) each(visit func(file, name string) error) error {
	for _, s := range p.sources {
		err := filepath.WalkDir(s.from, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && entry.Name() == "target": // what somebody has built there
				return fs.SkipDir
			case entry.IsDir():
				return nil
			}
			name, err := filepath.Rel(s.from, path)
			if err != nil {
				return err
			}
			if name == "." { // it is a file
				name = filepath.Base(path)
			}
			return visit(path, filepath.Join(s.to, name))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// output runs a program to its end, and returns what it printed.
func output(t *testing.T, dir, command string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), command, args...)
	var said bytes.Buffer
	cmd.Dir, cmd.Stderr = dir, &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(command), strings.Join(args, " "), err, said.Bytes())
	}
	return out
}
