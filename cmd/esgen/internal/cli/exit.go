package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/esgen-dev/esgen/diag"
)

// The exit codes. They are part of the contract with scripts.
const (
	codeOK          = 0
	codeFindings    = 1
	codeUsage       = 2
	codeCompile     = 3
	codeRegistry    = 4
	codeBug         = 70
	codeInterrupted = 130
)

// exitCodes returns the paragraph of a help text that lists exit codes.
func exitCodes(codes ...int) string {
	meaning := map[int]string{
		codeOK:          "done, and nothing that --fail-on counts was found",
		codeFindings:    "there are findings, or generated files are stale",
		codeUsage:       "the command line or the configuration is wrong, or a file cannot be read or written",
		codeCompile:     "a .proto file does not compile",
		codeRegistry:    "the schema registry or the network failed",
		codeBug:         "a bug in esgen",
		codeInterrupted: "interrupted; no file is left half written",
	}
	var out strings.Builder
	out.WriteString("\n\nExit codes:")
	for _, code := range codes {
		fmt.Fprintf(&out, "\n  %-5d%s", code, meaning[code])
	}
	return out.String()
}

// failure ends a command with an exit code. Without a message everything has
// been said already.
type failure struct {
	code          int
	message, help string
}

// Error returns the message.
func (f *failure) Error() string { return f.message }

// usage is the failure of a command line that makes no sense.
func usage(help, format string, args ...any) error {
	return &failure{code: codeUsage, message: fmt.Sprintf(format, args...), help: help}
}

// verdict returns the failure that findings lead to, or nil. Those about the
// configuration and the compiler are not up to --fail-on: nothing else could
// be looked at.
func (a *app) verdict(findings []diag.Finding) error {
	found := func(category diag.Category) bool {
		return slices.ContainsFunc(findings, func(f diag.Finding) bool {
			return f.Severity == diag.Error && a.category(f.Rule) == category
		})
	}
	switch {
	case found(diag.Config):
		return &failure{code: codeUsage}
	case found(diag.Compile):
		return &failure{code: codeCompile}
	case a.flags.fails(diag.Worst(findings)):
		return &failure{code: codeFindings}
	}
	return nil
}

func (a *app) category(rule string) diag.Category {
	for _, r := range a.rules {
		if r.ID == rule {
			return r.Category
		}
	}
	return ""
}
