package parity_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// tree is a .proto tree that somebody published in Go modules: a file of
// testdata/parity/real.
type tree struct {
	Compiler  string      `yaml:"compiler"`   // "protoc" or "buf": whose result is the right one
	Messages  int         `yaml:"messages"`   // how many are generated, nested ones included
	GoPackage string      `yaml:"go_package"` // for files without one; {dir} and {name} are the file's
	SkipText  string      `yaml:"skip_text"`  // files with such text, or that import such, are not generated
	OnlyText  string      `yaml:"only_text"`  // only files with such text, or that import such, are generated
	Sources   []source    `yaml:"sources"`
	Imports   []source    `yaml:"imports"`
	Apart     []exception `yaml:"apart"`   // cannot be compiled together with the others
	Shipped   []exception `yaml:"shipped"` // the module's own .pb.go files are right, not the compiler
	Refused   []exception `yaml:"refused"` // do not compile
}

// named returns the files of some exceptions.
func named(exceptions ...exception) []string {
	var names []string
	for _, e := range exceptions {
		names = append(names, e.Files...)
	}
	return names
}

// source is a directory of a module, and where it lies in the import tree.
type source struct {
	Module  string   `yaml:"module"`
	From    string   `yaml:"from"`
	As      string   `yaml:"as"`
	Without []string `yaml:"without"` // directories below From
}

// exception is about files that are not like the others, and why.
type exception struct {
	Files   []string `yaml:"files"`
	By      []string `yaml:"by"`   // who refuses it: "esgen", "protoc", "buf" or "protoc-gen-go"
	Says    string   `yaml:"says"` // what they say
	Because string   `yaml:"because"`
}

func readTree(t *testing.T, file string) tree {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var tr tree
	if err := yaml.Load(data, &tr, yaml.WithKnownFields()); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return tr
}

// files returns the .proto files of some sources by the path under which they
// are imported. Those of google/protobuf are left out: every compiler has its
// own.
func files(t *testing.T, sources []source) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, s := range sources {
		root := filepath.Join(moduleDir(t, s.Module), filepath.FromSlash(s.From))
		err := filepath.WalkDir(root, func(disk string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(root, disk)
			if err != nil {
				return err
			}
			name := path.Join(s.As, filepath.ToSlash(rel))
			switch {
			case slices.Contains(s.Without, filepath.ToSlash(rel)), name == "google/protobuf":
				return fs.SkipDir
			case !d.IsDir() && strings.HasSuffix(name, ".proto"):
				text, err := os.ReadFile(disk)
				found[name] = string(text)
				return err
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// shipped returns the text of a file of the first module.
func shipped(t *testing.T, sources []source, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(moduleDir(t, sources[0].Module), filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// moduleDir returns where a module lies in the module cache, and has it
// downloaded first if need be.
func moduleDir(t *testing.T, module string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "mod", "download", "-json", module)
	cmd.Dir = t.TempDir() // not in this module, whose go.sum is none of it
	out, err := cmd.Output()
	var result struct {
		Dir   string `json:"Dir"`
		Error string `json:"Error"`
	}
	if err := errors.Join(err, json.Unmarshal(out, &result)); err != nil || result.Dir == "" {
		missing(t, "module "+module, result.Error)
	}
	return result.Dir
}

// workspace is a tree on disk: files to generate, and files to import.
type workspace struct {
	dir       string
	generate  []string // sorted
	imports   bool     // whether there are any
	parameter string   // for protogen
}

func (w workspace) root() string       { return filepath.Join(w.dir, "root") }
func (w workspace) importRoot() string { return filepath.Join(w.dir, "imports") }

// layOut writes files to a new workspace.
func layOut(t *testing.T, generate, imports map[string]string, goPackage string) workspace {
	t.Helper()
	w := workspace{dir: t.TempDir(), imports: len(imports) > 0, parameter: "paths=source_relative"}
	for name, text := range imports {
		writeFile(t, filepath.Join(w.importRoot(), filepath.FromSlash(name)), text)
	}
	for name, text := range generate {
		w.generate = append(w.generate, name)
		writeFile(t, filepath.Join(w.root(), filepath.FromSlash(name)), text)
	}
	slices.Sort(w.generate)
	hasGoPackage := regexp.MustCompile(`(?m)^\s*option\s+go_package`)
	for _, group := range []map[string]string{generate, imports} {
		for name, text := range group {
			if goPackage != "" && !hasGoPackage.MatchString(text) {
				base := strings.TrimSuffix(path.Base(name), ".proto")
				goPath := strings.NewReplacer("{dir}", path.Dir(name), "{name}", base).Replace(goPackage)
				w.parameter += ",M" + name + "=" + path.Clean(goPath)
			}
		}
	}
	return w
}

func writeFile(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
