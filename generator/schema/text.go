package schema

import (
	"fmt"
	"math"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
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

// option is the name and the value of an option, as they are written.
type option struct{ name, value string }

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
		w.text.WriteByte('\n')
	}
	for _, path := range d.imports {
		w.line("import %s;", quote(path))
	}
	for _, path := range d.public {
		w.line("import public %s;", quote(path))
	}
	w.block(len(d.options), func(i int) { w.option(d.options[i]) })
	if len(d.messages)+len(d.enums) > 0 {
		w.text.WriteByte('\n')
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
}

// close ends a declaration with a body. An empty one ends on its first line.
func (w *writer) close(empty bool) {
	w.depth--
	if empty {
		w.text.WriteString("}\n")
		return
	}
	w.line("}")
}

// block writes a part of a body: a line break, then its lines. Between two
// parts this leaves an empty line.
func (w *writer) block(n int, write func(i int)) bool {
	if n == 0 {
		return false
	}
	w.text.WriteByte('\n')
	for i := range n {
		write(i)
	}
	return true
}

func (w *writer) option(o option) { w.line("option %s = %s;", o.name, o.value) }

func (w *writer) full(d protoreflect.Descriptor) bool {
	return w.doc.full == nil || w.doc.full[d.FullName()]
}

func (w *writer) named(d protoreflect.Descriptor) bool {
	return w.doc.named == nil || w.doc.named[d.FullName()]
}

func (w *writer) message(m protoreflect.MessageDescriptor) {
	w.open("message %s", m.Name())
	w.close(!w.body(m))
}

// body writes what stands between the braces of a message, and reports whether
// there is anything.
func (w *writer) body(m protoreflect.MessageDescriptor) bool {
	body := w.full(m) && w.members(m)
	messages, enums := w.nestedMessages(m), w.nestedEnums(m)
	if len(messages)+len(enums) == 0 {
		return body
	}
	w.text.WriteByte('\n')
	for _, nested := range messages {
		w.message(nested)
	}
	for _, nested := range enums {
		w.enum(nested)
	}
	return true
}

// members writes what a message says itself, without the types inside it.
func (w *writer) members(m protoreflect.MessageDescriptor) bool {
	fields, oneofs, groups := w.membersOf(m)
	reserved := reservedOf(m)
	options := append(w.features(m), messageOptions(m)...)
	ranges := m.ExtensionRanges()
	body := w.block(len(reserved), func(i int) { w.line("reserved %s;", reserved[i]) })
	body = w.block(len(options), func(i int) { w.option(options[i]) }) || body
	body = w.block(len(fields), func(i int) { w.field(fields[i]) }) || body
	body = w.block(len(oneofs), func(i int) { w.oneof(oneofs[i]) }) || body
	body = w.block(len(groups), func(i int) { w.group(groups[i]) }) || body
	body = w.block(ranges.Len(), func(i int) {
		r := ranges.Get(i)
		w.line("extensions %s;", span(int64(r[0]), int64(r[1])-1, maxTag))
	}) || body
	if w.doc.originals {
		body = w.extends(extensionsOf(m.Extensions())) || body
	}
	return body
}

// membersOf returns the fields of a message that stand alone, its oneofs, and
// its fields that define their type in place.
func (w *writer) membersOf(m protoreflect.MessageDescriptor) (fields []protoreflect.FieldDescriptor,
	oneofs []protoreflect.OneofDescriptor, groups []protoreflect.FieldDescriptor,
) {
	for f := range all(m.Fields()) {
		switch {
		case f.ContainingOneof() != nil && !f.ContainingOneof().IsSynthetic():
		case w.isGroup(f):
			groups = append(groups, f)
		default:
			fields = append(fields, f)
		}
	}
	for o := range all(m.Oneofs()) {
		if !o.IsSynthetic() {
			oneofs = append(oneofs, o)
		}
	}
	return fields, oneofs, groups
}

// isGroup reports whether a field is written as a group, as delimited fields
// are outside editions.
func (w *writer) isGroup(f protoreflect.FieldDescriptor) bool {
	return f.Kind() == protoreflect.GroupKind && w.doc.edition == ""
}

