package schema

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// Syntaxes of Protobuf that a registry reads.
const (
	proto2 = "proto2"
	proto3 = "proto3"
)

// document is a text to be written: which types of which package, in which
// syntax.
type document struct {
	syntax   string
	pkg      protoreflect.FullName
	imports  []string
	public   []string
	options  []option
	messages []protoreflect.MessageDescriptor
	enums    []protoreflect.EnumDescriptor

	// Only in text for people and their code generators.
	extensions []protoreflect.ExtensionDescriptor
	services   []protoreflect.ServiceDescriptor
	originals  bool
	edition    string // e.g. "2023", in place of the syntax

	// full says whether a type is defined, and named whether it has to be there
	// because it is, or a type inside it. Nil means all of them.
	full, named map[protoreflect.FullName]bool
}

// String returns the text. Its parts stand in the order and the white space
// that registries give to every text they are handed.
func (d *document) String() string {
	w := &writer{doc: d}
	if d.edition != "" {
		w.line("edition = %q;", d.edition)
	} else {
		w.line("syntax = %q;", d.syntax)
	}
	if d.pkg != "" {
		w.line("package %s;", d.pkg)
	}
	if len(d.imports)+len(d.public) > 0 {
		w.part()
	}
	for _, path := range d.imports {
		w.line("import %s;", quote(path))
	}
	for _, path := range d.public {
		w.line("import public %s;", quote(path))
	}
	w.block(len(d.options), func(i int) { w.option(d.options[i]) })
	if len(d.messages)+len(d.enums) > 0 {
		w.part()
	}
	for _, m := range d.messages {
		w.message(m)
	}
	for _, e := range d.enums {
		w.enum(e)
	}
	w.extends(d.extensions)
	w.block(len(d.services), func(i int) { w.service(d.services[i]) })
	return w.text.String()
}

// writer writes declarations, each on lines of its own.
type writer struct {
	doc   *document
	text  strings.Builder
	depth int
	// opened is set while the line of a declaration waits for its body.
	opened bool
}

func (w *writer) line(format string, args ...any) {
	for range w.depth {
		w.text.WriteString("  ")
	}
	fmt.Fprintf(&w.text, format, args...)
	w.text.WriteByte('\n')
}

// open begins a declaration with a body. Its line ends with the first part of
// the body, or with the brace that closes it.
func (w *writer) open(format string, args ...any) {
	for range w.depth {
		w.text.WriteString("  ")
	}
	fmt.Fprintf(&w.text, format, args...)
	w.text.WriteString(" {")
	w.depth++
	w.opened = true
}

// close ends a declaration with a body. An empty one ends on its first line.
func (w *writer) close(empty bool) {
	w.depth--
	w.opened = false
	if empty {
		w.text.WriteString("}\n")
		return
	}
	w.line("}")
}

// part begins a part of a body: the first ends the line of the declaration, the
// others stand behind an empty line, which registries indent as all other lines
// inside something else.
func (w *writer) part() {
	if !w.opened && !w.doc.originals {
		for range w.depth - 1 {
			w.text.WriteString("  ")
		}
	}
	w.opened = false
	w.text.WriteByte('\n')
}

// block writes a part of a body, if there are lines in it, and reports whether
// there are.
func (w *writer) block(n int, write func(i int)) bool {
	if n == 0 {
		return false
	}
	w.part()
	for i := range n {
		write(i)
	}
	return true
}

func (w *writer) option(o option) { w.line("option %s = %s;", o.name, o.value) }
