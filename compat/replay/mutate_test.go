package replay_test

import (
	"slices"
	"strings"
)

// mutation changes a schema in one way, or does nothing if it finds nothing to
// change. Some lead to text that is no schema; such pairs are left out.
type mutation struct {
	name  string
	apply func(g *generator, s *schema)
}

// onField makes a mutation of one that works on a field.
func onField(name string, want func(s *schema, f *field) bool, apply func(g *generator, s *schema, m *message, f *field)) mutation {
	return mutation{name, func(g *generator, s *schema) {
		type place struct {
			m *message
			f *field
		}
		var places []place
		for _, m := range s.messages {
			for _, f := range m.fields {
				if want(s, f) {
					places = append(places, place{m, f})
				}
			}
		}
		if len(places) > 0 {
			p := pick(g.Rand, places)
			apply(g, s, p.m, p.f)
		}
	}}
}

func onEnum(name string, apply func(g *generator, e *enum)) mutation {
	return mutation{name, func(g *generator, s *schema) { apply(g, pick(g.Rand, s.enums)) }}
}

func onMessage(name string, apply func(g *generator, s *schema, m *message)) mutation {
	return mutation{name, func(g *generator, s *schema) { apply(g, s, pick(g.Rand, s.messages)) }}
}

func anyField(*schema, *field) bool { return true }

func isScalar(_ *schema, f *field) bool { return slices.Contains(scalars, f.typ) }

func isEnum(s *schema, f *field) bool { return s.enum(f.typ) != nil }

func isMessage(s *schema, f *field) bool { return !isScalar(s, f) && !isEnum(s, f) }

func isSingle(_ *schema, f *field) bool { return f.label != "repeated" && f.label != "map" }

func isPlain(s *schema, f *field) bool { return isSingle(s, f) && f.oneof == "" }

func isMap(_ *schema, f *field) bool { return f.label == "map" }

func isRepeated(_ *schema, f *field) bool { return f.label == "repeated" }

func isMember(_ *schema, f *field) bool { return f.oneof != "" }

func both(a, b func(*schema, *field) bool) func(*schema, *field) bool {
	return func(s *schema, f *field) bool { return a(s, f) && b(s, f) }
}

func retype(f *field, typ string) {
	f.typ, f.def, f.group = typ, "", false
}

func (m *message) remove(f *field) {
	m.fields = slices.DeleteFunc(m.fields, func(o *field) bool { return o == f })
}

// other returns another field of the message, or nil.
func (m *message) other(g *generator, f *field, want func(o *field) bool) *field {
	var others []*field
	for _, o := range m.fields {
		if o != f && want(o) {
			others = append(others, o)
		}
	}
	if len(others) == 0 {
		return nil
	}
	return pick(g.Rand, others)
}

func mutations() []mutation {
	return slices.Concat(numberMutations(), typeMutations(), shapeMutations(), oneofMutations(), enumMutations(), wholeMutations())
}

