package replay_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// schema is a Protobuf file that can be printed, cloned and mutated. The first
// message is the root. It knows nothing of the package under test.
type schema struct {
	proto3   bool
	messages []*message
	enums    []*enum
}

type message struct {
	name            string
	in              string // the message it is nested in, or ""
	fields          []*field
	reserved        []int
	reservedNames   []string
	extensionsStart int // 0 for none; the range holds ten numbers
}

type field struct {
	name     string
	number   int
	label    string // "", "optional", "required", "repeated", "map"
	typ      string // a scalar, or the name of a message, an enum or a well-known type
	key      string // of a map
	oneof    string
	def      string // the default as it is written
	jsonName string
	packed   string // "", "true" or "false"
	group    bool   // of a message type of its own
}

type enum struct {
	name          string
	values        []enumValue
	reserved      []int
	reservedNames []string
}

type enumValue struct {
	name   string
	number int
}

func (s *schema) clone() *schema {
	out := &schema{proto3: s.proto3}
	for _, m := range s.messages {
		c := *m
		c.fields = nil
		for _, f := range m.fields {
			g := *f
			c.fields = append(c.fields, &g)
		}
		c.reserved, c.reservedNames = slices.Clone(m.reserved), slices.Clone(m.reservedNames)
		out.messages = append(out.messages, &c)
	}
	for _, e := range s.enums {
		c := *e
		c.values = slices.Clone(e.values)
		c.reserved, c.reservedNames = slices.Clone(e.reserved), slices.Clone(e.reservedNames)
		out.enums = append(out.enums, &c)
	}
	return out
}

func (s *schema) message(name string) *message {
	for _, m := range s.messages {
		if m.name == name {
			return m
		}
	}
	return nil
}

func (s *schema) enum(name string) *enum {
	for _, e := range s.enums {
		if e.name == name {
			return e
		}
	}
	return nil
}

// text prints the schema.
func (s *schema) text() string {
	var b strings.Builder
	b.WriteString("syntax = \"proto2\";\n")
	if s.proto3 {
		b.Reset()
		b.WriteString("syntax = \"proto3\";\n")
	}
	b.WriteString("package t;\n")
	for _, file := range []string{"timestamp", "duration", "wrappers", "struct", "empty", "field_mask", "any"} {
		fmt.Fprintf(&b, "import \"google/protobuf/%s.proto\";\n", file)
	}
	for _, e := range s.enums {
		e.print(&b)
	}
	for _, m := range s.messages {
		if m.in == "" || s.message(m.in) == nil {
			s.print(&b, m)
		}
	}
	return b.String()
}

func (e *enum) print(b *strings.Builder) {
	fmt.Fprintf(b, "enum %s {\n", e.name)
	numbers := map[int]bool{}
	for _, v := range e.values {
		if numbers[v.number] {
			b.WriteString("  option allow_alias = true;\n")
			break
		}
		numbers[v.number] = true
	}
	for _, v := range e.values {
		fmt.Fprintf(b, "  %s = %d;\n", v.name, v.number)
	}
	for _, n := range e.reserved {
		fmt.Fprintf(b, "  reserved %d;\n", n)
	}
	for _, n := range e.reservedNames {
		fmt.Fprintf(b, "  reserved %q;\n", n)
	}
	b.WriteString("}\n")
}

func (s *schema) print(b *strings.Builder, m *message) {
	fmt.Fprintf(b, "message %s {\n", m.name)
	for _, n := range s.messages {
		if n.in == m.name {
			s.print(b, n)
		}
	}
	var done []string
	for _, f := range m.fields {
		switch {
		case f.oneof == "":
			f.print(b, s.proto3)
		case !slices.Contains(done, f.oneof):
			done = append(done, f.oneof)
			fmt.Fprintf(b, "  oneof %s {\n", f.oneof)
			for _, g := range m.fields {
				if g.oneof == f.oneof {
					g.print(b, s.proto3)
				}
			}
			b.WriteString("  }\n")
		}
	}
	for _, n := range m.reserved {
		fmt.Fprintf(b, "  reserved %d;\n", n)
	}
	for _, n := range m.reservedNames {
		fmt.Fprintf(b, "  reserved %q;\n", n)
	}
	if m.extensionsStart > 0 {
		fmt.Fprintf(b, "  extensions %d to %d;\n", m.extensionsStart, m.extensionsStart+9)
	}
	b.WriteString("}\n")
}

