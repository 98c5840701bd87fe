package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/lockedfile"
	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/mod/module"

	"github.com/esgen-dev/esgen/internal/modproxy"
)

// TestModules runs the scripts about esgen as a module that others depend on.
// A proxy of files serves this checkout as a release, twice, and the download
// cache of the machine serves what it depends on; so the scripts use no
// network and no module cache but their own. They build, so they are slow.
func TestModules(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("SKIPPED, NOT TESTED: the scripts about modules build esgen, which is slow")
	}
	known := goEnv(t, "GOMODCACHE", "GOCACHE")
	checkout, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{
		"GOENV": "off", "GOSUMDB": "off", "GOTOOLCHAIN": "local", "GOFLAGS": "-modcacherw",
		"GOPROXY": publish(t, checkout) + "," + modproxy.URL(filepath.Join(known["GOMODCACHE"], "cache", "download")),
		"GOCACHE": known["GOCACHE"], "GOMODCACHE": moduleCache(t), "GOPATH": t.TempDir(),
	}
	warmUp(t, settings)
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "modules"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("CHECKOUT", checkout)
			env.Setenv("CHECKOUTMODCACHE", known["GOMODCACHE"])
			for name, value := range settings {
				env.Setenv(name, value)
			}
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits,
			"next":  next,
		},
	})
}

// publish makes a proxy that has the checkout as two releases.
func publish(t *testing.T, checkout string) string {
	t.Helper()
	proxy := t.TempDir()
	for _, version := range []string{"v0.1.0", "v0.2.0"} {
		m := module.Version{Path: "github.com/esgen-dev/esgen", Version: version}
		if err := modproxy.Add(proxy, checkout, m); err != nil {
			t.Fatal(err)
		}
	}
	return modproxy.URL(proxy)
}

// moduleCache returns an empty directory that is the same in every run: the
// build cache knows packages by their directory, and would otherwise not know
// those of the run before.
func moduleCache(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("esgen-test-modules-%d", os.Getuid()))
	unlock, err := lockedfile.MutexAt(dir + ".lock").Lock()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
		unlock()
	})
	if err := os.RemoveAll(dir); err != nil { // of a run that was killed
		t.Fatal(err)
	}
	return dir
}

// warmUp builds esgen before several scripts do it at once.
func warmUp(t *testing.T, settings map[string]string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "run", "github.com/esgen-dev/esgen/cmd/esgen@v0.1.0", "version")
	cmd.Dir, cmd.Env = t.TempDir(), os.Environ()
	for name, value := range settings {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "esgen v0.1.0 ") {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
}

// goEnv asks the go command for its settings.
func goEnv(t *testing.T, names ...string) map[string]string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", append([]string{"env"}, names...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for i, value := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		values[names[i]] = value
	}
	return values
}

// next types what init said that comes next.
func next(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: next")
	}
	_, commands, found := strings.Cut(ts.ReadFile("stdout"), "\nnext:\n\n")
	if !found {
		ts.Fatalf("init did not say what comes next")
	}
	for line := range strings.Lines(commands) {
		words := shellWords(strings.TrimSpace(line))
		ts.Logf("next: %q", words)
		if words[0] == "cd" {
			ts.Check(ts.Chdir(words[1]))
			continue
		}
		if err := ts.Exec(words[0], words[1:]...); err != nil {
			ts.Fatalf("%s: %v\n%s%s", line, err, ts.ReadFile("stdout"), ts.ReadFile("stderr"))
		}
	}
}

// shellWords splits a command line in which a quoted word stands alone.
func shellWords(line string) []string {
	var words []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			words = append(words, part)
			continue
		}
		words = append(words, strings.Fields(part)...)
	}
	return words
}