func numberMutations() []mutation {
	return []mutation{
		onMessage("add field", func(g *generator, s *schema, m *message) { m.fields = append(m.fields, g.field(s, m)) }),
		onMessage("add required field", func(g *generator, _ *schema, m *message) {
			m.fields = append(m.fields, &field{name: g.name("f"), number: g.freeNumber(m), typ: "int32", label: "required"})
		}),
		onField("remove field", anyField, func(_ *generator, _ *schema, m *message, f *field) { m.remove(f) }),
		onField("remove and reserve", anyField, func(_ *generator, _ *schema, m *message, f *field) {
			m.remove(f)
			m.reserved, m.reservedNames = append(m.reserved, f.number), append(m.reservedNames, f.name)
		}),
		onField("rename field", anyField, func(g *generator, _ *schema, _ *message, f *field) { f.name = g.name("r") }),
		onField("rename, keep JSON name", anyField, func(g *generator, _ *schema, _ *message, f *field) {
			if f.jsonName == "" {
				f.jsonName = f.name
			}
			f.name = g.name("r")
		}),
		onField("change JSON name", anyField, func(g *generator, _ *schema, _ *message, f *field) { f.jsonName = g.name("j") }),
		onField("drop JSON name", func(_ *schema, f *field) bool { return f.jsonName != "" }, func(_ *generator, _ *schema, _ *message, f *field) { f.jsonName = "" }),
		onField("take another's JSON name", anyField, func(g *generator, _ *schema, m *message, f *field) {
			if o := m.other(g, f, func(*field) bool { return true }); o != nil {
				f.jsonName, o.jsonName = o.name, g.name("j")
			}
		}),
		onField("renumber", anyField, func(g *generator, _ *schema, m *message, f *field) { f.number = g.freeNumber(m) }),
		onField("swap names", anyField, func(g *generator, _ *schema, m *message, f *field) {
			if o := m.other(g, f, func(*field) bool { return true }); o != nil {
				f.name, o.name = o.name, f.name
			}
		}),
		onField("swap names of one type", anyField, func(g *generator, _ *schema, m *message, f *field) {
			if o := m.other(g, f, func(o *field) bool { return o.typ == f.typ && o.label == f.label }); o != nil {
				f.name, o.name = o.name, f.name
			}
		}),
		onField("shift name", anyField, func(g *generator, s *schema, m *message, f *field) {
			name := f.name
			f.name = g.name("r")
			added := g.field(s, m)
			added.name = name
			m.fields = append(m.fields, added)
		}),
		onField("remove, reuse number", anyField, func(g *generator, s *schema, m *message, f *field) {
			m.remove(f)
			added := g.field(s, m)
			added.number = f.number
			m.fields = append(m.fields, added)
		}),
		onField("remove, reuse name", anyField, func(g *generator, s *schema, m *message, f *field) {
			m.remove(f)
			added := g.field(s, m)
			added.name, added.number = f.name, 41+g.IntN(9)
			m.fields = append(m.fields, added)
		}),
		onMessage("use reserved number", func(g *generator, s *schema, m *message) {
			if len(m.reserved) > 0 {
				f := g.field(s, m)
				f.number, m.reserved = m.reserved[0], m.reserved[1:]
				m.fields = append(m.fields, f)
			}
		}),
		onMessage("use reserved name", func(g *generator, s *schema, m *message) {
			if len(m.reservedNames) > 0 {
				f := g.field(s, m)
				f.name, m.reservedNames = m.reservedNames[0], m.reservedNames[1:]
				m.fields = append(m.fields, f)
			}
		}),
		onMessage("unreserve", func(_ *generator, _ *schema, m *message) { m.reserved, m.reservedNames = nil, nil }),
		onMessage("reorder fields", func(g *generator, _ *schema, m *message) {
			g.Shuffle(len(m.fields), func(i, j int) { m.fields[i], m.fields[j] = m.fields[j], m.fields[i] })
		}),
	}
}

func typeMutations() []mutation {
	wider := map[string][]string{
		"int32": {"int64"}, "uint32": {"uint64", "int64"}, "sint32": {"sint64"}, "string": {"bytes"},
		"bool": {"int32", "int64", "uint32", "uint64"},
	}

	near := [][]string{
		{"int32", "int64", "uint32", "uint64", "bool"},
		{"sint32", "sint64"},
		{"string", "bytes"},
		{"fixed32", "sfixed32", "float"},
		{"fixed64", "sfixed64", "double"},
	}
	return []mutation{
		onField("near scalar", isScalar, func(g *generator, _ *schema, _ *message, f *field) {
			for _, group := range near {
				if slices.Contains(group, f.typ) {
					retype(f, pick(g.Rand, group))
					return
				}
			}
		}),
		onField("change scalar", isScalar, func(g *generator, _ *schema, _ *message, f *field) { retype(f, pick(g.Rand, scalars)) }),
		onField("widen", func(_ *schema, f *field) bool { return wider[f.typ] != nil }, func(g *generator, _ *schema, _ *message, f *field) {
			def := f.def
			retype(f, pick(g.Rand, wider[f.typ]))
			f.def = strings.NewReplacer("true", "1", "false", "0").Replace(def)
		}),
		onField("any type", anyField, func(g *generator, s *schema, _ *message, f *field) { retype(f, g.typ(s)) }),
		onField("enum to integer", isEnum, func(g *generator, _ *schema, _ *message, f *field) {
			retype(f, pick(g.Rand, []string{"int32", "int64", "uint32", "bool"}))
		}),
		onField("scalar to enum", isScalar, func(g *generator, s *schema, _ *message, f *field) { retype(f, pick(g.Rand, s.enums).name) }),
		onField("other enum", isEnum, func(g *generator, s *schema, _ *message, f *field) { retype(f, pick(g.Rand, s.enums).name) }),
		onField("copied enum", isEnum, func(g *generator, s *schema, _ *message, f *field) {
			e := *s.enum(f.typ)
			e.name, e.values = g.name("E"), slices.Clone(e.values)
			for i := range e.values {
				e.values[i].name = g.name("V")
			}
			s.enums = append(s.enums, &e)
			retype(f, e.name)
		}),
		onField("other message", isMessage, func(g *generator, s *schema, _ *message, f *field) { retype(f, pick(g.Rand, s.messages).name) }),
		onField("copied message", func(s *schema, f *field) bool { return s.message(f.typ) != nil }, func(g *generator, s *schema, _ *message, f *field) {
			m := *s.message(f.typ)
			m.name, m.in = g.name("M"), ""
			m.fields = nil
			for _, o := range s.message(f.typ).fields {
				p := *o
				m.fields = append(m.fields, &p)
			}
			s.messages = append(s.messages, &m)
			retype(f, m.name)
		}),
		onField("to well-known", isMessage, func(g *generator, _ *schema, _ *message, f *field) { retype(f, pick(g.Rand, wellKnown)) }),
		onField("other well-known", func(_ *schema, f *field) bool { return strings.HasPrefix(f.typ, "google.") }, func(g *generator, _ *schema, _ *message, f *field) {
			retype(f, pick(g.Rand, wellKnown))
		}),
		onField("message to bytes", isMessage, func(g *generator, _ *schema, _ *message, f *field) {
			retype(f, pick(g.Rand, []string{"bytes", "string"}))
		}),
		onField("bytes to message", isScalar, func(g *generator, s *schema, _ *message, f *field) { retype(f, pick(g.Rand, s.messages).name) }),
		onField("to or from group", isSingle, func(_ *generator, _ *schema, _ *message, f *field) { f.group = !f.group }),
		onField("map key", isMap, func(g *generator, _ *schema, _ *message, f *field) { f.key = pick(g.Rand, mapKeys) }),
		onField("map value", isMap, func(g *generator, s *schema, _ *message, f *field) { f.typ = g.typ(s) }),
	}
}

