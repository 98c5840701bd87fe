package protobuf

import (
	"fmt"
	"strconv"
	"strings"
)

// maxDepth is how deep messages, map types and values of options may nest.
// The registry has no limit of its own: its stack ends somewhere behind this.
const maxDepth = 256

// reader cuts a text into words, strings and single characters. After the
// first error it stands at the end of the text, so that every loop ends.
type reader struct {
	text  string
	pos   int
	depth int
	err   *InvalidError
}

// fail notes an error at an offset. The first one stays.
func (r *reader) fail(offset int, format string, args ...any) {
	if r.err == nil {
		line, column := position(r.text, offset)
		r.err = &InvalidError{Message: fmt.Sprintf(format, args...), Line: line, Column: column}
	}
	r.pos = len(r.text)
}

// position returns line and column of an offset, both from 1.
func position(text string, offset int) (line, column int) {
	before := text[:min(offset, len(text))]
	return 1 + strings.Count(before, "\n"), len(before) - strings.LastIndexByte(before, '\n')
}

// enter goes one level deeper and reports whether that is allowed.
func (r *reader) enter() bool {
	r.depth++
	if r.depth > maxDepth {
		r.fail(r.pos, "nested more than %d levels deep", maxDepth)
	}
	return r.depth <= maxDepth
}

func (r *reader) leave() { r.depth-- }

// skip goes behind white space and comments.
func (r *reader) skip() {
	for r.pos < len(r.text) {
		switch r.text[r.pos] {
		case ' ', '\t', '\r', '\n':
			r.pos++
		case '/':
			r.comment()
		default:
			return
		}
	}
}

func (r *reader) comment() {
	rest := r.text[r.pos:]
	switch {
	case strings.HasPrefix(rest, "//"):
		if end := strings.IndexByte(rest, '\n'); end >= 0 {
			r.pos += end + 1
			return
		}
		r.pos = len(r.text)
	case strings.HasPrefix(rest, "/*"):
		end := strings.Index(rest[2:], "*/")
		if end < 0 {
			r.fail(r.pos, "comment without an end")
			return
		}
		r.pos += end + 4
	default:
		r.fail(r.pos, "expected a comment behind /")
	}
}

// trailing goes behind a comment in the rest of the line, as the registry does
// behind fields, constants and reserved. Behind a block comment there, the line
// has to end.
func (r *reader) trailing() {
	for r.pos < len(r.text) && (r.text[r.pos] == ' ' || r.text[r.pos] == '\t') {
		r.pos++
	}
	if !strings.HasPrefix(r.text[r.pos:], "/*") {
		return // white space, or a comment that ends with the line
	}
	r.comment()
	for r.pos < len(r.text) && (r.text[r.pos] == ' ' || r.text[r.pos] == '\t') {
		r.pos++
	}
	if r.pos < len(r.text) && r.text[r.pos] != '\n' {
		r.fail(r.pos, "nothing may follow a comment behind a field, a constant or reserved in its line")
	}
}

// peek returns the next character and stays in front of it; 0 is the end.
func (r *reader) peek() byte {
	r.skip()
	if r.pos == len(r.text) {
		return 0
	}
	return r.text[r.pos]
}

// accept goes behind c if it is the next character.
func (r *reader) accept(c byte) bool {
	if r.peek() != c || r.pos == len(r.text) {
		return false
	}
	r.pos++
	return true
}

// require goes behind c, which has to be there.
func (r *reader) require(c byte) {
	if !r.accept(c) {
		r.fail(r.pos, "expected %q, found %s", string(c), r.found())
	}
}

// closed reports whether the block that is being read ends here.
func (r *reader) closed() bool {
	if r.accept('}') || r.err != nil {
		return true
	}
	if r.pos == len(r.text) {
		r.fail(r.pos, "expected %q, found the end", "}")
		return true
	}
	return false
}

// found names what stands next, for messages.
func (r *reader) found() string {
	rest := []rune(r.text[r.pos:min(len(r.text), r.pos+4)])
	if len(rest) == 0 {
		return "the end"
	}
	return strconv.Quote(string(rest[:1]))
}

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '.' || c == '-'
}

