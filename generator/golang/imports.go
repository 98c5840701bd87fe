package golang

import (
	"bytes"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/esgen-dev/esgen/generator/model"
)

// Import paths of what emitted code uses.
const (
	contextPath = "context"
	esPath      = "github.com/esgen-dev/esgen/es"
	estestPath  = "github.com/esgen-dev/esgen/es/estest"
	iterPath    = "iter"
	protoPath   = "google.golang.org/protobuf/proto"
	testingPath = "testing"
	timePath    = "time"
)

// knownImports returns the names of those packages: without it, jennifer would
// guess them and import each under an alias.
func knownImports() map[string]string {
	return map[string]string{
		contextPath: "context",
		esPath:      "es",
		estestPath:  "estest",
		iterPath:    "iter",
		protoPath:   "proto",
		testingPath: "testing",
		timePath:    "time",
	}
}

// importEnums names the packages whose enum values the preconditions use. What
// such a package calls itself is not known, so each is imported under a name
// made from its path.
func importEnums(f *jen.File, a *model.Aggregate) {
	for _, c := range a.Commands {
		for _, p := range c.Require {
			for _, v := range slices.Concat(p.In, p.NotIn) {
				f.ImportAlias(v.Go.ImportPath, importAlias(v.Go.ImportPath))
			}
		}
	}
}

// importAlias makes a name from an import path, e.g. "bankv1" from
// "example.com/gen/bank/v1".
func importAlias(path string) string {
	elements := strings.Split(path, "/")
	last := len(elements) - 1
	name := identifier(elements[last])
	if isVersion(name) && last > 0 {
		name = identifier(elements[last-1]) + name
	}
	return unshadowed(strings.TrimLeft(name, "0123456789"))
}

// identifier keeps what may stand in the name of an import.
func identifier(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(s))
}

func isVersion(s string) bool {
	digits, found := strings.CutPrefix(s, "v")
	return found && len(digits) > 0 && strings.Trim(digits[:1], "0123456789") == ""
}

// unshadowed changes the name of an import that emitted code uses for
// something else: a variable, a package or a predeclared identifier.
func unshadowed(name string) string {
	switch name {
	case "", "a", "at", "b", "c", "ctx", "e", "engine", "err", "events", "from", "id", "k", "kit",
		"m", "next", "opts", "s", "state", "t", "target", "typ", "u", "want",
		"context", "es", "estest", "iter", "proto", "testing", "time":
		return name + "pb"
	}
	if jen.IsReservedWord(name) {
		return name + "pb"
	}
	return name
}

// groupImports puts the imports of the standard library before the others.
// Jennifer sorts all of them into one block.
func groupImports(text []byte) []byte {
	const open, end = "\nimport (\n", "\n)\n"
	head, rest, found := bytes.Cut(text, []byte(open))
	if !found {
		return text // a single import
	}
	block, rest, _ := bytes.Cut(rest, []byte(end))
	var std, others [][]byte
	for line := range bytes.Lines(block) {
		line = bytes.TrimRight(line, "\n")
		if isStandard(line) {
			std = append(std, line)
		} else {
			others = append(others, line)
		}
	}
	lines := append(append(std, nil), others...) // nil is the blank line
	return slices.Concat(head, []byte(open), bytes.Join(lines, []byte("\n")), []byte(end), rest)
}

// isStandard reports whether an import is of the standard library: those have
// no dot in the first element of their path.
func isStandard(line []byte) bool {
	_, path, _ := bytes.Cut(line, []byte(`"`))
	host, _, _ := bytes.Cut(path, []byte("/"))
	return !bytes.Contains(host, []byte("."))
}
