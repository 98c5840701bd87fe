package diag_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/diag"
)

func TestGitHub(t *testing.T) {
	t.Parallel()
	hard := at(diag.Position{Path: "a,b:c%.proto", Line: 3})
	hard.Message, hard.Help, hard.Rule = "50% ::error::", "one\r\ntwo", ""
	want := `::error file=bank.proto,line=2,col=10,endLine=2,endColumn=22,title=EVENT_UNKNOWN::"Withdrawed" is not declared%0Awas: string owner = 2; (old.proto:7:3)%0Asee: Withdraw is declared here (bank.proto:1)%0Ahelp: did you mean "Withdrawn"?%0Arun esgen lint
::warning file=a%2Cb%3Ac%25.proto,line=3::50%25 ::error::%0Ahelp: one%0Atwo
::notice title=R::m
::notice::m
`
	got := output(t, diag.GitHub{}, []diag.Finding{
		{Rule: "R", Severity: diag.Info, Message: "m"}, {Severity: diag.Info, Message: "m"}, hard, full(),
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := output(t, diag.GitHub{}, nil); got != "" {
		t.Errorf("without findings: %q", got)
	}
}

// TestGitHub_many counts what GitHub would drop: more than ten of a kind.
func TestGitHub_many(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		errors, warnings, infos int
		want                    string // errors, warnings and notices that are printed, and the last line
	}{
		{10, 10, 10, "10 10 10 ::notice::i9"},
		{11, 0, 0, "10 0 1 ::notice title=esgen::1 more finding in the log"},
		{12, 11, 0, "10 10 1 ::notice title=esgen::3 more findings in the log"},
		{0, 0, 11, "0 0 10 ::notice title=esgen::2 more findings in the log"},
		{11, 0, 10, "10 0 10 ::notice title=esgen::2 more findings in the log"},
		{11, 0, 9, "10 0 10 ::notice title=esgen::1 more finding in the log"},
	} {
		var findings []diag.Finding
		add := func(n int, s diag.Severity, letter string) {
			for i := range n {
				findings = append(findings, diag.Finding{Severity: s, Message: fmt.Sprint(letter, i)})
			}
		}
		add(c.infos, diag.Info, "i")
		add(c.warnings, diag.Warning, "w")
		add(c.errors, diag.Error, "e")
		text := output(t, diag.GitHub{}, findings)
		lines := strings.Split(strings.TrimSpace(text), "\n")
		count := func(kind string) int { return strings.Count(text, "::"+kind) }
		got := fmt.Sprint(count("error"), count("warning"), count("notice"), lines[len(lines)-1])
		got = strings.Replace(got, "::", " ::", 1)
		if got = strings.Join(strings.Fields(got), " "); got != c.want {
			t.Errorf("%+v: got %q\n%s", c, got, text)
		}
		if c.errors > 0 && lines[0] != "::error::e0" {
			t.Errorf("%+v: %q comes first", c, lines[0])
		}
	}
}

// command reads a line as GitHub does.
func command(t *testing.T, line string) (kind string, properties map[string]string, data string) {
	t.Helper()
	head, data, ok := strings.Cut(strings.TrimPrefix(line, "::"), "::")
	if !ok || !strings.HasPrefix(line, "::") {
		t.Fatalf("no command: %q", line)
	}
	kind, list, _ := strings.Cut(head, " ")
	properties = map[string]string{}
	for property := range strings.SplitSeq(list, ",") {
		if key, value, ok := strings.Cut(property, "="); ok {
			properties[key] = strings.NewReplacer("%25", "%", "%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",").Replace(value)
		}
	}
	return kind, properties, strings.NewReplacer("%25", "%", "%0D", "\r", "%0A", "\n").Replace(data)
}

func TestGitHub_nasty(t *testing.T) {
	t.Parallel()
	for name, findings := range reports() {
		text := output(t, diag.GitHub{}, findings)
		for line := range strings.Lines(text) {
			kind, properties, data := command(t, strings.TrimSuffix(line, "\n"))
			if kind != "error" && kind != "warning" && kind != "notice" || data == "" || strings.ContainsAny(line, "\r\x1b") && name != "nasty" {
				t.Errorf("%s: %q", name, line)
			}
			if name != "nasty" {
				continue
			}
			if properties["file"] != strings.ToValidUTF8(nasty, "\uFFFD") || properties["line"] != "1" || properties["title"] != "LINT_X" {
				t.Errorf("properties %q", properties)
			}
		}
	}
}
