package diag_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/diag"
)

func TestMarkdown(t *testing.T) {
	t.Parallel()
	hard := at(diag.Position{})
	hard.Rule, hard.Message = "X_Y", "a|b `c` <d> & *e* @me"
	want := `**esgen**: 1 error, 2 warnings

| | Where | Finding | Rule |
| --- | --- | --- | --- |
| error | bank.proto:2 | "Withdrawed" is not declared<br>was: string owner = 2; (old.proto:7:3)<br>see: Withdraw is declared here (bank.proto:1)<br>help: did you mean "Withdrawn"?<br>run esgen lint | [EVENT\_UNKNOWN](https://github.com/esgen-dev/esgen/blob/main/docs/rules.md#event_unknown) |
| warning |  | a\|b ` + "\\`c\\`" + ` &lt;d&gt; &amp; \*e\* @&#8203;me | X\_Y |
| warning | a\_b.proto | m | [LINT\_X](https://github.com/esgen-dev/esgen/blob/main/docs/rules.md#lint_x) |
`
	got := output(t, diag.Markdown{Rules: rules()}, []diag.Finding{full(), hard, at(diag.Position{Path: "a_b.proto"})})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := output(t, diag.Markdown{}, nil); got != "**esgen**: no findings\n" {
		t.Errorf("without findings: %q", got)
	}
}

// rows holds that each row of a table has four cells, and returns their number.
func rows(t *testing.T, text string) int {
	t.Helper()
	lines := strings.Split(text, "\n")
	n := 0
	for _, line := range lines {
		if !strings.HasPrefix(line, "|") {
			continue
		}
		n++
		cells := strings.NewReplacer(`\\`, "", `\|`, "").Replace(line)
		if strings.Count(cells, "|") != 5 || strings.ContainsAny(strings.ReplaceAll(cells, "<br>", ""), "<>\r\x1b") {
			t.Errorf("not a row of four cells: %q", line)
		}
	}
	return n - 2 // the head and the line below it
}

func TestMarkdown_reports(t *testing.T) {
	t.Parallel()
	for name, findings := range reports() {
		if n := rows(t, output(t, diag.Markdown{}, findings)); len(findings) > 0 && n != len(findings) {
			t.Errorf("%s: %d rows for %d findings", name, n, len(findings))
		}
	}
}

func TestMarkdown_limit(t *testing.T) {
	t.Parallel()
	findings := reports()["many"]
	whole := output(t, diag.Markdown{}, findings)
	for limit := 1; limit < len(whole)+100; limit += 7 {
		text := output(t, diag.Markdown{Limit: limit}, findings)
		switch {
		case len(text) > limit:
			t.Fatalf("%d bytes with the limit %d", len(text), limit)
		case text == "" && limit > 200:
			t.Fatalf("nothing with the limit %d", limit)
		case text != "" && text != whole && !strings.HasSuffix(text, " in the log\n"):
			t.Fatalf("limit %d:\n%s", limit, text)
		}
	}
	// Three rows of one size fit, and so 37 of 40 do not.
	head := strings.Index(whole, "| info")
	row := strings.Index(whole[head:], "\n") + 1
	if text := output(t, diag.Markdown{Limit: head + 3*row + 80}, findings); rows(t, text) != 3 || !strings.Contains(text, "\n\n37 more findings in the log\n") {
		t.Errorf("got %s", text)
	}
}
