package main

import (
	"fmt"
	"hash/crc32"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/lockedfile"
	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"

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
	proxy := t.TempDir()
	published := publish(t, checkout, proxy)
	settings := map[string]string{
		"GOENV": "off", "GOSUMDB": "off", "GOTOOLCHAIN": "local", "GOFLAGS": "-modcacherw",
		"GOPROXY": modproxy.URL(proxy) + "," + modproxy.URL(filepath.Join(known["GOMODCACHE"], "cache", "download")),
		"GOCACHE": known["GOCACHE"], "GOMODCACHE": moduleCache(t), "GOPATH": t.TempDir(),
	}
	warmUp(t, settings, published.first)
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "modules"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("FIRST", published.first)
			env.Setenv("SECOND", published.second)
			env.Setenv("CHECKOUT", checkout)
			env.Setenv("CHECKOUTMODCACHE", known["GOMODCACHE"])
			for name, value := range settings {
				env.Setenv(name, value)
			}
			return nil
		},
		Condition: func(cond string) (bool, error) { return cond == "required" && required(), nil },
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"examples": examples,
			"exits":    exits,
			"glob":     glob,
			"next":     next,
		},
	})
}

// releases are the versions under which the checkout is published.
type releases struct{ first, second string }

// publish makes a proxy that has the checkout as two releases. Their patch
// number is a hash of what is in them: the go command remembers the files of a
// version for ever, also of one that is gone.
func publish(t *testing.T, checkout, proxy string) releases {
	t.Helper()
	add := func(version string) string {
		m := module.Version{Path: "github.com/esgen-dev/esgen", Version: version}
		if err := modproxy.Add(proxy, checkout, m); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(proxy, filepath.FromSlash(m.Path), "@v", version+".zip")
	}
	hash, err := dirhash.HashZip(add("v0.0.1"), dirhash.Hash1)
	if err != nil {
		t.Fatal(err)
	}
	patch := crc32.ChecksumIEEE([]byte(hash))
	r := releases{first: fmt.Sprintf("v0.1.%d", patch), second: fmt.Sprintf("v0.2.%d", patch)}
	add(r.first)
	add(r.second)
	return r
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
func warmUp(t *testing.T, settings map[string]string, version string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "run", "github.com/esgen-dev/esgen/cmd/esgen@"+version, "version")
	cmd.Dir, cmd.Env = t.TempDir(), os.Environ()
	for name, value := range settings {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "esgen "+version+" ") {
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

// required reports whether every tool has to be there.
func required() bool { return os.Getenv("ESGEN_REQUIRE_TOOLS") == "1" }

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

// glob asserts that something matches a pattern.
func glob(ts *testscript.TestScript, neg bool, args []string) {
	for _, pattern := range args {
		found, err := filepath.Glob(ts.MkAbs(pattern))
		ts.Check(err)
		if (len(found) == 0) != neg {
			ts.Fatalf("%s: %q", pattern, found)
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
