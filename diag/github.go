package diag

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// GitHub prints findings as workflow commands, which GitHub shows beside the
// lines of a change. It shows ten annotations of a kind for a step and drops
// the rest: GitHub prints the worst ones, and then how many more there are. So
// print [Text] too.
type GitHub struct {
	Tree Tree
}

// maxAnnotations is how many annotations of a kind GitHub shows for a step.
const maxAnnotations = 10

// Print writes the findings, the worst ones first. The error is the writer's.
func (g GitHub) Print(w io.Writer, findings []Finding) error {
	worstFirst := slices.Clone(findings)
	slices.SortStableFunc(worstFirst, func(a, b Finding) int { return cmp.Compare(b.Severity, a.Severity) })
	count := map[string]int{}
	for _, f := range worstFirst {
		count[command(f.Severity)]++
	}
	const notice = "notice"
	limit := map[string]int{"error": maxAnnotations, "warning": maxAnnotations, notice: maxAnnotations}
	more := func() (n int) {
		for kind, found := range count {
			n += max(0, found-limit[kind])
		}
		return n
	}
	if more() > 0 {
		limit[notice]-- // for the one that says how many more there are
	}
	left := more()
	buf := bufio.NewWriter(w)
	for _, f := range worstFirst {
		if kind := command(f.Severity); limit[kind] > 0 {
			limit[kind]--
			g.annotation(buf, kind, f)
		}
	}
	if left > 0 {
		_, _ = fmt.Fprintf(buf, "::notice title=esgen::%s in the log\n", plural(left, "more finding"))
	}
	return buf.Flush() //nolint:wrapcheck // the caller knows what it gave
}

// command returns the workflow command for a severity.
func command(s Severity) string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	case Info:
	}
	return "notice"
}

func (g GitHub) annotation(w *bufio.Writer, kind string, f Finding) {
	p := g.Tree.place(f.Position)
	var properties []string
	text := func(key, value string) {
		if value != "" {
			properties = append(properties, key+"="+escapeProperty(value))
		}
	}
	number := func(key string, n int) {
		if n > 0 {
			properties = append(properties, key+"="+strconv.Itoa(n))
		}
	}
	text("file", p.Path)
	number("line", p.Line)
	number("col", p.Column)
	number("endLine", p.EndLine)
	number("endColumn", p.EndColumn)
	text("title", f.Rule)
	head := "::" + kind
	if len(properties) > 0 {
		head += " " + strings.Join(properties, ",")
	}
	_, _ = w.WriteString(head + "::" + escapeData(f.describe()) + "\n")
}

// escapeData escapes what would end the message of a workflow command.
func escapeData(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(clean(text))
}

// escapeProperty escapes what would end a property of a workflow command.
func escapeProperty(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(strings.ToValidUTF8(text, "\uFFFD"))
}
