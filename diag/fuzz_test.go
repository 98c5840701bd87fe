package diag_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/esgen-dev/esgen/diag"
)

// FuzzPrinters prints findings that hold any text, and reads what comes out.
func FuzzPrinters(f *testing.F) {
	for _, text := range []string{"", " ", nasty, "\n\n", "::", "%0A", "]]>", "/", "..", "c:\\x", "|\\|", "\xff", "\x00"} {
		f.Add(text, 1, 1, 1, 1)
	}
	f.Add("x", -1, 0, 7, -7)
	schema := jsonschema.MustCompileString("findings.json", diag.JSONSchema())
	f.Fuzz(func(t *testing.T, text string, line, column, endLine, endColumn int) {
		finding := hostile(text, line)
		finding.Position = diag.Position{Path: text, Line: line, Column: column, EndLine: endLine, EndColumn: endColumn}
		bare := at(diag.Position{Path: text, Line: line})
		findings := []diag.Finding{finding, bare, bare}
		tree := diag.Tree{Anchor: text, Source: func(string) []byte { return []byte(text + "\n" + text) }}

		if shown := output(t, diag.Text{Snippets: true, Source: tree.Source}, findings); !readable(shown) {
			t.Errorf("text: %q", shown)
		}
		if line > 0 && column > 0 && endLine > 0 && endColumn > 0 && text != "" {
			if err := schema.Validate(decode(t, output(t, diag.JSON{Version: "v1"}, findings))); err != nil {
				t.Errorf("json: %#v", err)
			}
		}
		for line := range strings.Lines(output(t, diag.GitHub{Tree: tree}, findings)) {
			if kind, _, data := command(t, strings.TrimSuffix(line, "\n")); kind == "" || data == "" || !utf8.ValidString(line) {
				t.Errorf("github: %q", line)
			}
		}
		var log sarifPlace
		if err := json.Unmarshal([]byte(output(t, diag.SARIF{Rules: rules(), Tree: tree}, findings)), &log); err != nil {
			t.Errorf("sarif: %v", err)
		}
		for _, result := range log.Runs[0].Results {
			place := result.Locations[0].Physical
			if place.Artifact.URI == "" || place.Region["startLine"] < 1 || place.Region["endLine"] < 0 || place.Region["startColumn"] < 0 {
				t.Errorf("sarif: %+v", place)
			}
		}
		passed := []diag.Check{{Suite: text, Name: text}, {Suite: "suite", Name: text}}
		if report := readJUnit(t, output(t, diag.JUnit{Passed: passed}, findings)); report.Failures < 1 || report.Tests <= report.Failures {
			t.Errorf("junit: %+v", report)
		}
		if n := len(readGitLab(t, output(t, diag.GitLab{Tree: tree}, findings))); n != len(findings) {
			t.Errorf("gitlab: %d findings", n)
		}
		if n := rows(t, output(t, diag.Markdown{Rules: rules(), Tree: tree}, findings)); n != len(findings) {
			t.Errorf("markdown: %d rows", n)
		}
	})
}

// readable reports whether a text can do nothing to a terminal.
func readable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7f })
}
