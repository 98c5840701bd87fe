package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/esgen-dev/esgen/generator"
)

// TestBad runs esgen on declarations that are wrong, one mistake a script, and
// holds it to the whole finding and the exit code. Nothing may be written.
func TestBad(t *testing.T) {
	t.Parallel()
	update := os.Getenv("ESGEN_UPDATE") != ""
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "bad"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       update,
		Cmds:                map[string]func(ts *testscript.TestScript, neg bool, args []string){"exits": exits},
	})
	if update {
		t.Error("the scripts were rewritten: look at the changes and run again without ESGEN_UPDATE")
	}
}

// exits runs a command and asserts its exit code: exits 3 esgen lint.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("%s exits with %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// Every rule that cannot be switched off is broken by a script, so none can
// stop working unseen. The lints have their tests beside the model.
func TestBad_coversTheRules(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob(filepath.Join("testdata", "*", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	broken := map[string]bool{}
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range regexp.MustCompile(`\[?([A-Z]+(?:_[A-Z]+)+)\\?\]?`).FindAllStringSubmatch(string(text), -1) {
			broken[id[1]] = true
		}
	}
	for _, rule := range generator.Rules() {
		switch rule.ID {
		case "PACKAGE_INCOMPLETE": // only a plugin can be given a part of a package; tested beside the model
		case "PROTO_ROOT_MISSING": // the configuration is checked first; tested beside the loader
		default:
			if rule.Fixed() && !broken[rule.ID] {
				t.Errorf("no script breaks %s", rule.ID)
			}
		}
	}
}
