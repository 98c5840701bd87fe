package diag_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/diag"
)

func TestJUnit(t *testing.T) {
	t.Parallel()
	again := full()
	again.Message, again.Previous, again.Help = "n", nil, ""
	mild := at(diag.Position{Path: "bank.proto", Line: 9})
	printer := diag.JUnit{
		Limit:  diag.Error,
		Passed: []diag.Check{{Suite: "bank.v1.Opened", Name: "v1 to v2"}, {Suite: "bank.v1.Opened", Name: "v2 to v3"}},
	}
	want := `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="esgen" tests="5" failures="2">
  <testsuite name="bank.v1.Opened" tests="2" failures="0">
    <testcase classname="bank.v1.Opened" name="v1 to v2"></testcase>
    <testcase classname="bank.v1.Opened" name="v2 to v3"></testcase>
  </testsuite>
  <testsuite name="bank.proto" tests="2" failures="1">
    <testcase classname="bank.proto" name="EVENT_UNKNOWN bank.v1.Withdraw">
      <failure type="error" message="&#34;Withdrawed&#34; is not declared">bank.proto:2:10: error: &#34;Withdrawed&#34; is not declared [EVENT_UNKNOWN]&#xA;    was: string owner = 2; (old.proto:7:3)&#xA;    see: Withdraw is declared here (bank.proto:1)&#xA;    help: did you mean &#34;Withdrawn&#34;?&#xA;          run esgen lint&#xA;bank.proto:2:10: error: n [EVENT_UNKNOWN]&#xA;</failure>
    </testcase>
    <testcase classname="bank.proto" name="LINT_X">
      <system-out>bank.proto:9: warning: m [LINT_X]&#xA;</system-out>
    </testcase>
  </testsuite>
  <testsuite name="bank.v1.Gone" tests="1" failures="1">
    <testcase classname="bank.v1.Gone" name="R bank.v1.Gone">
      <failure type="error" message="m">error: m [R]&#xA;</failure>
    </testcase>
  </testsuite>
</testsuites>
`
	gone := diag.Finding{Rule: "R", Severity: diag.Error, Message: "m", Symbol: "bank.v1.Gone"}
	if diff := cmp.Diff(want, output(t, printer, []diag.Finding{full(), mild, again, gone})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// junitReport is what readers of test reports look at.
type junitReport struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Suites   []struct {
		Name  string `xml:"name,attr"`
		Cases []struct {
			Name    string `xml:"name,attr"`
			Failure *struct {
				Message string `xml:"message,attr"`
				Text    string `xml:",chardata"`
			} `xml:"failure"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

func readJUnit(t *testing.T, text string) junitReport {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(text))
	var report junitReport
	if err := decoder.Decode(&report); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) && err != nil {
		t.Errorf("behind the end: %v", err)
	}
	return report
}

func TestJUnit_nasty(t *testing.T) {
	t.Parallel()
	got := readJUnit(t, output(t, diag.JUnit{}, []diag.Finding{hostile(nasty, 1)}))
	if got.Tests != 1 || got.Failures != 1 {
		t.Fatalf("got %+v", got)
	}
	test := got.Suites[0].Cases[0]
	for _, part := range []string{"50% a:b,c ::error::x ##[error]y ]]> --> <b>&amp;\" '`|\\| @me", "é€🙂"} {
		if !strings.Contains(test.Failure.Message, part) || !strings.Contains(test.Failure.Text, part) {
			t.Errorf("%q is not in %q or %q", part, test.Failure.Message, test.Failure.Text)
		}
	}
	if strings.Contains(test.Failure.Text, "\x1b") || !strings.Contains(got.Suites[0].Name, "\n::error::x") {
		t.Errorf("got %q in %q", test.Failure.Text, got.Suites[0].Name)
	}
}
