package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

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
	checkout, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	world := modproxy.Publish(t, checkout, "modules")
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "modules"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("FIRST", world.First)
			env.Setenv("SECOND", world.Second)
			env.Setenv("CHECKOUT", checkout)
			env.Setenv("CHECKOUTMODCACHE", world.ModCache)
			for name, value := range world.Env {
				env.Setenv(name, value)
			}
			return nil
		},
		Condition: func(cond string) (bool, error) { return cond == "required" && required(), nil },
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"action":   action,
			"edit":     edit,
			"examples": examples,
			"exits":    exits,
			"glob":     glob,
			"next":     next,
			"workflow": workflow,
		},
	})
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
