package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// examples runs the examples of the help texts of all commands, and asserts
// that each command has some and lists its exit codes.
func examples(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: examples")
	}
	commands := subcommands(ts)
	if len(commands) < 15 {
		ts.Fatalf("found the commands %q only", commands)
	}
	for _, command := range commands {
		ts.Check(ts.Exec("esgen", append(strings.Fields(command), "--help")...))
		help := ts.ReadFile("stdout")
		_, block, found := strings.Cut(help, "\nExamples:\n")
		if !found || !strings.Contains(help, "\nExit codes:\n") {
			ts.Fatalf("the help of esgen %s has no examples, or no exit codes", command)
		}
		block, _, _ = strings.Cut(block, "\n\n") // what comes then is another file, or the flags
		for line := range strings.Lines(block) {
			example(ts, strings.TrimSpace(line))
		}
	}
}

// subcommands returns all commands as they are typed behind esgen: "",
// "config", "config show", and so on.
func subcommands(ts *testscript.TestScript, path ...string) []string {
	ts.Check(ts.Exec("esgen", slices.Concat([]string{"__complete"}, path, []string{""})...))
	all := []string{strings.Join(path, " ")}
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		name, _, described := strings.Cut(line, "\t")
		if !described || name == "help" || len(path) > 0 && path[0] != "config" {
			continue // an argument, not a command
		}
		all = append(all, subcommands(ts, append(slices.Clone(path), name)...)...)
	}
	return all
}

var (
	remark       = regexp.MustCompile(`  +[^ ].*$`)
	sourced      = regexp.MustCompile(`^source <\((.*)\)$`)
	substitution = regexp.MustCompile(`\$\((.*)\)`)
)

// example runs a line as a shell would. Of a pipe it runs the first command:
// the others belong to somebody else.
func example(ts *testscript.TestScript, line string) {
	line = sourced.ReplaceAllString(remark.ReplaceAllString(line, ""), "$1")
	line, _, _ = strings.Cut(line, " | ")
	line, into, redirected := strings.Cut(line, " > ")
	line = substitution.ReplaceAllStringFunc(line, func(inner string) string {
		words := strings.Fields(inner[len("$(") : len(inner)-len(")")])
		ts.Check(ts.Exec(words[0], words[1:]...))
		return strings.TrimSpace(ts.ReadFile("stdout"))
	})
	words := strings.Fields(line)
	switch {
	case words[0] == "#", slices.Contains(words, "--watch"): // TestWatch has it
		return
	case slices.Contains(words, "topics"): // TestTopics has it, with a cluster
		return
	case slices.Contains(words, "dev"): // TestDev has it
		return
	case slices.Contains(words, "registry"), slices.Contains(words, "register"), slices.Contains(words, "pull"): // TestRegister and TestAgainstRegistry have them
		return
	case words[0] == "mkdir":
		ts.Check(os.MkdirAll(ts.MkAbs(words[len(words)-1]), 0o755))
		return
	case strings.Contains(line, "git:") && !required() && !installed("git"):
		ts.Logf("SKIPPED, NOT TESTED: git is missing: %s", line)
		return
	case words[0] == "protoc" && !required() && !installed("protoc", "protoc-gen-go"):
		ts.Logf("SKIPPED, NOT TESTED: protoc or protoc-gen-go is missing: %s", line)
		return
	}
	ts.Logf("example: %q", words)
	if err := ts.Exec(words[0], words[1:]...); err != nil {
		ts.Fatalf("%s: %v\n%s%s", line, err, ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	}
	if words[0] == "protoc" { // it puts its version into the files
		ts.Check(ts.Exec("esgen", "generate"))
	}
	if redirected {
		ts.Check(os.WriteFile(ts.MkAbs(filepath.FromSlash(into)), []byte(ts.ReadFile("stdout")), 0o644))
	}
}

func installed(programs ...string) bool {
	return !slices.ContainsFunc(programs, func(p string) bool { _, err := exec.LookPath(p); return err != nil })
}
