package diag

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Markdown prints findings as a table in the Markdown of GitHub and GitLab, for
// a comment on a change or the summary of a job.
type Markdown struct {
	Rules []Rule // from which the links come
	Tree  Tree
	// Limit is how many bytes there may be; 0 is no limit. Where they do not
	// suffice for all findings, the table ends with the number of the others.
	// Too small a limit for that leaves out everything.
	Limit int
}

// Print writes the findings in the order given. The error is the writer's.
func (m Markdown) Print(w io.Writer, findings []Finding) error {
	if _, err := io.WriteString(w, m.text(findings)); err != nil {
		return fmt.Errorf("print the findings: %w", err)
	}
	return nil
}

func (m Markdown) text(findings []Finding) string {
	const reserve = len("\n\n99999999 more findings in the log\n")
	rules := byID(m.Rules)
	var out strings.Builder
	fmt.Fprintf(&out, "**esgen**: %s\n", summary(findings))
	if len(findings) > 0 {
		out.WriteString("\n| | Where | Finding | Rule |\n| --- | --- | --- | --- |\n")
	}
	if m.Limit > 0 && out.Len()+reserve > m.Limit {
		return ""
	}
	for i, f := range findings {
		row := m.row(f, rules)
		if m.Limit > 0 && out.Len()+len(row)+reserve > m.Limit {
			fmt.Fprintf(&out, "\n%s in the log\n", plural(len(findings)-i, "more finding"))
			break
		}
		out.WriteString(row)
	}
	return out.String()
}

func (m Markdown) row(f Finding, rules map[string]Rule) string {
	where := ""
	if p := m.Tree.place(f.Position); p.Path != "" {
		where = escapeMarkdown(clean(p.Path))
		if p.Line > 0 {
			where += ":" + strconv.Itoa(p.Line)
		}
	}
	id := escapeMarkdown(clean(f.Rule))
	if rule, ok := rules[f.Rule]; ok {
		id = "[" + id + "](" + rule.URL() + ")"
	}
	return "| " + f.Severity.String() + " | " + where + " | " + escapeMarkdown(f.describe()) + " | " + id + " |\n"
}

// escapeMarkdown returns a text that Markdown shows as it is, in one cell of a
// table. Nobody is told when a text has his name behind an at sign.
func escapeMarkdown(text string) string {
	var out strings.Builder
	for _, r := range text {
		switch r {
		case '\\', '`', '*', '_', '{', '}', '[', ']', '|', '~', '#', '!', '$':
			out.WriteString(`\` + string(r))
		case '&':
			out.WriteString("&amp;")
		case '<':
			out.WriteString("&lt;")
		case '>':
			out.WriteString("&gt;")
		case '@':
			out.WriteString("@&#8203;")
		case '\n':
			out.WriteString("<br>")
		case '\r':
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
