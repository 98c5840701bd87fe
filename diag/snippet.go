package diag

import (
	"bufio"
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxSnippet is the length from which on a line is not worth showing, in bytes.
const maxSnippet = 400

// snippet writes the line of the source and marks the span below it. A span of
// several lines is marked up to the end of its first line.
func (t Text) snippet(w *bufio.Writer, f Finding) {
	if t.Source == nil || f.Position.Line < 1 {
		return
	}
	line, ok := nthLine(t.Source(f.Position.Path), f.Position.Line)
	if !ok || len(line) > maxSnippet || len(bytes.TrimSpace(line)) == 0 {
		return
	}
	start, end := span(f.Position, len(line))
	number := strconv.Itoa(f.Position.Line)
	blank := strings.Repeat(" ", len(number))
	style := styleOf(t.Color)
	gutter := func(label, rest string) {
		_, _ = w.WriteString(indent)
		style.write(w, style.gutter, label+" |")
		_, _ = w.WriteString(rest)
	}
	gutter(blank, "\n")
	gutter(number, " "+printable(line)+"\n")
	gutter(blank, " "+padding(line[:start]))
	style.write(w, style.severity(f.Severity), strings.Repeat("^", max(1, utf8.RuneCount(line[start:end]))))
	_ = w.WriteByte('\n')
}

// span returns the bytes of the line that a position marks.
func span(p Position, length int) (start, end int) {
	start = min(max(p.Column-1, 0), length)
	switch {
	case p.EndLine > p.Line || p.Column == 0:
		end = length
	case p.EndLine == p.Line:
		end = min(max(p.EndColumn-1, start), length)
	default:
		end = start
	}
	return start, end
}

func nthLine(text []byte, n int) ([]byte, bool) {
	for ; n > 1; n-- {
		_, rest, ok := bytes.Cut(text, []byte("\n"))
		if !ok {
			return nil, false
		}
		text = rest
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return bytes.TrimRight(line, "\r"), len(text) > 0
}

// printable replaces what could confuse a terminal. One character stays one.
func printable(line []byte) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || unicode.IsPrint(r) {
			return r
		}
		return utf8.RuneError
	}, string(line))
}

// padding is as wide as the text: tabs stay tabs. Characters that take two
// cells are taken for one.
func padding(text []byte) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, string(text))
}