func shapeMutations() []mutation {
	return []mutation{
		onField("to repeated", isPlain, func(_ *generator, _ *schema, _ *message, f *field) { f.label, f.def = "repeated", "" }),
		onField("to single", isRepeated, func(g *generator, _ *schema, _ *message, f *field) { f.label = pick(g.Rand, []string{"", "optional"}) }),
		onField("map to entries", isMap, func(g *generator, s *schema, _ *message, f *field) {
			entry := &message{name: g.name("M"), fields: []*field{{name: "key", number: 1, typ: f.key}, {name: "value", number: 2, typ: f.typ}}}
			s.messages = append(s.messages, entry)
			f.label, f.typ = "repeated", entry.name
		}),
		onField("to map", isRepeated, func(g *generator, _ *schema, _ *message, f *field) { f.label, f.key = "map", pick(g.Rand, mapKeys) }),
		onField("to optional", isPlain, func(_ *generator, _ *schema, _ *message, f *field) { f.label = "optional" }),
		onField("to implicit", isPlain, func(_ *generator, _ *schema, _ *message, f *field) { f.label, f.def = "", "" }),
		onField("to required", isPlain, func(_ *generator, _ *schema, _ *message, f *field) { f.label = "required" }),
		onField("change default", both(isPlain, func(s *schema, f *field) bool { return !isMessage(s, f) }), func(g *generator, s *schema, _ *message, f *field) {
			if f.label != "required" {
				f.label, f.def = "optional", g.def(s, f.typ)
			}
		}),
		onField("drop default", func(_ *schema, f *field) bool { return f.def != "" }, func(_ *generator, _ *schema, _ *message, f *field) { f.def = "" }),
		onField("packed", isRepeated, func(g *generator, _ *schema, _ *message, f *field) {
			f.packed = pick(g.Rand, []string{"", "true", "false"})
		}),
	}
}

func oneofMutations() []mutation {
	chooses := func(_ *schema, f *field) bool { return f.canChoose() && f.oneof == "" }
	into := func(f *field, name string) { f.oneof, f.label, f.def = name, "", "" }
	return []mutation{
		onField("into new oneof", chooses, func(g *generator, _ *schema, m *message, f *field) {
			into(f, g.name("o"))
			m.fields = append(m.fields, &field{name: g.name("f"), number: g.freeNumber(m), typ: "int32", oneof: f.oneof})
		}),
		onField("two into new oneof", chooses, func(g *generator, s *schema, m *message, f *field) {
			into(f, g.name("o"))
			if o := m.other(g, f, func(o *field) bool { return chooses(s, o) }); o != nil {
				into(o, f.oneof)
			}
		}),
		onField("into existing oneof", chooses, func(g *generator, _ *schema, m *message, f *field) {
			if o := m.other(g, f, func(o *field) bool { return o.oneof != "" }); o != nil {
				into(f, o.oneof)
			}
		}),
		onField("out of oneof", isMember, func(g *generator, _ *schema, _ *message, f *field) {
			f.oneof, f.label = "", pick(g.Rand, []string{"", "optional"})
		}),
		onField("merge oneofs", isMember, func(g *generator, _ *schema, m *message, f *field) {
			if o := m.other(g, f, func(o *field) bool { return o.oneof != "" && o.oneof != f.oneof }); o != nil {
				gone := o.oneof
				for _, p := range m.fields {
					if p.oneof == gone {
						p.oneof = f.oneof
					}
				}
			}
		}),
		onField("split oneof", isMember, func(g *generator, _ *schema, _ *message, f *field) { f.oneof = g.name("o") }),
		onField("rename oneof", isMember, func(g *generator, _ *schema, m *message, f *field) {
			was, is := f.oneof, g.name("o")
			for _, p := range m.fields {
				if p.oneof == was {
					p.oneof = is
				}
			}
		}),
		onField("add member", isMember, func(g *generator, _ *schema, m *message, f *field) {
			m.fields = append(m.fields, &field{name: g.name("f"), number: g.freeNumber(m), typ: "string", oneof: f.oneof})
		}),
	}
}

