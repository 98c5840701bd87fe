package diag_test

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/diag"
)

// nasty holds what one format or the other takes for its own: line ends,
// workflow commands, the ends of CDATA and of comments, characters that XML
// does not have, no characters at all, tables, code, HTML, and right to left.
const nasty = "50% a:b,c\r\n::error::x ##[error]y ]]> --> <b>&amp;\" '`|\\| @me #1 *_~[l](u)\x00\x01\x1b[31m\ufffe\u2028\u202e\t\xff\xc3( é€🙂"

// printer is what all printers are.
type printer interface {
	Print(w io.Writer, findings []diag.Finding) error
}

func output(t *testing.T, p printer, findings []diag.Finding) string {
	t.Helper()
	var out strings.Builder
	if err := p.Print(&out, findings); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func decode(t *testing.T, text string) any {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return value
}

func rules() []diag.Rule {
	return []diag.Rule{
		{ID: "EVENT_UNKNOWN", Category: diag.Modelling, Severity: diag.Error, Title: "an event is not declared", Explain: "Declare it.", Example: "message ```` {}\n"},
		{ID: "LINT_X", Category: diag.Lint, Severity: diag.Info, Title: nasty, Explain: nasty},
	}
}

// reports are findings for every printer.
func reports() map[string][]diag.Finding {
	found := map[string][]diag.Finding{
		"none":  nil,
		"full":  {full()},
		"bare":  {{Severity: diag.Info}, {Rule: "X", Severity: diag.Warning, Message: "m"}, {}},
		"nasty": {hostile(nasty, 1)},
		"places": {
			at(diag.Position{Path: "/abs/a b.proto", Line: 1}),
			at(diag.Position{Path: "dir with space/100%/ü?#[x]:y.proto", Line: 2, Column: 3}),
			at(diag.Position{Path: "./here/../a.proto", Line: 2, Column: 3, EndLine: 1, EndColumn: 1}),
			at(diag.Position{Path: "a.proto", Line: -1, Column: -2, EndLine: -3, EndColumn: -4}),
			at(diag.Position{Path: "a.proto", Line: 4, Column: 5, EndLine: 9}),
			at(diag.Position{Line: 4}),
			at(diag.Position{Path: "c:d", Line: 4}),
		},
	}
	var many []diag.Finding
	for i := range 40 {
		f := full()
		f.Severity = diag.Severity(1 + i%3)
		f.Message = fmt.Sprintf("finding %d", i)
		many = append(many, f)
	}
	found["many"] = many
	return found
}

func at(p diag.Position) diag.Finding {
	return diag.Finding{Rule: "LINT_X", Severity: diag.Warning, Message: "m", Position: p}
}

// hostile is a finding that has the text in all places.
func hostile(text string, line int) diag.Finding {
	return diag.Finding{
		Rule: "LINT_X", Severity: diag.Error, Message: text, Symbol: text, Help: text, Details: []string{text},
		Position: diag.Position{Path: text, Line: line, Column: 2, EndLine: line, EndColumn: 4},
		Previous: []diag.Previous{
			{Text: text, Old: true, Subject: text, Version: 3, Position: diag.Position{Path: text, Line: 2}},
			{Text: text, Subject: text, Version: line},
		},
	}
}
