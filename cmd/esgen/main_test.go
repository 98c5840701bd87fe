package main

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"esgen": main, "protoc-gen-esgen": main})
}

// TestScript runs the scripts, one directory each. ESGEN_UPDATE=1 rewrites the
// files that they compare with, and fails, so that nobody forgets to look.
func TestScript(t *testing.T) {
	t.Parallel()
	update := os.Getenv("ESGEN_UPDATE") != ""
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       update,
		Condition: func(cond string) (bool, error) {
			return cond == "root" && os.Geteuid() == 0, nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"age":      age,
			"edit":     edit,
			"exits":    exits,
			"aged":     aged,
			"validate": validate,
		},
	})
	if update {
		t.Error("the scripts were rewritten: look at the changes and run again without ESGEN_UPDATE")
	}
}

// old is when a file was changed that age has marked.
func old() time.Time { return time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC) }

// age sets the modification times of files into the past.
func age(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		ts.Check(os.Chtimes(ts.MkAbs(name), old(), old()))
	}
}

// edit replaces what matches a regular expression in a file.
func edit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: edit file pattern replacement")
	}
	pattern, err := regexp.Compile("(?m)" + args[1])
	ts.Check(err)
	text := ts.ReadFile(args[0])
	if !pattern.MatchString(text) {
		ts.Fatalf("%s holds nothing like %s", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(pattern.ReplaceAllString(text, args[2])), 0o644))
}

// aged asserts that files were not written since.
func aged(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		info, err := os.Stat(ts.MkAbs(name))
		ts.Check(err)
		if info.ModTime().Equal(old()) == neg {
			ts.Fatalf("%s: modified %v", name, info.ModTime())
		}
	}
}

// validate asserts that JSON files are valid against a JSON schema: the first
// argument.
func validate(ts *testscript.TestScript, neg bool, args []string) {
	schema, err := jsonschema.CompileString("schema.json", ts.ReadFile(args[0]))
	ts.Check(err)
	for _, name := range args[1:] {
		var value any
		ts.Check(json.Unmarshal([]byte(ts.ReadFile(name)), &value))
		if err := schema.Validate(value); (err != nil) != neg {
			ts.Fatalf("%s: %#v", name, err)
		}
	}
}

// TestInterrupt ends a process that waits for its input, as Ctrl-C does.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), "esgen", "plugin")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// More than a pipe holds: when it is written, the process reads, and so
	// its signal handler stands.
	if _, err := stdin.Write(make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(stderr)
	if err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // the code says it all
	if code := cmd.ProcessState.ExitCode(); code != 130 || string(text) != "error: interrupted\n" {
		t.Errorf("exit code %d, %q", code, text)
	}
}
