package protobuf

import (
	"strconv"
	"strings"
)

// printer writes lines at a level of indentation, in the registry's layout.
type printer struct {
	out   strings.Builder
	level int
	open  bool // the line of a block's head does not end yet
}

func (p *printer) indent(level int) {
	for range level {
		p.out.WriteString("  ")
	}
}

// begin ends the line of the head, if it is open, and indents.
func (p *printer) begin() {
	if p.open {
		p.out.WriteByte('\n')
		p.open = false
	}
	p.indent(p.level)
}

func (p *printer) line(parts ...string) {
	p.begin()
	for _, part := range parts {
		p.out.WriteString(part)
	}
	p.out.WriteByte('\n')
}

// section writes an empty line and then what write writes, if there is
// anything. The first section of a block follows its head at once. An empty
// line is as far indented as the block that it is in.
func (p *printer) section(size int, write func()) {
	if size == 0 {
		return
	}
	if !p.open {
		p.indent(p.level - 1)
		p.out.WriteByte('\n')
	}
	write()
}

// block writes "head {", an indented body, and "}" with a tail. Without a body
// it is one line.
func (p *printer) block(head, tail string, body func()) {
	p.begin()
	p.out.WriteString(head)
	p.out.WriteString(" {")
	p.open = true
	p.level++
	body()
	p.level--
	if !p.open {
		p.indent(p.level)
	}
	p.open = false
	p.out.WriteString("}" + tail + "\n")
}

// options writes each option as a statement.
func (p *printer) options(options []option) {
	for i := range options {
		p.begin()
		p.out.WriteString("option ")
		p.option(&options[i])
		p.out.WriteString(";\n")
	}
}

// statement writes a text with its options: one in its line, several in lines
// of their own.
func (p *printer) statement(text string, options []option) {
	p.begin()
	p.out.WriteString(text)
	switch len(options) {
	case 0:
	case 1:
		p.out.WriteString(" [")
		p.option(&options[0])
		p.out.WriteByte(']')
	default:
		p.out.WriteString(" [")
		p.list(len(options), func(i int) { p.option(&options[i]) })
		p.out.WriteByte(']')
	}
	p.out.WriteString(";\n")
}

// list writes items in lines of their own, with commas between them.
func (p *printer) list(size int, item func(i int)) {
	p.out.WriteByte('\n')
	p.level++
	for i := range size {
		p.indent(p.level)
		item(i)
		if i < size-1 {
			p.out.WriteByte(',')
		}
		p.out.WriteByte('\n')
	}
	p.level--
	p.indent(p.level)
}

// option writes "name = value", with a path as it is.
func (p *printer) option(o *option) {
	name := o.name
	if o.parens {
		name = "(" + name + ")"
	}
	p.out.WriteString(name)
	for o.value.kind == optionKind {
		o = o.value.sub
		p.out.WriteByte('.')
		p.out.WriteString(o.name)
	}
	p.out.WriteString(" = ")
	p.value(&o.value)
}

func (p *printer) value(v *value) {
	switch v.kind {
	case stringKind:
		p.out.WriteString(quote(v.text))
	case listKind:
		p.out.WriteByte('[')
		p.list(len(v.items), func(i int) { p.value(&v.items[i]) })
		p.out.WriteByte(']')
	case mapKind:
		p.out.WriteByte('{')
		p.list(len(v.entries), func(i int) {
			p.out.WriteString(v.entries[i].name)
			p.out.WriteString(": ")
			p.value(&v.entries[i].value)
		})
		p.out.WriteByte('}')
	case optionKind:
		p.option(v.sub)
	default:
		p.out.WriteString(v.text)
	}
}

// quote writes a string with escapes.
func quote(s string) string {
	const special, letters = "\a\b\f\n\r\t\v\\'\"", `abfnrtv\'"`
	if !strings.ContainsAny(s, special) {
		return quoteRaw(s)
	}
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		if at := strings.IndexByte(special, s[i]); at >= 0 {
			b.WriteByte('\\')
			b.WriteByte(letters[at])
		} else {
			b.WriteByte(s[i])
		}
	}
	b.WriteByte('"')
	return b.String()
}

// quoteRaw writes a string without escapes, as the registry does for names.
func quoteRaw(s string) string { return `"` + s + `"` }

func number(n int32) string { return strconv.Itoa(int(n)) }
