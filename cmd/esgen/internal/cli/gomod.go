package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"golang.org/x/mod/modfile"

	"github.com/esgen-dev/esgen/templates"
)

// goModule is a go.mod and where it is.
type goModule struct {
	dir  string // absolute
	file *modfile.File
}

// findModule returns the module that a directory is in, or nil. The directory
// need not exist.
func findModule(dir string) (*goModule, error) {
	here, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("find the module: %w", err)
	}
	for {
		name := filepath.Join(here, "go.mod")
		text, err := os.ReadFile(name)
		switch {
		case err == nil:
			return parseModule(name, text)
		case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR):
			return nil, fmt.Errorf("find the module: %w", err)
		}
		above := filepath.Dir(here)
		if above == here {
			return nil, nil
		}
		here = above
	}
}

// parseModule reads a go.mod. One that a later Go has written may hold what is
// not known here, and is read as far as possible.
func parseModule(name string, text []byte) (*goModule, error) {
	file, err := modfile.Parse(name, text, nil)
	if err != nil {
		if lax, _ := modfile.ParseLax(name, text, nil); lax != nil && lax.Module != nil {
			return &goModule{dir: filepath.Dir(name), file: lax}, nil
		}
		return nil, usage("correct it, then run the command again", "%v", err)
	}
	if file.Module == nil {
		return nil, usage("add it: go mod edit -module=example.com/bank", "%s names no module", name)
	}
	return &goModule{dir: filepath.Dir(name), file: file}, nil
}

// path returns the module's path.
func (m *goModule) path() string { return m.file.Module.Mod.Path }

// importPath returns the import path of a directory below the module.
func (m *goModule) importPath(dir string) (string, error) {
	here, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("find the import path: %w", err)
	}
	rel, err := filepath.Rel(m.dir, here)
	if err != nil {
		return "", fmt.Errorf("find the import path: %w", err)
	}
	if rel == "." {
		return m.path(), nil
	}
	return m.path() + "/" + filepath.ToSlash(rel), nil
}

// required returns the version of esgen that the module requires, or "".
func (m *goModule) required() string {
	for _, r := range m.file.Require {
		if r.Mod.Path == templates.Esgen {
			return r.Mod.Version
		}
	}
	return ""
}

// replaced returns what the module uses instead of a release of esgen, or "".
func (m *goModule) replaced() string {
	for _, r := range m.file.Replace {
		if r.Old.Path == templates.Esgen {
			return r.New.String()
		}
	}
	return ""
}

// hasTool reports whether esgen is a tool of the module.
func (m *goModule) hasTool() bool {
	return slices.ContainsFunc(m.file.Tool, func(t *modfile.Tool) bool { return t.Path == templates.Tool })
}
