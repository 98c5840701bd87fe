package modproxy_test

import (
	"archive/zip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"

	"github.com/esgen-dev/esgen/internal/modproxy"
)

// source lays out a module with another one in it.
func source(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.com/Upper\n\ngo 1.26\n", "a.go": "package upper\n", "sub/b.go": "package sub\n",
		"other/go.mod": "module example.com/other\n", "other/c.go": "package other\n",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestAdd(t *testing.T) {
	t.Parallel()
	proxy, from := t.TempDir(), source(t)
	for _, version := range []string{"v0.1.0", "v0.2.0"} {
		if err := modproxy.Add(proxy, from, module.Version{Path: "example.com/Upper", Version: version}); err != nil {
			t.Fatal(err)
		}
	}
	dir := filepath.Join(proxy, "example.com", "!upper", "@v")
	list, err := os.ReadFile(filepath.Join(dir, "list"))
	if err != nil || string(list) != "v0.1.0\nv0.2.0\n" {
		t.Errorf("list: %q, %v", list, err)
	}
	archive, err := zip.OpenReader(filepath.Join(dir, "v0.2.0.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	var names []string
	for _, file := range archive.File {
		names = append(names, file.Name)
	}
	slices.Sort(names)
	const prefix = "example.com/Upper@v0.2.0/"
	if diff := cmp.Diff([]string{prefix + "a.go", prefix + "go.mod", prefix + "sub/b.go"}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestAdd_go lets the go command judge.
func TestAdd_go(t *testing.T) {
	t.Parallel()
	proxy := t.TempDir()
	if err := modproxy.Add(proxy, source(t), module.Version{Path: "example.com/Upper", Version: "v0.1.0"}); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "mod", "download", "-json", "example.com/Upper@latest")
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "GOPROXY="+modproxy.URL(proxy), "GOSUMDB=off", "GOWORK=off",
		"GOMODCACHE="+t.TempDir(), "GOFLAGS=-modcacherw", "GOENV=off")
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), `"Version": "v0.1.0"`) {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestAdd_fails(t *testing.T) {
	t.Parallel()
	good := module.Version{Path: "example.com/m", Version: "v0.1.0"}
	for want, add := range map[string]func() error{
		"go.mod": func() error { return modproxy.Add(t.TempDir(), t.TempDir(), good) },
		"malformed": func() error {
			return modproxy.Add(t.TempDir(), source(t), module.Version{Path: "no dot", Version: "v0.1.0"})
		},
		"version": func() error {
			return modproxy.Add(t.TempDir(), source(t), module.Version{Path: "example.com/m", Version: "1"})
		},
	} {
		if err := add(); err == nil || !strings.HasPrefix(err.Error(), "publish ") || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestURL(t *testing.T) {
	t.Parallel()
	for dir, want := range map[string]string{"/tmp/a b": "file:///tmp/a%20b", "C:/x": "file:///C:/x"} {
		if got := modproxy.URL(dir); got != want {
			t.Errorf("%s: got %s, want %s", dir, got, want)
		}
	}
}