func enumMutations() []mutation {
	free := func(g *generator, e *enum) int {
		for {
			n := g.IntN(60) + 100
			if !slices.ContainsFunc(e.values, func(v enumValue) bool { return v.number == n }) {
				return n
			}
		}
	}
	return []mutation{
		onEnum("add enum value", func(g *generator, e *enum) { e.values = append(e.values, enumValue{g.name("V"), free(g, e)}) }),
		onEnum("remove enum value", func(g *generator, e *enum) {
			if i := g.IntN(len(e.values)); len(e.values) > 1 {
				e.values = slices.Delete(e.values, i, i+1)
			}
		}),
		onEnum("rename enum value", func(g *generator, e *enum) { e.values[g.IntN(len(e.values))].name = g.name("R") }),
		onEnum("renumber enum value", func(g *generator, e *enum) { e.values[g.IntN(len(e.values))].number = free(g, e) }),
		onEnum("swap enum names", func(g *generator, e *enum) {
			i, j := g.IntN(len(e.values)), g.IntN(len(e.values))
			e.values[i].name, e.values[j].name = e.values[j].name, e.values[i].name
		}),
		onEnum("shift enum name", func(g *generator, e *enum) {
			i := g.IntN(len(e.values))
			e.values = append(e.values, enumValue{e.values[i].name, free(g, e)})
			e.values[i].name = g.name("R")
		}),
		onEnum("add alias", func(g *generator, e *enum) {
			e.values = append(e.values, enumValue{g.name("A"), pick(g.Rand, e.values).number})
		}),
		onEnum("alias in front", func(g *generator, e *enum) {
			i := g.IntN(len(e.values))
			e.values = slices.Insert(e.values, i, enumValue{g.name("A"), e.values[i].number})
		}),
		onEnum("reorder enum", func(g *generator, e *enum) {
			g.Shuffle(len(e.values), func(i, j int) { e.values[i], e.values[j] = e.values[j], e.values[i] })
		}),
		onEnum("use reserved enum number", func(g *generator, e *enum) {
			if len(e.reserved) > 0 {
				e.values = append(e.values, enumValue{g.name("V"), e.reserved[0]})
				e.reserved = e.reserved[1:]
			}
		}),
		onEnum("use reserved enum name", func(g *generator, e *enum) {
			if len(e.reservedNames) > 0 {
				e.values = append(e.values, enumValue{e.reservedNames[0], free(g, e)})
				e.reservedNames = e.reservedNames[1:]
			}
		}),
	}
}

func wholeMutations() []mutation {
	return []mutation{
		{"switch syntax", func(_ *generator, s *schema) { s.proto3 = !s.proto3 }},
		{"switch syntax, keep presence", func(_ *generator, s *schema) {
			for _, m := range s.messages {
				for _, f := range m.fields {
					if f.label == "" && f.oneof == "" && !s.proto3 && !f.group {
						f.label = "optional"
					}
				}
			}
			s.proto3 = !s.proto3
		}},
		onField("to proto2, with a default", func(s *schema, f *field) bool { return s.proto3 && isPlain(s, f) && !isMessage(s, f) },
			func(g *generator, s *schema, _ *message, f *field) {
				s.proto3, f.label, f.def = false, "optional", g.def(s, f.typ)
			}),
		{"rename message", func(g *generator, s *schema) {
			m := pick(g.Rand, s.messages)
			was, is := m.name, g.name("N")
			for _, o := range s.messages {
				if o.in == was {
					o.in = is
				}
				for _, f := range o.fields {
					if f.typ == was {
						f.typ = is
					}
				}
			}
			m.name = is
		}},
		{"nest or unnest", func(g *generator, s *schema) {
			if m := pick(g.Rand, s.messages); m.in == "" && m != s.messages[0] {
				m.in = s.messages[0].name
			} else {
				m.in = ""
			}
		}},
		{"rename enum", func(g *generator, s *schema) {
			e := pick(g.Rand, s.enums)
			was := e.name
			e.name = g.name("E")
			for _, m := range s.messages {
				for _, f := range m.fields {
					if f.typ == was {
						f.typ = e.name
					}
				}
			}
		}},
	}
}