func (f *field) print(b *strings.Builder, proto3 bool) {
	label := f.label
	switch {
	case f.oneof != "":
		label = ""
	case label == "" && !proto3:
		label = "optional"
	case label == "required" && proto3:
		label = ""
	}
	if label == "map" {
		fmt.Fprintf(b, "  map<%s, %s> %s = %d", f.key, f.typ, f.name, f.number)
	} else {
		if label != "" {
			label += " "
		}
		if f.group && !proto3 {
			fmt.Fprintf(b, "  %sgroup %s = %d", label, strings.ToUpper(f.name[:1])+f.name[1:], f.number)
		} else {
			fmt.Fprintf(b, "  %s%s %s = %d", label, f.typ, f.name, f.number)
		}
	}
	var options []string
	if f.def != "" && !proto3 && label == "optional " {
		options = append(options, "default = "+f.def)
	}
	if f.jsonName != "" {
		options = append(options, fmt.Sprintf("json_name = %q", f.jsonName))
	}
	if f.packed != "" && f.label == "repeated" && isPackable(f.typ) {
		options = append(options, "packed = "+f.packed)
	}
	if len(options) > 0 {
		fmt.Fprintf(b, " [%s]", strings.Join(options, ", "))
	}
	if f.group && !proto3 && label != "map" {
		fmt.Fprintf(b, " { optional int32 inner = 1; optional string text = 2; }\n")
		return
	}
	b.WriteString(";\n")
}

func isPackable(typ string) bool {
	return slices.Contains(scalars, typ) && typ != "string" && typ != "bytes"
}

var (
	scalars = []string{
		"int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64",
		"sfixed32", "sfixed64", "bool", "string", "bytes", "float", "double",
	}
	mapKeys = []string{
		"int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64",
		"sfixed32", "sfixed64", "bool", "string",
	}
	wellKnown = []string{
		"google.protobuf.Timestamp", "google.protobuf.Duration", "google.protobuf.Int32Value", "google.protobuf.Int64Value",
		"google.protobuf.UInt32Value", "google.protobuf.UInt64Value", "google.protobuf.BoolValue", "google.protobuf.StringValue",
		"google.protobuf.BytesValue", "google.protobuf.DoubleValue", "google.protobuf.FloatValue", "google.protobuf.Struct",
		"google.protobuf.Value", "google.protobuf.ListValue", "google.protobuf.Empty", "google.protobuf.FieldMask", "google.protobuf.Any",
	}
)

