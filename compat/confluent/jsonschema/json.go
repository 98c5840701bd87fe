package jsonschema

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits of the registry's JSON reader.
const (
	maxNesting   = 1000
	maxNumber    = 1000       // digits of a number
	maxString    = 20_000_000 // characters of a string
	maxName      = 50_000     // characters of a name
	maxExponent  = 1<<31 - 1
	lineFeedCode = '\n'
)

type jsonKind uint8

const (
	jsonNull jsonKind = iota
	jsonTrue
	jsonFalse
	jsonString
	jsonInteger // written without point and exponent
	jsonDecimal
	jsonArray
	jsonObject
)

// value is a parsed JSON value. Objects keep the order of the text; of a name
// that stands twice the last value counts, at the place of the first.
type value struct {
	kind    jsonKind
	offset  int    // where the value starts
	text    string // of a string, or a number as written
	items   []*value
	members []member
	index   map[string]int // of members, when there are many
}

type member struct {
	name  string
	value *value
}

func (v *value) boolean() bool { return v.kind == jsonTrue || v.kind == jsonFalse }
func (v *value) number() bool  { return v.kind == jsonInteger || v.kind == jsonDecimal }

// get returns a member of an object, nil when there is none.
func (v *value) get(name string) *value {
	if at := v.find(name); at >= 0 {
		return v.members[at].value
	}
	return nil
}

const manyMembers = 12

func (v *value) find(name string) int {
	if v.index != nil {
		if at, ok := v.index[name]; ok {
			return at
		}
		return -1
	}
	for i := range v.members {
		if v.members[i].name == name {
			return i
		}
	}
	return -1
}

func (v *value) set(name string, member_ *value) {
	if at := v.find(name); at >= 0 {
		v.members[at].value = member_
		return
	}
	v.members = append(v.members, member{name, member_})
	switch {
	case v.index != nil:
		v.index[name] = len(v.members) - 1
	case len(v.members) > manyMembers:
		v.index = make(map[string]int, 2*manyMembers)
		for i := range v.members {
			v.index[v.members[i].name] = i
		}
	}
}

// describe names the kind of a value in messages.
func (v *value) describe() string {
	switch v.kind {
	case jsonNull:
		return "null"
	case jsonTrue, jsonFalse:
		return "a boolean"
	case jsonString:
		return "a string"
	case jsonInteger:
		return "an integer"
	case jsonDecimal:
		return "a decimal number"
	case jsonArray:
		return "an array"
	case jsonObject:
		return "an object"
	}
	return "nothing"
}

// reader reads one JSON text as the registry does: strictly, with limits. What
// follows the first value is not looked at.
type reader struct {
	text string
	at   int
}

type syntaxError struct {
	message string
	offset  int
}

func (e *syntaxError) Error() string { return e.message }

// readJSON returns nil for a text without any value.
func readJSON(text string) (*value, error) {
	r := &reader{text: strings.TrimPrefix(text, "\ufeff")}
	r.space()
	if r.at == len(r.text) {
		return nil, nil
	}
	return r.value(1)
}

func (r *reader) fail(format string, args ...any) error {
	return &syntaxError{message: "not JSON: " + fmt.Sprintf(format, args...), offset: r.at}
}

func (r *reader) space() {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case ' ', '\t', '\r', lineFeedCode:
			r.at++
		default:
			return
		}
	}
}

func (r *reader) value(depth int) (*value, error) {
	if r.at == len(r.text) {
		return nil, r.fail("unexpected end of the text")
	}
	start := r.at
	switch c := r.text[r.at]; {
	case c == '{' || c == '[':
		if depth > maxNesting {
			return nil, r.fail("nested deeper than %d", maxNesting)
		}
		if c == '{' {
			return r.object(depth)
		}
		return r.array(depth)
	case c == '"':
		text, err := r.string(maxString)
		return &value{kind: jsonString, offset: start, text: text}, err
	case c == '-' || c >= '0' && c <= '9':
		return r.numeral()
	}
	for word, kind := range map[string]jsonKind{"true": jsonTrue, "false": jsonFalse, "null": jsonNull} {
		if strings.HasPrefix(r.text[r.at:], word) {
			r.at += len(word)
			if r.at < len(r.text) && wordByte(r.text[r.at]) {
				r.at = start
				break
			}
			return &value{kind: kind, offset: start}, nil
		}
	}
	return nil, r.fail("unexpected %q", r.rune())
}

