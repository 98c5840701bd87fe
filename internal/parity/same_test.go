package parity_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// protocLine is the line that names the version of the compiler. A compiler
// without one, such as buf or esgen, is "(unknown)".
var protocLine = regexp.MustCompile(`(?m)^(// \tprotoc {8}).*$`)

func withoutCompiler(text string) string {
	return protocLine.ReplaceAllString(text, "$1(unknown)")
}

// versionBlocks are the parts of a file that tell which versions it needs. The
// module of Go Protobuf ships its own files without them.
var versionBlocks = regexp.MustCompile(`(?m)^// versions:\n(?:// \t.*\n)*|^const \(\n\t// Verify that (?:.*\n)*?\)\n\n`)

func withoutVersions(text string) string {
	return versionBlocks.ReplaceAllString(text, "")
}

// same compares files by path and content, but for the version of the
// compiler.
func same(t *testing.T, want, got map[string]string) {
	t.Helper()
	if len(want) == 0 {
		t.Error("nothing was expected, so nothing was compared")
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if text, ok := got[name]; !ok {
			t.Errorf("%s is missing", name)
		} else {
			sameText(t, name, withoutCompiler(want[name]), withoutCompiler(text))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[name]; !ok {
			t.Errorf("%s is not expected", name)
		}
	}
}

// sameText reports the first line that differs: generated files are too long
// for a diff, and what follows a difference tends to differ too.
func sameText(t *testing.T, name, want, got string) {
	t.Helper()
	if want == got {
		return
	}
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	n := 0
	for n < len(w)-1 && n < len(g)-1 && w[n] == g[n] {
		n++
	}
	t.Errorf("%s:%d differs:\n want %s\n  got %s", name, n+1, w[n], g[n])
}
