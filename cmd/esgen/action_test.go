package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"go.yaml.in/yaml/v4"
)

// compositeAction is the part of action.yml, or of a workflow's job, that runs.
type compositeAction struct {
	Inputs map[string]struct {
		Default string `yaml:"default"`
	} `yaml:"inputs"`
	Runs struct {
		Using string         `yaml:"using"`
		Steps []workflowStep `yaml:"steps"`
	} `yaml:"runs"`
}

// workflowStep is a step that runs something.
type workflowStep struct {
	Shell            string            `yaml:"shell"`
	WorkingDirectory string            `yaml:"working-directory"`
	Env              map[string]string `yaml:"env"`
	Run              string            `yaml:"run"`
}

// expression is what a runner replaces.
var expression = regexp.MustCompile(`\$\{\{ *(\w+)\.([\w-]+) *\}\}`)

// action runs the repository's action as a runner does: its command, with the
// inputs that are given as name=value, in bash. What it printed is in stdout
// and stderr then, what it handed on in the file GITHUB_OUTPUT.
func action(ts *testscript.TestScript, neg bool, args []string) {
	var a compositeAction
	text, err := os.ReadFile(filepath.Join(ts.Getenv("CHECKOUT"), "action.yml"))
	ts.Check(err)
	ts.Check(yaml.Unmarshal(text, &a))
	if a.Runs.Using != "composite" || len(a.Runs.Steps) != 1 {
		ts.Fatalf("the action is %q and has %d steps", a.Runs.Using, len(a.Runs.Steps))
	}
	inputs := map[string]string{}
	for name, input := range a.Inputs {
		inputs[name] = input.Default
	}
	for _, arg := range args {
		name, value, _ := strings.Cut(arg, "=")
		if _, ok := inputs[name]; !ok {
			ts.Fatalf("the action has no input %q", name)
		}
		inputs[name] = value
	}
	temp := ts.MkAbs("runner-temp")
	ts.Check(os.RemoveAll(temp))
	ts.Check(os.MkdirAll(temp, 0o755))
	evaluate := func(text string) string {
		return expression.ReplaceAllStringFunc(text, func(found string) string {
			switch part := expression.FindStringSubmatch(found); {
			case part[1] == "inputs":
				value, ok := inputs[part[2]]
				if !ok {
					ts.Fatalf("%s: there is no such input", found)
				}
				return value
			case part[1] == "runner" && part[2] == "temp":
				return temp
			}
			ts.Fatalf("%s is not known to this test", found)
			return ""
		})
	}
	step := a.Runs.Steps[0]
	if strings.Contains(step.Run, "${{") {
		ts.Fatalf("the command holds an expression: who can name a branch could run something")
	}
	if step.Shell != "bash" {
		ts.Fatalf("the shell is %q", step.Shell)
	}
	env := map[string]string{
		"GITHUB_ACTIONS": "true", "RUNNER_TEMP": temp,
		"GITHUB_OUTPUT": filepath.Join(temp, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(temp, "summary.md"),
	}
	for name, value := range step.Env {
		env[name] = evaluate(value)
	}
	set := make([]string, 0, len(env))
	for name, value := range env {
		set = append(set, name+"="+value)
	}
	slices.Sort(set)
	script := filepath.Join(temp, "script.sh")
	ts.Check(os.WriteFile(script, []byte(step.Run), 0o644))
	run := append([]string{"-C", ts.MkAbs(evaluate(step.WorkingDirectory))}, set...)
	err = ts.Exec("env", append(run, "bash", "--noprofile", "--norc", "-eo", "pipefail", script)...)
	if (err != nil) != neg {
		ts.Fatalf("the action: %v", err)
	}
}

// workflow runs the commands of a workflow's only job, one after the other, as a
// runner does.
func workflow(ts *testscript.TestScript, neg bool, args []string) {
	var w struct {
		Jobs map[string]struct {
			Steps []workflowStep `yaml:"steps"`
		} `yaml:"jobs"`
	}
	ts.Check(yaml.Unmarshal([]byte(ts.ReadFile(args[0])), &w))
	commands := 0
	for _, job := range w.Jobs {
		for _, step := range job.Steps {
			if step.Run == "" {
				continue // an action of somebody else
			}
			commands++
			ts.Logf("run: %s", step.Run)
			if err := ts.Exec("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step.Run); err != nil {
				if neg {
					return
				}
				ts.Fatalf("%s: %v", step.Run, err)
			}
		}
	}
	if neg || commands == 0 {
		ts.Fatalf("%s: all of its %d commands succeed", args[0], commands)
	}
}
