package diag

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Text prints findings for people, editors and grep: one line per finding that
// starts with its position, and everything else about it indented below.
//
//	bank.proto:14:40: error: event "Withdrawed" is not declared [EVENT_UNKNOWN]
//	       |
//	    14 |   option (esgen.v1.command) = { emits: "Withdrawed" };
//	       |                                        ^^^^^^^^^^^^
//	    help: did you mean "Withdrawn"?
//
// The zero value prints plain text without snippets.
type Text struct {
	Color    bool // ANSI colours; no meaning is carried by colour alone
	Snippets bool // the lines of the source, where Source has them
	Width    int  // at which help is wrapped; default and limit: 100
	// Source returns the text of a file by the path of a position, or nil.
	Source func(path string) []byte
}

const (
	indent   = "    "
	maxWidth = 100
)

// Print writes the findings in the order given. The error is the writer's.
func (t Text) Print(w io.Writer, findings []Finding) error {
	buf := bufio.NewWriter(w)
	for _, f := range findings {
		t.finding(buf, f)
	}
	return buf.Flush() //nolint:wrapcheck // the caller knows what it gave
}

func (t Text) finding(w *bufio.Writer, f Finding) {
	style := styleOf(t.Color)
	if at := f.Position.String(); at != "" {
		style.write(w, style.path, printable([]byte(at))+":")
		_ = w.WriteByte(' ')
	}
	style.write(w, style.severity(f.Severity), f.Severity.String()+":")
	_, _ = w.WriteString(" " + oneLine(f.Message))
	if f.Rule != "" {
		_ = w.WriteByte(' ')
		style.write(w, style.rule, "["+f.Rule+"]")
	}
	_ = w.WriteByte('\n')
	if t.Snippets {
		t.snippet(w, f)
	}
	for _, p := range f.Previous {
		_, _ = w.WriteString(indent)
		style.write(w, style.note, p.label())
		_, _ = w.WriteString(" " + p.String() + "\n")
	}
	if f.Help != "" {
		t.help(w, clean(f.Help))
	}
}

// help writes a wrapped paragraph per line of the text.
func (t Text) help(w *bufio.Writer, text string) {
	style := styleOf(t.Color)
	const label = "help:"
	width := maxWidth
	if t.Width > 0 {
		width = min(t.Width, maxWidth)
	}
	_, _ = w.WriteString(indent)
	style.write(w, style.help, label)
	hang := strings.Repeat(" ", len(indent)+len(label)+1)
	before := " "
	for paragraph := range strings.Lines(text) {
		for _, line := range wrap(strings.TrimRight(paragraph, "\n"), width-len(hang)) {
			_, _ = w.WriteString(before + line + "\n")
			before = hang
		}
	}
}

// Wrap breaks a text into lines that are easy to read on every terminal.
func Wrap(text string) []string {
	const comfortable = 80
	var lines []string
	for paragraph := range strings.Lines(text) {
		lines = append(lines, wrap(strings.TrimRight(paragraph, "\n"), comfortable)...)
	}
	return lines
}

// wrap breaks a text at spaces into lines of at most width characters. A word
// that is longer stays whole: it may be a path or a command.
func wrap(text string, width int) []string {
	if len([]rune(text)) <= width {
		return []string{text}
	}
	var lines []string
	line, length := "", 0
	for word := range strings.FieldsSeq(text) {
		n := len([]rune(word))
		if length > 0 && length+1+n > width {
			lines = append(lines, line)
			line, length = "", 0
		}
		if length > 0 {
			line += " "
			length++
		}
		line += word
		length += n
	}
	return append(lines, line)
}

// String returns "path:line:column", without what is unknown.
func (p Position) String() string {
	switch {
	case p.Path == "" || p.Line == 0:
		return p.Path
	case p.Column == 0:
		return p.Path + ":" + strconv.Itoa(p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.Path, p.Line, p.Column)
}

// String returns the text and, in parentheses, the version and the position.
func (p Previous) String() string {
	at := oneLine(p.at())
	switch {
	case at == "":
		return oneLine(p.Text)
	case p.Text == "":
		return at
	}
	return oneLine(p.Text) + " (" + at + ")"
}

// at returns "v3, schemas/bank.v1.Opened/3.proto:16" or, without a file,
// "v3 of bank.v1.Opened, line 16". What is unknown is left out.
func (p Previous) at() string {
	var parts []string
	if p.Version > 0 {
		parts = append(parts, "v"+strconv.Itoa(p.Version))
	}
	if p.Path != "" {
		return strings.Join(append(parts, p.Position.String()), ", ")
	}
	if p.Subject != "" {
		parts = []string{strings.Join(append(parts, p.Subject), " of ")}
	}
	if p.Line > 0 {
		parts = append(parts, "line "+strconv.Itoa(p.Line))
	}
	return strings.Join(parts, ", ")
}

// oneLine makes a line of a message. Names in it may be anything: what could
// confuse a terminal is replaced, and what nobody would read is left out.
func oneLine(text string) string {
	const longest, head, tail = 1000, 400, 200
	line := printable([]byte(strings.Join(strings.Fields(text), " ")))
	if len(line) > longest {
		line = strings.ToValidUTF8(line[:head]+" ... "+line[len(line)-tail:], "")
	}
	return line
}