func wordByte(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

func (r *reader) rune() string {
	_, size := utf8.DecodeRuneInString(r.text[r.at:])
	return r.text[r.at : r.at+size]
}

func (r *reader) object(depth int) (*value, error) {
	v := &value{kind: jsonObject, offset: r.at}
	r.at++
	for first := true; ; first = false {
		done, err := r.next('}', first)
		if done || err != nil {
			return v, err
		}
		if r.at == len(r.text) || r.text[r.at] != '"' {
			return nil, r.fail("a name in quotes is expected")
		}
		name, err := r.string(maxName)
		if err != nil {
			return nil, err
		}
		r.space()
		if r.at == len(r.text) || r.text[r.at] != ':' {
			return nil, r.fail("':' is expected after the name %q", name)
		}
		r.at++
		r.space()
		member, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		v.set(name, member)
	}
}

func (r *reader) array(depth int) (*value, error) {
	v := &value{kind: jsonArray, offset: r.at}
	r.at++
	for first := true; ; first = false {
		done, err := r.next(']', first)
		if done || err != nil {
			return v, err
		}
		item, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		v.items = append(v.items, item)
	}
}

// next steps over the end of a container, or over the comma before what follows.
func (r *reader) next(end byte, first bool) (done bool, err error) {
	r.space()
	switch {
	case r.at == len(r.text):
		return false, r.fail("unexpected end of the text")
	case r.text[r.at] == end:
		r.at++
		return true, nil
	case first:
		return false, nil
	case r.text[r.at] != ',':
		return false, r.fail("',' or %q is expected", string(end))
	}
	r.at++
	r.space()
	if r.at < len(r.text) && r.text[r.at] == end {
		return false, r.fail("unexpected %q after ','", string(end))
	}
	return false, nil
}

func (r *reader) numeral() (*value, error) {
	v := &value{kind: jsonInteger, offset: r.at}
	if r.text[r.at] == '-' {
		r.at++
	}
	if whole := r.digits(); whole == 0 || whole > 1 && r.text[r.at-whole] == '0' {
		return nil, r.fail("a number is written without leading zeros")
	}
	if r.at < len(r.text) && r.text[r.at] == '.' {
		v.kind = jsonDecimal
		r.at++
		if r.digits() == 0 {
			return nil, r.fail("a digit is expected after the decimal point")
		}
	}
	if r.at < len(r.text) && (r.text[r.at] == 'e' || r.text[r.at] == 'E') {
		v.kind = jsonDecimal
		r.at++
		if r.at < len(r.text) && (r.text[r.at] == '+' || r.text[r.at] == '-') {
			r.at++
		}
		count := r.digits()
		if exponent, err := strconv.ParseInt(r.text[r.at-count:r.at], 10, 64); err != nil || exponent > maxExponent {
			return nil, r.fail("the exponent is missing or too large")
		}
	}
	if r.at < len(r.text) && wordByte(r.text[r.at]) {
		return nil, r.fail("unexpected %q in a number", r.rune())
	}
	v.text = r.text[v.offset:r.at]
	if len(v.text)-strings.Count(v.text, "-")-strings.Count(v.text, ".")-strings.Count(v.text, "+") > maxNumber {
		return nil, r.fail("a number has more than %d digits", maxNumber)
	}
	if _, scale := decimal(v.text); scale > maxExponent || scale < -maxExponent {
		return nil, r.fail("the exponent is too large")
	}
	return v, nil
}

func (r *reader) digits() int {
	start := r.at
	for r.at < len(r.text) && r.text[r.at] >= '0' && r.text[r.at] <= '9' {
		r.at++
	}
	return r.at - start
}

func (r *reader) string(limit int) (string, error) {
	r.at++
	start := r.at
	for r.at < len(r.text) && r.text[r.at] != '"' && r.text[r.at] != '\\' && r.text[r.at] >= ' ' {
		r.at++
	}
	if r.at < len(r.text) && r.text[r.at] == '"' {
		r.at++
		return r.checked(r.text[start:r.at-1], limit)
	}
	var b strings.Builder
	b.WriteString(r.text[start:r.at])
	for r.at < len(r.text) {
		switch c := r.text[r.at]; {
		case c == '"':
			r.at++
			return r.checked(b.String(), limit)
		case c < ' ':
			return "", r.fail("a control character in a string must be escaped")
		case c == '\\':
			if err := r.escape(&b); err != nil {
				return "", err
			}
		default:
			b.WriteByte(c)
			r.at++
		}
	}
	return "", r.fail("unexpected end of the text in a string")
}

func (r *reader) checked(text string, limit int) (string, error) {
	if len(text) > limit && utf8.RuneCountInString(text) > limit {
		return "", r.fail("a string is longer than %d characters", limit)
	}
	return strings.ToValidUTF8(text, "\ufffd"), nil
}

func (r *reader) escape(b *strings.Builder) error {
	if r.at+1 == len(r.text) {
		return r.fail("unexpected end of the text in a string")
	}
	const short, long = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	c := r.text[r.at+1]
	if at := strings.IndexByte(short, c); at >= 0 {
		b.WriteByte(long[at])
		r.at += 2
		return nil
	}
	unit, ok := r.unit()
	if !ok {
		return r.fail("unknown escape in a string")
	}
	r.at += 6
	if utf16.IsSurrogate(unit) {
		low, ok := r.unit()
		if pair := utf16.DecodeRune(unit, low); ok && pair != utf8.RuneError {
			unit = pair
			r.at += 6
		}
	}
	if utf16.IsSurrogate(unit) {
		unit = '?' // half a pair, which the registry cannot store
	}
	b.WriteRune(unit)
	return nil
}

func (r *reader) unit() (rune, bool) {
	if len(r.text)-r.at < 6 || r.text[r.at:r.at+2] != `\u` {
		return 0, false
	}
	unit, err := strconv.ParseUint(r.text[r.at+2:r.at+6], 16, 16)
	return rune(uint16(unit)), err == nil
}
