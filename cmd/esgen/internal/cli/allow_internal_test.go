package cli

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/esgen-dev/esgen/compat"
)

// FuzzAddApprovals holds that approvals are added to whatever is YAML, or that
// it says why not, and that what stood there is still there.
func FuzzAddApprovals(f *testing.F) {
	for _, text := range []string{
		"version: v1\n", "version: v1", "version: v1\r\ncompat:\r\n  level: full\r\n",
		"version: v1\ncompat:\n", "version: v1\ncompat: {}\n", "version: v1\ncompat: {allow: [{rule: A}]}\n",
		"{version: v1}", "{}", "compat:\n  allow:\n  - rule: A\n    reason: |\n      long\n\n      text\nversion: v1\n",
		"x: &a { allow: [] }\ncompat: *a\n", "compat:\n  allow: null\n", "compat: ~\n", "---\nversion: v1\n...\n",
		"compat:\n  # none\n  allow:\n\n\n# end", "\"compat\":\n  \"allow\": []\n", "? compat\n: allow:\n  - rule: A\n",
	} {
		f.Add(text)
	}
	drafts := []compat.Approval{
		{Rule: "EVENT_VANISHED", Symbol: "a.B", Fingerprint: "0123456789ab", Until: "2027-01-31"},
		{Rule: "REPLAY_FIELD_TYPE", Symbol: "a.C.d", Fingerprint: "ba9876543210", Until: "2027-01-31"},
	}
	f.Fuzz(func(t *testing.T, text string) {
		var doc yaml.Node
		if err := yaml.Unmarshal([]byte(text), &doc); err != nil || len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
			t.Skip("it is no configuration")
		}
		before := approvalsIn([]byte(text))
		added, err := addApprovals([]byte(text), drafts)
		if err != nil {
			return
		}
		if got := approvalsIn(added); got != before+len(drafts) {
			t.Errorf("%d approvals, of %d and %d\n%s", got, before, len(drafts), added)
		}
	})
}

// TestAddApprovals_crlf keeps the ends of lines.
func TestAddApprovals_crlf(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"version: v1\r\n", "version: v1\r\ncompat:\r\n  allow:\r\n  - rule: A\r\n"} {
		added, err := addApprovals([]byte(text), []compat.Approval{{Rule: "B"}})
		if err != nil || strings.Count(string(added), "\n") != strings.Count(string(added), "\r\n") || approvalsIn(added) < 1 {
			t.Errorf("%v: %q", err, added)
		}
	}
}
