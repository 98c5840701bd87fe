package modproxy

import (
	"fmt"
	"hash/crc32"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/lockedfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"
)

// World is a checkout of esgen as others see it once it is published: two
// releases of it, and an environment in which the go command finds them. What
// they depend on comes from the download cache of the machine, so nothing uses
// the network, and what is fetched goes into a module cache of its own.
type World struct {
	First, Second string            // the releases, e.g. "v0.1.123"
	Env           map[string]string // settings of the go command
	ModCache      string            // the machine's own module cache
}

// Publish makes the World of a checkout. The name tells the worlds of several
// tests apart; a second test with the same name waits for the first to end.
func Publish(tb testing.TB, checkout, name string) World {
	tb.Helper()
	machine := goEnv(tb, "GOMODCACHE", "GOCACHE")
	proxy := tb.TempDir()
	w := World{ModCache: machine["GOMODCACHE"]}
	w.First, w.Second = release(tb, checkout, proxy)
	w.Env = map[string]string{
		"GOENV": "off", "GOSUMDB": "off", "GOTOOLCHAIN": "local", "GOFLAGS": "-modcacherw",
		"GOPROXY": URL(proxy) + "," + URL(filepath.Join(w.ModCache, "cache", "download")),
		"GOCACHE": machine["GOCACHE"], "GOMODCACHE": emptyCache(tb, name), "GOPATH": tb.TempDir(),
	}
	w.warmUp(tb)
	return w
}

// Environ returns the environment of this process with that of the world, for
// a command. It is not that of a workflow, where esgen prints annotations too.
func (w World) Environ() []string {
	env := append(os.Environ(), "GITHUB_ACTIONS=")
	for name, value := range maps.All(w.Env) {
		env = append(env, name+"="+value)
	}
	return env
}

// release fills a proxy with the checkout as two releases. Their patch number
// is a hash of what is in them: the go command remembers the files of a
// version for ever, also of one that is gone.
func release(tb testing.TB, checkout, proxy string) (first, second string) {
	tb.Helper()
	add := func(version string) string {
		m := module.Version{Path: "github.com/esgen-dev/esgen", Version: version}
		if err := Add(proxy, checkout, m); err != nil {
			tb.Fatal(err)
		}
		return filepath.Join(proxy, filepath.FromSlash(m.Path), "@v", version+".zip")
	}
	hash, err := dirhash.HashZip(add("v0.0.1"), dirhash.Hash1)
	if err != nil {
		tb.Fatal(err)
	}
	patch := crc32.ChecksumIEEE([]byte(hash))
	first, second = fmt.Sprintf("v0.1.%d", patch), fmt.Sprintf("v0.2.%d", patch)
	add(first)
	add(second)
	return first, second
}

// emptyCache returns an empty directory that is the same in every run: the
// build cache knows packages by their directory, and would otherwise not know
// those of the run before.
func emptyCache(tb testing.TB, name string) string {
	tb.Helper()
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("esgen-test-%s-%d", name, os.Getuid()))
	unlock, err := lockedfile.MutexAt(dir + ".lock").Lock()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			tb.Error(err)
		}
		unlock()
	})
	if err := os.RemoveAll(dir); err != nil { // of a run that was killed
		tb.Fatal(err)
	}
	return dir
}

// warmUp builds esgen before several tests do it at once.
func (w World) warmUp(tb testing.TB) {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), "go", "run", "github.com/esgen-dev/esgen/cmd/esgen@"+w.First, "version")
	cmd.Dir, cmd.Env = tb.TempDir(), w.Environ()
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "esgen "+w.First+" ") {
		tb.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
}

// goEnv asks the go command for its settings.
func goEnv(tb testing.TB, names ...string) map[string]string {
	tb.Helper()
	out, err := exec.CommandContext(tb.Context(), "go", append([]string{"env"}, names...)...).Output()
	if err != nil {
		tb.Fatal(err)
	}
	values := map[string]string{}
	for i, value := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		values[names[i]] = value
	}
	return values
}
