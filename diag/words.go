package diag

import (
	"cmp"
	"fmt"
	"strings"
)

// describe returns everything about a finding but its place and its rule, as
// Text prints it: the message, what it was, and what to do.
func (f Finding) describe() string {
	lines := []string{f.title()}
	for _, p := range f.Previous {
		lines = append(lines, p.label()+" "+p.String())
	}
	if f.Help != "" {
		lines = append(lines, "help: "+strings.TrimSpace(clean(f.Help)))
	}
	return strings.Join(lines, "\n")
}

// title is the message, or something in place of one: no format likes an empty
// message.
func (f Finding) title() string {
	return cmp.Or(oneLine(f.Message), f.Rule, "something is wrong")
}

// label says what a further place is to the finding.
func (p Previous) label() string {
	if p.Old {
		return "was:"
	}
	return "see:"
}

// clean makes readable characters of a text of several lines.
func clean(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = printable([]byte(line))
	}
	return strings.Join(lines, "\n")
}

// plural returns "1 finding" or "2 findings".
func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// summary counts findings by severity: "2 errors, 1 warning".
func summary(findings []Finding) string {
	count := map[Severity]int{}
	for _, f := range findings {
		count[f.Severity]++
	}
	var parts []string
	for _, s := range []Severity{Error, Warning, Info} {
		if count[s] > 0 {
			parts = append(parts, plural(count[s], s.String()))
		}
	}
	if len(parts) == 0 {
		return "no findings"
	}
	return strings.Join(parts, ", ")
}
