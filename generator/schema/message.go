package schema

import "google.golang.org/protobuf/reflect/protoreflect"

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
	w.part()
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
	reserved := w.reservedOf(m)
	options := w.messageOptions(m)
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

// isDefinedInPlace reports whether a field or an extension of the text defines
// the message.
func (w *writer) isDefinedInPlace(m protoreflect.MessageDescriptor) bool {
	return w.doc.edition == "" && (isGroup(m) || w.doc.originals && isExtensionGroup(m))
}

// nestedMessages returns the messages inside a message that stand in the text
// on their own: no map entries, and no groups, which their fields define.
func (w *writer) nestedMessages(m protoreflect.MessageDescriptor) []protoreflect.MessageDescriptor {
	var nested []protoreflect.MessageDescriptor
	for n := range all(m.Messages()) {
		if !n.IsMapEntry() && w.named(n) && !w.isDefinedInPlace(n) {
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
	w.part()
	for _, r := range w.reservedOfEnum(e) {
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