// nestedMessages returns the messages inside a message that stand in the text
// on their own: no map entries, and no groups, which their fields define.
func (w *writer) nestedMessages(m protoreflect.MessageDescriptor) []protoreflect.MessageDescriptor {
	var nested []protoreflect.MessageDescriptor
	for n := range all(m.Messages()) {
		if !n.IsMapEntry() && w.named(n) && (w.doc.edition != "" || !isGroup(n)) {
			nested = append(nested, n)
		}
	}
	return nested
}

func (w *writer) nestedEnums(m protoreflect.MessageDescriptor) []protoreflect.EnumDescriptor {
	var nested []protoreflect.EnumDescriptor
	for n := range all(m.Enums()) {
		if w.named(n) {
			nested = append(nested, n)
		}
	}
	return nested
}

func (w *writer) oneof(o protoreflect.OneofDescriptor) {
	var fields, groups []protoreflect.FieldDescriptor
	for f := range all(o.Fields()) {
		if w.isGroup(f) {
			groups = append(groups, f)
		} else {
			fields = append(fields, f)
		}
	}
	w.open("oneof %s", o.Name())
	body := w.block(len(fields), func(i int) { w.field(fields[i]) })
	body = w.block(len(groups), func(i int) { w.group(groups[i]) }) || body
	w.close(!body)
}

// enum writes an enum, whose parts stand without empty lines between them.
func (w *writer) enum(e protoreflect.EnumDescriptor) {
	w.open("enum %s", e.Name())
	w.text.WriteByte('\n')
	for _, r := range reservedOfEnum(e) {
		w.line("reserved %s;", r)
	}
	for _, o := range append(w.features(e), enumOptions(e)...) {
		w.option(o)
	}
	for v := range all(e.Values()) {
		w.line("%s = %d%s;", v.Name(), v.Number(), w.options(append(w.features(v), valueOptions(v)...)))
	}
	w.close(false)
}

// maxTag is the highest number of a field.
const maxTag = 1<<29 - 1

// span writes a range of numbers, both ends in it, of which limit is the last.
func span(first, last, limit int64) string {
	switch {
	case first == last:
		return fmt.Sprint(first)
	case last == limit:
		return fmt.Sprintf("%d to max", first)
	}
	return fmt.Sprintf("%d to %d", first, last)
}

// reservedOf returns the operands of the reserved statements of a message.
func reservedOf(m protoreflect.MessageDescriptor) []string {
	var ranges []string
	for i := range m.ReservedRanges().Len() {
		r := m.ReservedRanges().Get(i)
		ranges = append(ranges, span(int64(r[0]), int64(r[1])-1, maxTag))
	}
	return reserved(ranges, m.ReservedNames())
}

func reservedOfEnum(e protoreflect.EnumDescriptor) []string {
	var ranges []string
	for i := range e.ReservedRanges().Len() {
		r := e.ReservedRanges().Get(i)
		ranges = append(ranges, span(int64(r[0]), int64(r[1]), math.MaxInt32))
	}
	return reserved(ranges, e.ReservedNames())
}

func reserved(ranges []string, names protoreflect.Names) []string {
	var quoted, operands []string
	for i := range names.Len() {
		quoted = append(quoted, quote(string(names.Get(i))))
	}
	for _, list := range [][]string{ranges, quoted} {
		if len(list) > 0 {
			operands = append(operands, strings.Join(list, ", "))
		}
	}
	return operands
}

// fileOptions returns the options of a file that are kept. Those of Go are for
// this generator alone.
func fileOptions(file protoreflect.FileDescriptor, originals bool) []option {
	o, ok := file.Options().(*descriptorpb.FileOptions)
	if !ok || o == nil {
		return nil
	}
	var options []option
	o.ProtoReflect().Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if keepsFileOption(string(f.Name()), originals) {
			options = append(options, option{string(f.Name()), optionValue(f, v)})
		}
		return true
	})
	sortOptions(options)
	return options
}
