package protobuf

import (
	"math"
	"slices"
	"strings"
)

// Canonical returns the text that the registry stores and hashes: without
// comments and weak imports, in the registry's layout.
//
// Each kind of declaration is a section with an empty line in front of it.
// Messages come before enums, in the file and in a message. Names of types
// stay as they are written.
func (s *Schema) Canonical() string {
	var p printer
	f := s.root
	if f.syntax != "" {
		p.line("syntax = ", quote(f.syntax), ";")
	}
	if f.pkg != "" {
		p.line("package ", f.pkg, ";")
	}
	p.section(len(f.imports)+len(f.publicImports), func() {
		for _, name := range f.imports {
			p.line("import ", quoteRaw(name), ";")
		}
		for _, name := range f.publicImports {
			p.line("import public ", quoteRaw(name), ";")
		}
	})
	p.section(len(f.options), func() { p.options(f.options) })
	p.section(len(f.messages)+len(f.enums), func() { p.types(f.messages, f.enums) })
	p.section(len(f.extends), func() { p.extends(f.extends) })
	p.section(len(f.services), func() { p.services(f.services) })
	return p.out.String()
}

func (p *printer) types(messages []*message, enums []*enum) {
	for _, m := range messages {
		p.block("message "+m.name, "", func() { p.message(m) })
	}
	for _, e := range enums {
		p.block("enum "+e.name, "", func() { p.enum(e) })
	}
}

func (p *printer) message(m *message) {
	p.section(len(m.reserved), func() { p.ranges("reserved ", m.reserved) })
	p.section(len(m.options), func() { p.options(m.options) })
	p.section(len(m.fields), func() { p.fields(m.fields) })
	p.section(len(m.oneofs), func() {
		for i := range m.oneofs {
			p.oneof(&m.oneofs[i])
		}
	})
	p.section(len(m.groups), func() { p.groups(m.groups) })
	p.section(len(m.extensions), func() { p.ranges("extensions ", m.extensions) })
	p.section(len(m.extends), func() { p.extends(m.extends) })
	p.section(len(m.messages)+len(m.enums), func() { p.types(m.messages, m.enums) })
}

// enum has no sections.
func (p *printer) enum(e *enum) {
	p.ranges("reserved ", e.reserved)
	p.options(e.options)
	for i := range e.constants {
		c := &e.constants[i]
		p.statement(c.name+" = "+number(c.tag), c.options)
	}
}

func (p *printer) oneof(o *oneof) {
	p.block("oneof "+o.name, "", func() {
		p.section(len(o.options), func() { p.options(o.options) })
		p.section(len(o.fields), func() { p.fields(o.fields) })
		p.section(len(o.groups), func() { p.groups(o.groups) })
	})
}

func (p *printer) groups(groups []group) {
	for i := range groups {
		g := &groups[i]
		p.block(g.label.prefix()+"group "+g.name+" = "+number(g.tag), "", func() { p.fields(g.fields) })
	}
}

func (p *printer) extends(extends []extend) {
	for i := range extends {
		p.block("extend "+extends[i].name, "", func() { p.fields(extends[i].fields) })
	}
}

// fields writes default and json_name behind the other options. The default of
// anything but a string has no quotes, not even that of bytes.
func (p *printer) fields(fields []field) {
	for i := range fields {
		f := &fields[i]
		options := slices.Clip(f.options)
		if f.fallback != nil {
			fallback := value{text: *f.fallback}
			if f.typ == "string" {
				fallback.kind = stringKind
			}
			options = append(options, option{name: "default", value: fallback})
		}
		if f.jsonName != nil {
			options = append(options, option{name: "json_name", value: value{kind: stringKind, text: *f.jsonName}})
		}
		p.statement(f.label.prefix()+f.typ+" "+f.name+" = "+number(f.tag), options)
	}
}

func (l label) prefix() string {
	return [...]string{noLabel: "", optional: "optional ", repeated: "repeated ", required: "required "}[l]
}

func (p *printer) ranges(keyword string, all []ranges) {
	for _, r := range all {
		items := make([]string, len(r.items))
		for i, item := range r.items {
			items[i] = item.String()
		}
		p.statement(keyword+strings.Join(items, ", "), r.options)
	}
}

// String returns the item as it is written: a range of one number stays one.
func (i rangeItem) String() string {
	switch {
	case i.quoted:
		return quoteRaw(i.name)
	case !i.span:
		return number(i.first)
	case i.last == maxTag || i.last == math.MaxInt32:
		return number(i.first) + " to max"
	default:
		return number(i.first) + " to " + number(i.last)
	}
}

func (p *printer) services(services []service) {
	for i := range services {
		s := &services[i]
		p.block("service "+s.name, "", func() {
			p.section(len(s.options), func() { p.options(s.options) })
			p.section(len(s.rpcs), func() {
				for j := range s.rpcs {
					p.rpc(&s.rpcs[j])
				}
			})
		})
	}
}

func (p *printer) rpc(m *rpc) {
	text := "rpc " + m.name + " (" + streamed(m.request, m.streamRequest) + ") returns (" + streamed(m.response, m.streamAnswer) + ")"
	if len(m.options) == 0 {
		p.line(text, ";")
		return
	}
	p.block(text, ";", func() { p.options(m.options) })
}

func streamed(typ string, stream bool) string {
	if stream {
		return "stream " + typ
	}
	return typ
}
