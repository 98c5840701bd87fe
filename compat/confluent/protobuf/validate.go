package protobuf

// validator finds names of types that do not exist. Values of maps are not
// looked at, nor what an import says: the registry does not either.
type validator struct {
	schema *Schema
	text   string
	err    *InvalidError
}

// unresolved returns the error for the first name of the root file that no
// type has, or nil.
func (s *Schema) unresolved(text string) *InvalidError {
	v := &validator{schema: s, text: text}
	v.extends(s.home, s.root.extends)
	v.messages(s.home, s.root.messages)
	for i := range s.root.services {
		for _, m := range s.root.services[i].rpcs {
			v.name(s.home, m.request, m.offset)
			v.name(s.home, m.response, m.answerOffset)
		}
	}
	return v.err
}

func (v *validator) messages(in scope, messages []*message) {
	for _, m := range messages {
		inner := in.enter(m.name)
		v.fields(inner, m.fields)
		for i := range m.oneofs {
			v.fields(inner, m.oneofs[i].fields)
			v.groups(inner, m.oneofs[i].groups)
		}
		v.groups(inner, m.groups)
		v.extends(inner, m.extends)
		v.messages(inner, m.messages)
	}
}

func (v *validator) groups(in scope, groups []group) {
	for i := range groups {
		v.fields(in, groups[i].fields)
	}
}

func (v *validator) extends(in scope, extends []extend) {
	for i := range extends {
		v.name(in, extends[i].name, extends[i].offset)
		v.fields(in, extends[i].fields)
	}
}

func (v *validator) fields(in scope, fields []field) {
	for i := range fields {
		f := &fields[i]
		if _, _, isMap := mapTypes(f.typ); !isMap && scalarGroup(f.typ) == notScalar {
			v.name(in, f.typ, f.offset)
		}
	}
}

func (v *validator) name(in scope, name string, offset int) {
	if v.err == nil && v.schema.resolve(in, name) == nil {
		line, column := position(v.text, offset)
		v.err = &InvalidError{
			Message: name + " is not a type of this file, of its imports, or of google/protobuf, google/type and confluent",
			Line:    line, Column: column,
		}
	}
}
