package golang

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/dave/jennifer/jen"

	"github.com/esgen-dev/esgen/generator/model"
)

// lineWidth is how long a line of a comment gets, without the slashes.
const lineWidth = 76

// doc writes a comment of several paragraphs.
func doc(g adder, paragraphs ...string) {
	if text := comment(paragraphs...); text != "" {
		g.Add(jen.Comment(text))
	}
}

// comment returns paragraphs as the text of a comment. Empty ones are left
// out.
func comment(paragraphs ...string) string {
	var lines []string
	for _, p := range paragraphs {
		if p == "" {
			continue
		}
		if lines != nil {
			lines = append(lines, "//")
		}
		for line := range strings.SplitSeq(p, "\n") {
			// The blank behind the slashes is also what keeps text such as
			// "go:build" or "line" from becoming a directive.
			lines = append(lines, strings.TrimRight("// "+line, " "))
		}
	}
	return strings.Join(lines, "\n")
}

// adder is a file or a block.
type adder interface {
	Add(code ...jen.Code) *jen.Statement
}

// para makes a paragraph of our own words, wrapped.
func para(format string, args ...any) string {
	return wrap(fmt.Sprintf(format, args...))
}

func wrap(text string) string {
	var out strings.Builder
	column := 0
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
		case column+1+len(word) > lineWidth:
			out.WriteByte('\n')
			column = 0
		default:
			out.WriteByte(' ')
			column++
		}
		out.WriteString(word)
		column += len(word)
	}
	return out.String()
}

// implementations continues a paragraph with a list of message types.
func implementations(goNames []string) string {
	if len(goNames) == 0 {
		return "It is sealed, and has no implementation yet."
	}
	return "It is sealed. The implementations are\n\n  - *" + strings.Join(goNames, "\n  - *")
}

// written returns the comment of a declaration as its author wrote it, with
// the lines kept and without what a Go comment cannot hold.
func written(m *model.Message) string {
	lines := strings.Split(strings.Map(printable, m.Comment), "\n")
	for i, line := range lines {
		line = strings.TrimRight(strings.TrimPrefix(line, " "), " \t")
		if strings.HasPrefix(strings.TrimLeft(line, " \t"), "+build") {
			line = `\` + line // gofmt would make it a build constraint of the file
		}
		lines[i] = line
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// summary returns what a method does, followed by the first paragraph of what
// the author wrote about the message it does it to; or "" when that is nothing.
func summary(does string, m *model.Message) string {
	text := firstParagraph(m)
	if text == "" {
		return ""
	}
	// "Withdraw takes money out" continues "HandleWithdraw decides Withdraw".
	if rest, found := strings.CutPrefix(text, m.GoName+" "); found {
		return para("%s: %s.", does, strings.TrimPrefix(rest, "is "))
	}
	return para("%s. %s.", does, text)
}

// firstParagraph returns the first paragraph that an author wrote, on one line
// and without its full stop.
func firstParagraph(m *model.Message) string {
	var words []string
	for line := range strings.SplitSeq(written(m), "\n") {
		if line == "" || strings.ContainsAny(line[:1], "\t -*#") || strings.HasPrefix(line, "Deprecated:") {
			break
		}
		words = append(words, line)
	}
	return strings.TrimRight(strings.Join(words, " "), ".:,; ")
}

// deprecation returns the paragraph that marks a deprecated declaration, or ""
// where it is not or says so itself.
func deprecation(m *model.Message) string {
	if !m.Deprecated || strings.Contains("\n"+written(m), "\nDeprecated:") {
		return ""
	}
	return "Deprecated: Marked as deprecated in " + m.Desc.ParentFile().Path() + "."
}

// printable drops what Go does not allow in source text, and other control
// characters with it.
func printable(r rune) rune {
	const byteOrderMark = '\uFEFF'
	if r != '\n' && r != '\t' && unicode.IsControl(r) || r == byteOrderMark {
		return -1
	}
	return r
}