// generator makes random schemas.
type generator struct {
	*rand.Rand
	names int
	plain bool // without defaults
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

func (g *generator) name(prefix string) string {
	g.names++
	return fmt.Sprintf("%s%d", prefix, g.names)
}

// schema returns a random one.
func (g *generator) schema() *schema {
	s := &schema{proto3: g.chance(60)}
	g.plain = g.chance(50)
	for range 1 + g.IntN(3) {
		s.enums = append(s.enums, g.enum(s.proto3))
	}
	for i := range 1 + g.IntN(4) {
		m := &message{name: g.name("M")}
		if i > 0 && g.chance(30) {
			m.in = s.messages[0].name
		}
		s.messages = append(s.messages, m)
	}
	for _, m := range s.messages {
		for range 1 + g.IntN(5) {
			m.fields = append(m.fields, g.field(s, m))
		}
		g.oneof(m)
		if g.chance(15) {
			m.reserved = append(m.reserved, g.freeNumber(m))
			m.reservedNames = append(m.reservedNames, g.name("gone_"))
		}
		if g.chance(5) && !s.proto3 {
			m.extensionsStart = 1000
		}
	}
	return s
}

func (g *generator) enum(proto3 bool) *enum {
	e := &enum{name: g.name("E")}
	n := 0
	if !proto3 && g.chance(30) {
		n = 1 + g.IntN(3)
	}
	for range 1 + g.IntN(4) {
		e.values = append(e.values, enumValue{g.name("V"), n})
		n += 1 + g.IntN(3)
		if g.chance(10) {
			n = -n
		}
		if slices.ContainsFunc(e.values, func(v enumValue) bool { return v.number == n }) {
			n = 50 + len(e.values)
		}
	}
	if g.chance(15) {
		e.values = append(e.values, enumValue{g.name("V"), pick(g.Rand, e.values).number})
	}
	if g.chance(15) {
		e.reserved = append(e.reserved, 90)
		e.reservedNames = append(e.reservedNames, g.name("W"))
	}
	return e
}

func (g *generator) freeNumber(m *message) int {
	for {
		n := 1 + g.IntN(40)
		if !slices.ContainsFunc(m.fields, func(f *field) bool { return f.number == n }) && !slices.Contains(m.reserved, n) {
			return n
		}
	}
}

func (g *generator) field(s *schema, m *message) *field {
	f := &field{name: g.name("f"), number: g.freeNumber(m), typ: g.typ(s)}
	switch n := g.IntN(100); {
	case n < 20:
		f.label = "repeated"
	case n < 45:
		f.label = "optional"
	case n < 55:
		f.label, f.key = "map", pick(g.Rand, mapKeys)
	case n < 65 && !s.proto3 && slices.Contains(scalars, f.typ):
		f.label = "required"
	}
	if f.label != "repeated" && f.label != "map" && f.label != "required" && g.chance(25) && !s.proto3 && !g.plain {
		f.label, f.def = "optional", g.def(s, f.typ)
	}
	if g.chance(10) {
		f.jsonName = g.name("json")
	}
	if g.chance(20) {
		f.packed = pick(g.Rand, []string{"true", "false"})
	}
	if !s.proto3 && f.label != "map" && f.def == "" && g.chance(5) {
		f.group, f.name = true, strings.ToLower(f.name)
	}
	return f
}

func (g *generator) typ(s *schema) string {
	switch n := g.IntN(100); {
	case n < 60:
		return pick(g.Rand, scalars)
	case n < 75:
		return pick(g.Rand, s.enums).name
	case n < 92:
		return pick(g.Rand, s.messages).name
	}
	return pick(g.Rand, wellKnown)
}

func (g *generator) def(s *schema, typ string) string {
	switch typ {
	case "bool":
		return pick(g.Rand, []string{"true", "false"})
	case "string", "bytes":
		return pick(g.Rand, []string{`"x"`, `""`, `"yes"`})
	case "float", "double":
		return pick(g.Rand, []string{"1.5", "0", "nan", "inf", "-0"})
	}
	if slices.Contains(scalars, typ) {
		return pick(g.Rand, []string{"0", "1", "7"})
	}
	if e := s.enum(typ); e != nil {
		return pick(g.Rand, e.values).name
	}
	return ""
}

// oneof puts some fields of a message into oneofs.
func (g *generator) oneof(m *message) {
	for range g.IntN(3) {
		name := g.name("o")
		for _, f := range m.fields {
			if f.canChoose() && f.oneof == "" && g.chance(35) {
				f.oneof, f.label, f.def = name, "", ""
			}
		}
	}
}

// canChoose reports whether a field can be a member of a oneof.
func (f *field) canChoose() bool {
	return f.label != "repeated" && f.label != "map" && f.label != "required"
}
