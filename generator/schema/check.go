package schema

import (
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/model"
)

// report adds a finding about a declaration.
func (b *builder) report(at protoreflect.Descriptor, f diag.Finding) {
	if f.Symbol == "" {
		f.Symbol = string(at.FullName())
	}
	if f.Position.IsZero() {
		f.Position = b.set.Position(at)
	}
	b.findings = append(b.findings, f)
}

// syntax chooses the syntax of a text about an event or a file, or reports that
// there is none.
func (b *builder) syntax(file protoreflect.FileDescriptor, of protoreflect.Descriptor, types []protoreflect.Descriptor) (string, bool) {
	syntax, misfits := choose(file, types)
	if len(misfits) == 0 {
		return syntax, true
	}
	name := string(of.Name())
	if f, ok := of.(protoreflect.FileDescriptor); ok {
		name = f.Path()
	}
	f := finding(ruleSyntax)
	f.Message = fmt.Sprintf("%s cannot be written as %s: %s", name, file.Syntax(), misfits[0].reason)
	f.Help = "declare both in the same syntax, or the type in a package of its own: types of other packages are registered by themselves"
	if len(misfits) > 1 {
		f.Message = fmt.Sprintf("%s fits no syntax that a registry reads: as proto3, %s; as proto2, %s", name, misfits[0].reason, misfits[1].reason)
		f.Help = "change the features of one of the two so that all types fit proto3 or proto2; registries read no editions"
	}
	for _, m := range misfits {
		f.Previous = append(f.Previous, diag.Previous{Position: b.set.Position(m.at), Text: m.reason})
	}
	b.report(of, f)
	return "", false
}

// check reports types that can be written but not read by a registry.
func (b *builder) check(types []protoreflect.Descriptor) {
	for _, d := range types {
		m, ok := d.(protoreflect.MessageDescriptor)
		if !ok || b.checked[m.FullName()] || m.ParentFile().Syntax() == protoreflect.Proto3 {
			continue
		}
		b.checked[m.FullName()] = true
		for f := range all(m.Fields()) {
			b.checkGroup(f)
		}
	}
}

// checkGroup reports groups that the parser of a registry does not read.
func (b *builder) checkGroup(field protoreflect.FieldDescriptor) {
	m, ok := typeOfField(field).(protoreflect.MessageDescriptor)
	if !ok {
		return
	}
	f := finding(ruleGroup)
	f.Help = "declare a message and a field of that type; a registry reads groups in their simplest form alone"
	switch {
	case field.Kind() == protoreflect.GroupKind && !plain(m):
		f.Message = fmt.Sprintf("group %s holds more than fields", m.Name())
	case field.Kind() != protoreflect.GroupKind && isGroup(m):
		f.Message = fmt.Sprintf("%s has the type of group %s", field.Name(), m.Name())
	default:
		return
	}
	b.report(field, f)
}

// plain reports whether a message holds ordinary fields alone.
func plain(m protoreflect.MessageDescriptor) bool {
	for range typesOf(m) {
		return false
	}
	for f := range all(m.Fields()) {
		if f.Kind() == protoreflect.GroupKind {
			return false
		}
	}
	return m.Oneofs().Len()+m.ReservedRanges().Len()+m.ReservedNames().Len()+m.ExtensionRanges().Len() == 0
}

// lintOpen reports what an event holds, below its own fields, that may be
// anything. Old events are stored and cannot be edited.
func (b *builder) lintOpen(e *model.Event) {
	if !e.Current() {
		return
	}
	seen := map[protoreflect.FullName]bool{}
	var visit func(m protoreflect.MessageDescriptor, at protoreflect.FieldDescriptor)
	visit = func(m protoreflect.MessageDescriptor, at protoreflect.FieldDescriptor) {
		if seen[m.FullName()] {
			return
		}
		seen[m.FullName()] = true
		for need, field := range needs(m) {
			nested, ok := need.(protoreflect.MessageDescriptor)
			if !ok {
				continue
			}
			here := field
			if at != nil && isBuiltin(m.ParentFile().Path()) {
				here = at // the last place that a user can change
			}
			if isOpen(nested) && (m != e.Desc || field.IsMap()) {
				b.reportOpen(here, nested)
			}
			if !isOpen(nested) {
				visit(nested, here)
			}
		}
	}
	if e.Desc.ExtensionRanges().Len() > 0 {
		f := finding(ruleOpen)
		f.Message = fmt.Sprintf("%s can be extended by anybody", e.Desc.Name())
		f.Help = "declare the fields in the event, so that a schema can say whether a change is safe"
		b.report(e.Desc, f)
	}
	visit(e.Desc, nil)
}

func (b *builder) reportOpen(field protoreflect.FieldDescriptor, m protoreflect.MessageDescriptor) {
	f := finding(ruleOpen)
	f.Message = fmt.Sprintf("%s of %s may hold anything: %s is open", field.Name(), field.ContainingMessage().Name(), m.FullName())
	f.Help = "list what it may hold in a oneof, so that a schema can say whether a change is safe"
	b.report(field, f)
}

func isOpen(m protoreflect.MessageDescriptor) bool {
	return m.FullName() == "google.protobuf.Any" || m.ExtensionRanges().Len() > 0
}
