package protobuf

import "strings"

// The declarations of a file, in the language that the registry reads. It is
// the one of protoc without its checks: nothing is said about numbers that are
// used twice, defaults of the wrong type, or enums without a zero. What it
// refuses on top: editions, and what each function below says.

// fileReader reads the declarations of one file.
type fileReader struct {
	reader

	proto3 bool
	out    file
}

// parseFile reads a text. The error does not know its import yet.
func parseFile(text string) (*file, *InvalidError) {
	r := &fileReader{reader: reader{text: text}}
	first := true
	for r.peek(); r.pos < len(r.text); r.peek() {
		if !r.accept(';') {
			r.declaration(first)
		}
		first = false
	}
	if r.err != nil {
		return nil, r.err
	}
	return &r.out, nil
}

// declaration reads a declaration of the file.
func (r *fileReader) declaration(first bool) {
	start := r.pos
	switch word := r.word(); word {
	case "syntax", "edition":
		r.syntax(start, word, first)
	case "package":
		r.out.pkg = r.name()
		if strings.Count(r.out.pkg, ".") >= maxDepth {
			r.fail(start, "nested more than %d levels deep", maxDepth)
		}
		r.require(';')
	case "import":
		r.readImport()
	case "option":
		r.out.options = append(r.out.options, r.optionDeclaration())
	case "reserved":
		r.reserved() // means nothing here, but is taken
	case "message":
		r.out.messages = append(r.out.messages, r.message())
	case "enum":
		r.out.enums = append(r.out.enums, r.enum())
	case "service":
		r.out.services = append(r.out.services, r.service())
	case "extend":
		r.out.extends = append(r.out.extends, r.extend())
	default:
		r.fail(start, "%s does not begin a declaration of a file", word)
	}
}

func (r *fileReader) syntax(start int, word string, first bool) {
	r.require('=')
	value := r.quoted()
	r.require(';')
	switch {
	case word == "edition":
		r.fail(start, "editions are not supported: write syntax = \"proto3\" or \"proto2\"")
	case !first:
		r.fail(start, "syntax has to be the first declaration")
	case value != "proto2" && value != "proto3":
		r.fail(start, "syntax is neither proto2 nor proto3: %q", value)
	}
	r.out.syntax = value
	r.proto3 = value == "proto3"
}

// readImport drops weak imports, as the registry does.
func (r *fileReader) readImport() {
	switch name := r.stringOrWord(); name {
	case "public":
		r.out.publicImports = append(r.out.publicImports, r.stringOrWord())
	case "weak":
		r.stringOrWord()
	default:
		r.out.imports = append(r.out.imports, name)
	}
	r.require(';')
}

func (r *fileReader) optionDeclaration() option {
	o := r.readOption('=')
	r.require(';')
	return o
}

// message reads a message behind its keyword.
func (r *fileReader) message() *message {
	m := &message{name: r.name()}
	if !r.enter() {
		return m
	}
	defer r.leave()
	r.require('{')
	for !r.closed() {
		if !r.accept(';') {
			r.member(m)
		}
	}
	return m
}

// member reads a declaration of a message.
func (r *fileReader) member(m *message) {
	start := r.pos
	switch word := r.word(); word {
	case "option":
		m.options = append(m.options, r.optionDeclaration())
	case "reserved":
		m.reserved = append(m.reserved, r.reserved())
	case "extensions":
		m.extensions = append(m.extensions, r.extensions())
	case "message":
		m.messages = append(m.messages, r.message())
	case "enum":
		m.enums = append(m.enums, r.enum())
	case "extend":
		m.extends = append(m.extends, r.extend())
	case "oneof":
		m.oneofs = append(m.oneofs, r.oneof())
	default:
		if f, g := r.field(start, word); g != nil {
			m.groups = append(m.groups, *g)
		} else {
			m.fields = append(m.fields, f)
		}
	}
}

// field reads a field or a group, with a label as its syntax asks for it:
// proto2 needs one, proto3 does not take "required", and a map has none.
func (r *fileReader) field(start int, word string) (field, *group) {
	f := field{offset: start}
	switch word {
	case "required":
		f.label = required
		if r.proto3 {
			r.fail(start, "required is not allowed in proto3")
		}
	case "optional":
		f.label = optional
	case "repeated":
		f.label = repeated
	default:
		if !r.proto3 && (word != "map" || r.peek() != '<') {
			r.fail(start, "%s is not a label: a field of proto2 begins with optional, required or repeated", word)
		}
		f.typ = r.dataType(word)
	}
	if f.typ == "" {
		r.skip()
		f.offset = r.pos
		f.typ = r.dataType(r.word())
	}
	switch {
	case f.label != noLabel && strings.HasPrefix(f.typ, "map<"):
		r.fail(start, "a map has no label")
	case f.typ == "group":
		g := r.group(f.label)
		return f, &g
	}
	r.fieldTail(&f)
	return f, nil
}

// fieldTail reads a field behind its type.
func (r *fileReader) fieldTail(f *field) {
	f.name = r.identifier()
	r.require('=')
	f.tag = r.integer()
	for _, o := range r.readOptions() {
		switch o.name {
		case "default":
			f.fallback = &o.value.text
		case "json_name":
			f.jsonName = &o.value.text
		default:
			f.options = append(f.options, o)
		}
	}
	r.require(';')
	r.trailing()
}

