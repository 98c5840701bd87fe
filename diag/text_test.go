package diag_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/diag"
)

// full is a finding with all there is to show.
func full() diag.Finding {
	return diag.Finding{
		Rule: "EVENT_UNKNOWN", Severity: diag.Error, Symbol: "bank.v1.Withdraw",
		Message:  `"Withdrawed" is not declared`,
		Position: diag.Position{Path: "bank.proto", Line: 2, Column: 10, EndLine: 2, EndColumn: 22},
		Previous: []diag.Previous{
			{Text: "string owner = 2;", Old: true, Position: diag.Position{Path: "old.proto", Line: 7, Column: 3}},
			{Text: "Withdraw is declared here", Position: diag.Position{Path: "bank.proto", Line: 1}},
		},
		Help: "did you mean \"Withdrawn\"?\nrun esgen lint",
	}
}

func source(string) []byte {
	return []byte("message Withdraw {\n\temits: \"Withdrawed\" // ü\x1b[31m\r\n}\n")
}

func printed(t *testing.T, p diag.Text, findings ...diag.Finding) string {
	t.Helper()
	var out strings.Builder
	if err := p.Print(&out, findings); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestText(t *testing.T) {
	t.Parallel()
	want := `bank.proto:2:10: error: "Withdrawed" is not declared [EVENT_UNKNOWN]
    was: string owner = 2; (old.proto:7:3)
    see: Withdraw is declared here (bank.proto:1)
    help: did you mean "Withdrawn"?
          run esgen lint
`
	if diff := cmp.Diff(want, printed(t, diag.Text{}, full())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestText_snippet(t *testing.T) {
	t.Parallel()
	const line = "      |\n    2 | \temits: \"Withdrawed\" // ü\uFFFD[31m\n      | "
	const behind = "\n" // nothing stands behind the marks
	for name, c := range map[string]struct {
		position diag.Position
		want     string
	}{
		"span":           {diag.Position{Line: 2, Column: 9, EndLine: 2, EndColumn: 21}, line + "\t       ^^^^^^^^^^^^" + behind},
		"place":          {diag.Position{Line: 2, Column: 9}, line + "\t       ^" + behind},
		"several lines":  {diag.Position{Line: 2, Column: 22, EndLine: 3, EndColumn: 2}, line + "\t                    " + "^^^^^^^^^" + behind},
		"beyond the end": {diag.Position{Line: 2, Column: 90, EndLine: 2, EndColumn: 99}, line + "\t" + strings.Repeat(" ", 29) + "^" + behind},
		"no such line":   {diag.Position{Line: 9, Column: 1}, ""},
		"no line":        {diag.Position{}, ""},
	} {
		f := diag.Finding{Severity: diag.Warning, Message: "m", Position: c.position}
		f.Position.Path = "bank.proto"
		_, got, _ := strings.Cut(printed(t, diag.Text{Snippets: true, Source: source}, f), "\n")
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestText_firstLine(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]diag.Finding{
		"warning: m [R]\n":        {Rule: "R", Severity: diag.Warning, Message: "m"},
		"p: info: m [R]\n":        {Rule: "R", Severity: diag.Info, Message: "m", Position: diag.Position{Path: "p"}},
		"p:3: error: two lines\n": {Severity: diag.Error, Message: "two\nlines", Position: diag.Position{Path: "p", Line: 3}},
	} {
		if got := printed(t, diag.Text{Snippets: true}, f); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestText_color holds that colours add nothing but colours.
func TestText_color(t *testing.T) {
	t.Parallel()
	plain := printed(t, diag.Text{Snippets: true, Source: source}, full())
	colored := printed(t, diag.Text{Snippets: true, Source: source, Color: true}, full())
	for _, part := range []string{"\x1b[1mbank.proto:2:10:\x1b[0m ", "\x1b[1;31merror:\x1b[0m ", "\x1b[1;31m^^^^", "\x1b[1;32mhelp:\x1b[0m"} {
		if !strings.Contains(colored, part) {
			t.Errorf("%q is not in\n%s", part, colored)
		}
	}
	for _, code := range []string{"\x1b[0m", "\x1b[1m", "\x1b[1;31m", "\x1b[1;32m", "\x1b[1;34m", "\x1b[90m"} {
		colored = strings.ReplaceAll(colored, code, "")
	}
	if diff := cmp.Diff(plain, colored); diff != "" {
		t.Errorf("without its colours (-plain +colored):\n%s", diff)
	}
}

func TestText_wrapsHelp(t *testing.T) {
	t.Parallel()
	f := diag.Finding{Severity: diag.Error, Message: "m", Help: "one two three\na/path/that/is/too/long for a line"}
	want := `error: m
    help: one two
          three
          a/path/that/is/too/long
          for a line
`
	if diff := cmp.Diff(want, printed(t, diag.Text{Width: 20}, f)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	f.Help = strings.Repeat("word ", 60)
	for line := range strings.Lines(printed(t, diag.Text{Width: 1000}, f)) {
		if len(line) > 101 {
			t.Errorf("%d characters: %q", len(line), line)
		}
	}
}

func TestPrint_returnsTheWritersError(t *testing.T) {
	t.Parallel()
	if err := (diag.Text{}).Print(fullDisk{}, []diag.Finding{full()}); !errors.Is(err, errFull) {
		t.Errorf("text: got %v", err)
	}
	if err := (diag.JSON{}).Print(fullDisk{}, nil); !errors.Is(err, errFull) {
		t.Errorf("json: got %v", err)
	}
}

var errFull = errors.New("no space left")

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

func TestParseSeverity(t *testing.T) {
	t.Parallel()
	for _, s := range []diag.Severity{diag.Info, diag.Warning, diag.Error} {
		if got, ok := diag.ParseSeverity(s.String()); !ok || got != s {
			t.Errorf("%v: got %v %v", s, got, ok)
		}
	}
	for _, name := range []string{"", "none", "Error", "fatal"} {
		if got, ok := diag.ParseSeverity(name); ok {
			t.Errorf("%q: got %v", name, got)
		}
	}
}
