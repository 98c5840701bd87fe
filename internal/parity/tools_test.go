package parity_test

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// missing skips a test for which something is not there; where everything has
// to be there, it fails.
func missing(t *testing.T, what, why string) {
	t.Helper()
	text := "SKIPPED, NOT TESTED: " + what + " is missing: " + why
	if os.Getenv("ESGEN_REQUIRE_TOOLS") == "1" {
		t.Fatal(text)
	}
	t.Skip(text)
}

// tool returns the path of protoc or buf.
func tool(t *testing.T, name string) string {
	t.Helper()
	variable := strings.ToUpper(name)
	if file := os.Getenv(variable); file != "" {
		return file
	}
	file, err := exec.LookPath(name)
	if err != nil {
		missing(t, name, fmt.Sprintf("install it, or set %s to its path", variable))
	}
	return file
}

// plugin is a protoc plugin and what it is told.
type plugin struct {
	name      string // "go" for protoc-gen-go
	file      string
	parameter string
	managed   string // what buf.gen.yaml says of managed mode, if anything
}

// compiler runs a plugin over the files of a workspace, and returns what it
// wrote by path, or what went wrong.
type compiler func(t *testing.T, w workspace, p plugin) (map[string]string, error)

// protoc compiles with protoc.
func protoc(bin string) compiler {
	return func(t *testing.T, w workspace, p plugin) (map[string]string, error) {
		t.Helper()
		out := t.TempDir()
		args := []string{"--plugin=protoc-gen-" + p.name + "=" + p.file, "--" + p.name + "_out=" + out, "-I", w.root()}
		if w.imports {
			args = append(args, "-I", w.importRoot())
		}
		for option := range strings.SplitSeq(p.parameter, ",") {
			args = append(args, "--"+p.name+"_opt="+option)
		}
		if err := run(t, w.root(), bin, append(args, w.generate...)...); err != nil {
			return nil, err
		}
		return readDir(t, out), nil
	}
}

// buf compiles with buf generate, by the recipe of the documentation: what is
// imported is a second module of the workspace, and not an input.
func buf(bin string) compiler {
	return func(t *testing.T, w workspace, p plugin) (map[string]string, error) {
		t.Helper()
		out := t.TempDir()
		config := "version: v2\nmodules:\n  - path: root\n"
		if w.imports {
			config += "  - path: imports\n"
		}
		writeFile(t, filepath.Join(w.dir, "buf.yaml"), config)
		var template strings.Builder
		fmt.Fprintf(&template, "version: v2\n%sinputs:\n  - directory: root\nplugins:\n", p.managed)
		fmt.Fprintf(&template, "  - local: %q\n    out: %q\n    strategy: all\n    opt:\n", p.file, out)
		for option := range strings.SplitSeq(p.parameter, ",") {
			fmt.Fprintf(&template, "      - %q\n", option)
		}
		writeFile(t, filepath.Join(w.dir, "buf.gen.yaml"), template.String())
		if err := run(t, w.dir, bin, "generate"); err != nil {
			return nil, err
		}
		return readDir(t, out), nil
	}
}

func run(t *testing.T, dir, bin string, args ...string) error {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), bin, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "BUF_CACHE_DIR="+t.TempDir())
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", filepath.Base(bin), err, out)
	}
	return nil
}

// readDir returns the content of all files below dir, by slash-separated path.
func readDir(t *testing.T, dir string) map[string]string {
	t.Helper()
	content := map[string]string{}
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(file)
		content[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return content
}
