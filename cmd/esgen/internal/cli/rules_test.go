package cli

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/esgen-dev/esgen/diag"
)

// TestRules_style holds the whole rule table to what package diag says of the
// wording.
func TestRules_style(t *testing.T) {
	t.Parallel()
	id := regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$`)
	seen := map[string]bool{}
	for _, r := range newApp(Env{Getenv: func(string) string { return "" }}).rules {
		first, _ := utf8.DecodeRuneInString(r.Title)
		switch {
		case !id.MatchString(r.ID):
			t.Errorf("%s: not an id", r.ID)
		case seen[r.ID]:
			t.Errorf("%s: twice", r.ID)
		case r.Category == "" || r.Severity < diag.Info || r.Severity > diag.Error:
			t.Errorf("%s: category %q, severity %v", r.ID, r.Category, r.Severity)
		case r.Title == "" || len(r.Title) > 60 || strings.HasSuffix(r.Title, "."):
			t.Errorf("%s: title %q (%d characters)", r.ID, r.Title, len(r.Title))
		case unicode.IsUpper(first) && !strings.HasPrefix(r.Title, "Go ") && !strings.HasPrefix(r.Title, "Protobuf "):
			t.Errorf("%s: title %q", r.ID, r.Title)
		case !strings.HasSuffix(r.Explain, "."):
			t.Errorf("%s: the explanation is no sentence: %q", r.ID, r.Explain)
		case strings.Contains(strings.ToLower(r.Title+r.Explain), "illegal"):
			t.Errorf("%s: nothing is illegal", r.ID)
		}
		seen[r.ID] = true
	}
}
