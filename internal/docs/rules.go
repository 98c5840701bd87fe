package docs

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// rule is a rule as "esgen rules --format json" prints it.
type rule struct {
	ID       string `json:"id"`
	Severity string `json:"severity"`
	Category string `json:"category"`
	Fixed    bool   `json:"fixed"`
	Title    string `json:"title"`
	Explain  string `json:"explain"`
	Example  string `json:"example"`
}

// Rules returns the page about the rules. The argument is what
// "esgen rules --format json" prints.
func Rules(printed []byte) (string, error) {
	var list struct {
		Rules []rule `json:"rules"`
	}
	if err := json.Unmarshal(printed, &list); err != nil {
		return "", fmt.Errorf("the list of rules: %w", err)
	}
	var out strings.Builder
	out.WriteString("# Rules\n\n" + edited)
	out.WriteString("What esgen may find, by category. `esgen rules` prints the list, and `esgen rules ID` one of them.\n\n" +
		"Rules of the category *lint* can be switched off or given another severity in the configuration,\n" +
		"and for one declaration by a comment above it, with a reason:\n\n" +
		"    // esgen:ignore EVENT_NAME_PAST_TENSE the name is a term of the trade\n\n" +
		"Breaks of the category *compat* can be approved one by one, see [the gate](gate.md). All others say that code could\n" +
		"not be generated, would not compile, or would not be what was declared.\n\n")
	for _, category := range categories(list.Rules) {
		fmt.Fprintf(&out, "## %s\n\n", category)
		for _, r := range list.Rules {
			if r.Category == category {
				r.write(&out)
			}
		}
	}
	return strings.TrimRight(out.String(), "\n") + "\n", nil
}

func (r rule) write(out *strings.Builder) {
	fmt.Fprintf(out, "### %s\n\n*%s*: %s.\n\n%s\n\n", r.ID, r.Severity, r.Title, r.Explain)
	if r.Example != "" {
		for line := range strings.Lines(r.Example) {
			out.WriteString("    " + strings.TrimRight(line, "\n") + "\n")
		}
		out.WriteString("\n")
	}
}

func categories(rules []rule) []string {
	var found []string
	for _, r := range rules {
		if !slices.Contains(found, r.Category) {
			found = append(found, r.Category)
		}
	}
	slices.Sort(found)
	return found
}