// word reads a name, a dotted name, a keyword or a number: they look the same.
func (r *reader) word() string {
	r.skip()
	start := r.pos
	for r.pos < len(r.text) && isWord(r.text[r.pos]) {
		r.pos++
	}
	if start == r.pos {
		r.fail(r.pos, "expected a word, found %s", r.found())
		return ""
	}
	return r.text[start:r.pos]
}

// name reads a word, which may stand in parentheses or brackets.
func (r *reader) name() string {
	for _, pair := range [...]string{"()", "[]"} {
		if r.accept(pair[0]) {
			name := r.word()
			r.require(pair[1])
			return name
		}
	}
	return r.word()
}

// identifier reads the name of a field or a constant.
func (r *reader) identifier() string {
	r.skip()
	start := r.pos
	return r.checked(start, r.name())
}

// checked refuses an identifier that begins with a digit.
func (r *reader) checked(offset int, name string) string {
	if name != "" && '0' <= name[0] && name[0] <= '9' {
		r.fail(offset, "%s begins with a digit: names of fields and constants do not", name)
	}
	return name
}

// integer reads a number of 32 bits, decimal or hexadecimal.
func (r *reader) integer() int32 {
	r.skip()
	start := r.pos
	return r.number(start, r.word())
}

func (r *reader) number(offset int, word string) int32 {
	digits, base := word, 10
	if strings.HasPrefix(word, "0x") || strings.HasPrefix(word, "0X") {
		digits, base = word[2:], 16
	}
	n, err := strconv.ParseInt(digits, base, 32)
	if err != nil && r.err == nil {
		r.fail(offset, "expected an integer of 32 bits, found %s", word)
	}
	return int32(n)
}

// stringOrWord reads a quoted string, or a word in its place.
func (r *reader) stringOrWord() string {
	if c := r.peek(); c == '"' || c == '\'' {
		return r.quoted()
	}
	return r.word()
}

// quoted reads a string. Strings next to each other are one.
func (r *reader) quoted() string {
	first, plain := r.literal()
	if c := r.peek(); plain && c != '"' && c != '\'' {
		return first
	}
	var all strings.Builder
	all.WriteString(first)
	for c := r.peek(); c == '"' || c == '\''; c = r.peek() {
		next, _ := r.literal()
		all.WriteString(next)
	}
	return all.String()
}

// literal reads one string. It is plain when it stands in the text as it is.
func (r *reader) literal() (content string, plain bool) {
	start, quote := r.pos, r.peek()
	if quote != '"' && quote != '\'' {
		r.fail(r.pos, "expected a string, found %s", r.found())
		return "", true
	}
	r.pos++
	begin := r.pos
	for r.pos < len(r.text) && r.text[r.pos] != quote && r.text[r.pos] != '\\' {
		r.pos++
	}
	if r.pos < len(r.text) && r.text[r.pos] == quote {
		r.pos++
		return r.text[begin : r.pos-1], true
	}
	var b strings.Builder
	b.WriteString(r.text[begin:r.pos])
	for r.pos < len(r.text) {
		c := r.text[r.pos]
		r.pos++
		switch c {
		case quote:
			return b.String(), false
		case '\\':
			r.escape(&b)
		default:
			b.WriteByte(c)
		}
	}
	r.fail(start, "string without an end")
	return "", true
}

// escape reads what stands behind a backslash. A number is a code point, not
// a byte.
func (r *reader) escape(b *strings.Builder) {
	if r.pos == len(r.text) {
		return
	}
	c := r.text[r.pos]
	r.pos++
	switch c {
	case 'a', 'b', 'f', 'n', 'r', 't', 'v':
		b.WriteByte("\a\b\f\n\r\t\v"[strings.IndexByte("abfnrtv", c)])
	case 'x', 'X':
		r.codePoint(b, 16, 2)
	case '0', '1', '2', '3', '4', '5', '6', '7':
		r.pos--
		r.codePoint(b, 8, 3)
	default:
		b.WriteByte(c)
	}
}

func (r *reader) codePoint(b *strings.Builder, base, most int) {
	start := r.pos
	for r.pos < len(r.text) && r.pos-start < most {
		if _, err := strconv.ParseUint(r.text[r.pos:r.pos+1], base, 8); err != nil {
			break
		}
		r.pos++
	}
	n, err := strconv.ParseUint(r.text[start:r.pos], base, 16)
	if err != nil {
		r.fail(start, "expected a digit in an escape sequence")
		return
	}
	b.WriteRune(rune(n))
}
