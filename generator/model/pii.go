package model

import (
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/load"
	esgenv1 "github.com/esgen-dev/esgen/proto/esgen/v1"
)

// Path of the subject inside the field option.
const (
	pathFieldPII   = 2
	pathPIISubject = 1
)

// personalData lists the fields of an event that hold personal data, those of
// nested messages included.
func (b *builder) personalData(d *decl) []PersonalData {
	var found []PersonalData
	seen := map[protoreflect.FullName]bool{}
	var visit func(m protoreflect.MessageDescriptor)
	visit = func(m protoreflect.MessageDescriptor) {
		if seen[m.FullName()] {
			return
		}
		seen[m.FullName()] = true
		for i := range m.Fields().Len() {
			field := m.Fields().Get(i)
			if o, ok := load.Option[*esgenv1.FieldOptions](load.Decode(field), esgenv1.E_Field); ok && o.GetPii() != nil {
				b.checkSubject(d, field, o.GetPii().GetSubject())
				found = append(found, PersonalData{
					Field:    field.FullName(),
					Subject:  o.GetPii().GetSubject(),
					Category: o.GetPii().GetCategory(),
				})
			}
			if field.Message() != nil {
				visit(field.Message())
			}
		}
	}
	visit(d.msg.Desc)
	return found
}

// checkSubject checks that the field which names the person is beside the one
// with the data.
func (b *builder) checkSubject(d *decl, field protoreflect.FieldDescriptor, subject string) {
	if subject == "" {
		return
	}
	siblings := field.ContainingMessage().Fields()
	if s := siblings.ByName(protoreflect.Name(subject)); s != nil && s.Kind() == protoreflect.StringKind && s.Cardinality() != protoreflect.Repeated {
		return
	}
	b.report(d, diag.Finding{
		Rule:     rulePIISubject,
		Message:  fmt.Sprintf("%s has no string field %q that could name the person of %s", field.ContainingMessage().Name(), subject, field.Name()),
		Symbol:   string(field.FullName()),
		Position: b.set.OptionPosition(field, int32(esgenv1.E_Field.TypeDescriptor().Number()), pathFieldPII, pathPIISubject),
		Help:     "name a sibling field that holds the person's id, or leave subject out if the aggregate's id does",
	})
}