// dataType reads a type whose first word is known.
func (r *fileReader) dataType(word string) string {
	if word != "map" || !r.enter() {
		return word
	}
	defer r.leave()
	r.require('<')
	key := r.dataType(r.word())
	r.require(',')
	value := r.dataType(r.word())
	r.require('>')
	return "map<" + key + ", " + value + ">"
}

func (r *fileReader) oneof() oneof {
	o := oneof{name: r.name()}
	r.require('{')
	for !r.closed() {
		f := field{offset: r.pos}
		switch f.typ = r.dataType(r.word()); f.typ {
		case "option":
			o.options = append(o.options, r.optionDeclaration())
		case "group":
			o.groups = append(o.groups, r.group(noLabel))
		default:
			r.fieldTail(&f)
			o.fields = append(o.fields, f)
		}
	}
	return o
}

// group reads a group behind its keyword. It holds fields and nothing else.
func (r *fileReader) group(l label) group {
	g := group{label: l, name: r.word()}
	r.require('=')
	g.tag = r.integer()
	r.require('{')
	for !r.closed() {
		start := r.pos
		f, nested := r.field(start, r.word())
		if nested != nil {
			r.fail(start, "a group holds no group")
		}
		g.fields = append(g.fields, f)
	}
	return g
}

// extend reads an extension. Only its fields are kept, as the registry does.
func (r *fileReader) extend() extend {
	r.skip()
	e := extend{offset: r.pos}
	e.name = r.name()
	r.require('{')
	for !r.closed() {
		if r.accept(';') {
			continue
		}
		start := r.pos
		switch word := r.word(); word {
		case "option":
			r.optionDeclaration()
		case "reserved":
			r.reserved()
		default:
			if f, g := r.field(start, word); g == nil {
				e.fields = append(e.fields, f)
			}
		}
	}
	return e
}

func (r *fileReader) enum() *enum {
	e := &enum{name: r.name()}
	r.require('{')
	for !r.closed() {
		if r.accept(';') {
			continue
		}
		start := r.pos
		switch word := r.word(); word {
		case "option":
			e.options = append(e.options, r.optionDeclaration())
		case "reserved":
			e.reserved = append(e.reserved, r.reserved())
		default:
			c := constant{name: r.checked(start, word)}
			r.require('=')
			c.tag = r.integer()
			c.options = r.readOptions()
			r.require(';')
			r.trailing()
			e.constants = append(e.constants, c)
		}
	}
	return e
}

// reserved reads what stands behind "reserved": names in quotes, numbers and
// ranges.
func (r *fileReader) reserved() ranges {
	all := ranges{items: []rangeItem{r.rangeItem(true)}}
	for r.accept(',') {
		all.items = append(all.items, r.rangeItem(true))
	}
	r.require(';')
	r.trailing()
	return all
}

// extensions reads what stands behind "extensions": numbers and ranges, then
// options for all of them.
func (r *fileReader) extensions() ranges {
	all := ranges{items: []rangeItem{r.rangeItem(false)}}
	for r.accept(',') {
		all.items = append(all.items, r.rangeItem(false))
	}
	all.options = r.readOptions()
	r.require(';')
	return all
}

func (r *fileReader) rangeItem(names bool) rangeItem {
	if c := r.peek(); names && (c == '"' || c == '\'') {
		return rangeItem{name: r.quoted(), quoted: true}
	}
	first := r.integer()
	if c := r.peek(); c == ',' || c == ';' || c == '[' {
		return rangeItem{first: first, last: first}
	}
	start := r.pos
	if to := r.word(); to != "to" {
		r.fail(start, "expected to, found %s", to)
	}
	r.skip()
	start = r.pos
	last := r.word()
	if last == "max" {
		return rangeItem{first: first, last: maxTag, span: true}
	}
	if strings.HasPrefix(last, "0x") || strings.HasPrefix(last, "0X") {
		r.fail(start, "a range ends with a decimal number, found %s", last)
	}
	return rangeItem{first: first, last: r.number(start, last), span: true}
}

func (r *fileReader) service() service {
	s := service{name: r.name()}
	r.require('{')
	for !r.closed() {
		if r.accept(';') {
			continue
		}
		start := r.pos
		switch word := r.word(); word {
		case "option":
			s.options = append(s.options, r.optionDeclaration())
		case "rpc":
			s.rpcs = append(s.rpcs, r.rpc())
		case "reserved":
			r.reserved()
		default:
			r.fail(start, "%s does not begin a declaration of a service", word)
		}
	}
	return s
}

func (r *fileReader) rpc() rpc {
	m := rpc{name: r.name()}
	m.request, m.streamRequest, m.offset = r.rpcType()
	start := r.pos
	if word := r.word(); word != "returns" {
		r.fail(start, "expected returns, found %s", word)
	}
	m.response, m.streamAnswer, m.answerOffset = r.rpcType()
	if !r.accept('{') {
		r.require(';')
		return m
	}
	for !r.closed() {
		if r.accept(';') {
			continue
		}
		start := r.pos
		if word := r.word(); word != "option" {
			r.fail(start, "%s does not begin a declaration of an rpc", word)
		}
		m.options = append(m.options, r.optionDeclaration())
	}
	return m
}

func (r *fileReader) rpcType() (typ string, stream bool, offset int) {
	r.require('(')
	r.skip()
	offset = r.pos
	typ = r.dataType(r.word())
	if typ == "stream" {
		stream = true
		r.skip()
		offset = r.pos
		typ = r.dataType(r.word())
	}
	r.require(')')
	return typ, stream, offset
}
