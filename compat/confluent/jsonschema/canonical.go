package jsonschema

import (
	"strings"
	"unicode/utf8"
)

// Canonical returns the text that the registry keeps and hashes: without white
// space, members in the order they are written, characters escaped only where
// they have to be, decimal numbers as Java writes them. A text without any
// value is empty.
func (s *Schema) Canonical() string {
	if s.json == nil {
		return ""
	}
	var b strings.Builder
	s.json.write(&b)
	return b.String()
}

func (v *value) write(b *strings.Builder) {
	switch v.kind {
	case jsonNull:
		b.WriteString("null")
	case jsonTrue:
		b.WriteString("true")
	case jsonFalse:
		b.WriteString("false")
	case jsonString:
		quote(b, v.text)
	case jsonInteger:
		b.WriteString(integer(v.text))
	case jsonDecimal:
		b.WriteString(javaDecimal(v.text))
	case jsonArray:
		for i, item := range v.items {
			b.WriteByte("[,"[min(i, 1)])
			item.write(b)
		}
		if len(v.items) == 0 {
			b.WriteByte('[')
		}
		b.WriteByte(']')
	case jsonObject:
		for i, m := range v.members {
			b.WriteByte("{,"[min(i, 1)])
			quote(b, m.name)
			b.WriteByte(':')
			m.value.write(b)
		}
		if len(v.members) == 0 {
			b.WriteByte('{')
		}
		b.WriteByte('}')
	}
}

func quote(b *strings.Builder, text string) {
	const hex = "0123456789ABCDEF"
	b.WriteByte('"')
	start := 0
	for i := range len(text) {
		c := text[i]
		if c >= utf8.RuneSelf || c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b.WriteString(text[start:i])
		start = i + 1
		if at := strings.IndexByte("\"\\\b\f\n\r\t", c); at >= 0 {
			b.WriteByte('\\')
			b.WriteByte(`"\bfnrt`[at])
			continue
		}
		b.WriteString(`\u00`)
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	b.WriteString(text[start:])
	b.WriteByte('"')
}
