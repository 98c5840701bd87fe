package diag_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/diag"
)

func TestGitLab(t *testing.T) {
	t.Parallel()
	f := full()
	want := `[
  {
    "description": "\"Withdrawed\" is not declared",
    "check_name": "EVENT_UNKNOWN",
    "fingerprint": "` + f.Fingerprint() + `",
    "severity": "major",
    "location": {
      "path": "bank.proto",
      "lines": {
        "begin": 2
      }
    }
  }
]
`
	if diff := cmp.Diff(want, output(t, diag.GitLab{}, []diag.Finding{f})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := output(t, diag.GitLab{}, nil); got != "[]\n" {
		t.Errorf("without findings: %q", got)
	}
}

// gitlabReport is what GitLab documents of a code quality report.
type gitlabReport []struct {
	Description *string `json:"description"`
	CheckName   *string `json:"check_name"`
	Fingerprint *string `json:"fingerprint"`
	Severity    *string `json:"severity"`
	Location    *struct {
		Path  string `json:"path"`
		Lines struct {
			Begin int `json:"begin"`
		} `json:"lines"`
	} `json:"location"`
}

// readGitLab reads a report and holds it to what GitLab asks for.
func readGitLab(t *testing.T, text string) gitlabReport {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	var report gitlabReport
	if err := decoder.Decode(&report); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	severity := regexp.MustCompile("^(info|minor|major|critical|blocker)$")
	seen := map[string]bool{}
	for _, f := range report {
		switch {
		case f.Description == nil || f.CheckName == nil || f.Fingerprint == nil || f.Severity == nil || f.Location == nil:
			t.Errorf("something is missing: %s", text)
		case *f.Description == "" || f.Location.Path == "" || f.Location.Lines.Begin < 1 || !severity.MatchString(*f.Severity):
			t.Errorf("not valid: %s", text)
		case seen[*f.Fingerprint]:
			t.Errorf("two findings have the fingerprint %s", *f.Fingerprint)
		default:
			seen[*f.Fingerprint] = true
		}
	}
	return report
}

func TestGitLab_reports(t *testing.T) {
	t.Parallel()
	for name, findings := range reports() {
		if got := readGitLab(t, output(t, diag.GitLab{}, findings)); len(got) != len(findings) {
			t.Errorf("%s: %d of %d findings", name, len(got), len(findings))
		}
	}
	f := at(diag.Position{})
	got := readGitLab(t, output(t, diag.GitLab{Tree: diag.Tree{Anchor: "c.yaml"}}, []diag.Finding{f, f, f}))
	if *got[0].Fingerprint != f.Fingerprint() || got[2].Location.Path != "c.yaml" {
		t.Errorf("got %+v", got)
	}
}
