package kafka

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/es/kafka/topics"
)

func readPage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/kafka.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestDocs_life compares the drawing with the state machine.
func TestDocs_life(t *testing.T) {
	t.Parallel()
	arrow := regexp.MustCompile(`(?m)^    (\w+) --> (\w+):`)
	var drawn []string
	for _, m := range arrow.FindAllStringSubmatch(readPage(t), -1) {
		drawn = append(drawn, m[1]+" "+m[2])
	}
	var machine []string
	for _, p := range []Phase{Proving, Fencing, Barring, Claiming, Restoring, Serving, Waiting} {
		for _, in := range []input{done, failed} {
			machine = append(machine, fmt.Sprintf("%s %s", p, life{phase: p}.on(in).phase))
		}
	}
	slices.Sort(drawn)
	slices.Sort(machine)
	if !slices.Equal(drawn, machine) {
		t.Errorf("drawn:\n%s\nreal:\n%s", strings.Join(drawn, "\n"), strings.Join(machine, "\n"))
	}
}

// TestDocs_options looks for every option in the page.
func TestDocs_options(t *testing.T) {
	t.Parallel()
	text := readPage(t)
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv != nil || fn.Type.Results == nil || len(fn.Type.Results.List) != 1 {
				continue
			}
			if name, ok := fn.Type.Results.List[0].Type.(*ast.Ident); !ok || name.Name != "Option" {
				continue
			}
			found++
			if !strings.Contains(text, "\n| `"+fn.Name.Name+"` |") {
				t.Errorf("docs/kafka.md has no row for the option %s", fn.Name.Name)
			}
		}
	}
	if found < 15 {
		t.Errorf("%d options were found: the test looks at the wrong place", found)
	}
}

// TestDocs_requirements compares the rows with the requirements.
func TestDocs_requirements(t *testing.T) {
	t.Parallel()
	text := readPage(t)
	for _, r := range topics.Requirements() {
		if row := fmt.Sprintf("\n| `%s` | %s |\n", r.Requirement, r.Why); !strings.Contains(text, row) {
			t.Errorf("docs/kafka.md lacks the row %s", row)
		}
	}
}
