package jsonschema

import (
	"strings"
	"unicode"
)

// class reads what follows an opening bracket, up to the closing one.
func (p *patternReader) class(depth int) {
	if depth > maxGroups {
		p.fail("nested too deep")
	}
	p.take('^')
	empty := true
	for p.more() {
		switch c := p.text[p.at]; {
		case c == ']' && !empty:
			p.at++
			return
		case c == '[':
			p.at++
			p.class(depth + 1)
		case c == '&' && p.peek(1) == '&':
			p.at += 2
			for p.take('&') {
			}
			if empty && p.peek(0) == ']' {
				p.fail("bad class syntax")
			}
		default:
			p.classRange()
		}
		empty = false
	}
	p.fail("unclosed character class")
}

// classRange reads a character, a range or a predefined class.
func (p *patternReader) classRange() {
	low, single := p.classCharacter()
	if !single || p.peek(0) != '-' {
		return
	}
	if end := p.peek(1); end == 0 || end == ']' || end == '[' {
		if end == ']' || end == '[' {
			p.at++
		}
		return
	}
	p.at++
	if high, _ := p.classCharacter(); high >= 0 && high < low {
		p.fail("illegal character range")
	}
}

// classCharacter returns the character, -1 when it is not known which; single
// is false for a predefined class.
func (p *patternReader) classCharacter() (c rune, single bool) {
	if p.take('\\') {
		return p.escape(true)
	}
	p.at++
	return p.text[p.at-1], true
}

// escape reads what follows a backslash.
func (p *patternReader) escape(inClass bool) (c rune, single bool) {
	if !p.more() {
		p.fail("unexpected end after a backslash")
		return -1, true
	}
	c = p.text[p.at]
	p.at++
	switch {
	case c == 'Q':
		for p.more() && (p.peek(0) != '\\' || p.peek(1) != 'E') {
			p.at++
		}
		p.at = min(p.at+2, len(p.text))
		return -1, false
	case strings.ContainsRune("dDhHsSvVwW", c):
		return -1, false
	case c == 'p' || c == 'P':
		p.property()
		return -1, false
	case c >= '1' && c <= '9' && !inClass, strings.ContainsRune("AbBGRXzZ", c) && !inClass:
		return -1, false
	case c == 'k' && !inClass:
		if !p.take('<') {
			p.fail("a group name is expected after \\k")
		} else if name := p.name('>'); !p.groups[name] {
			p.fail("there is no group %q", name)
		}
		return -1, false
	case c > unicode.MaxASCII, !alphanumeric(c):
		return c, true
	}
	return p.character(c), true
}

func alphanumeric(c rune) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// character reads an escape that stands for one character.
func (p *patternReader) character(c rune) rune {
	if at := strings.IndexRune("aefnrt", c); at >= 0 {
		return rune("\a\x1b\f\n\r\t"[at])
	}
	switch c {
	case '0':
		if octal := p.digits(8, 1); octal >= 0 {
			return octal
		}
	case 'x':
		if p.take('{') {
			if hex := p.hexadecimal(); hex >= 0 && p.take('}') {
				return hex
			}
		} else if hex := p.digits(16, 2); hex >= 0 {
			return hex
		}
	case 'u':
		if hex := p.digits(16, 4); hex >= 0 {
			return hex
		}
	case 'c':
		if p.more() {
			p.at++
			return p.text[p.at-1] ^ 64
		}
	case 'N':
		if p.take('{') {
			for p.more() && !p.take('}') {
				p.at++
			}
			return -1
		}
	}
	p.fail("unknown escape")
	return -1
}

// digits reads digits of a base: as many as given, or for an octal number up
// to three as long as it fits a byte.
func (p *patternReader) digits(base rune, count int) rune {
	n := rune(0)
	for i := 0; i < count || base == 8 && i < 3; i++ {
		d := digit(p.peek(0))
		if d >= base || base == 8 && n*8+d > 0o377 {
			if base == 8 && i > 0 {
				break
			}
			return -1
		}
		n = n*base + d
		p.at++
	}
	return n
}

func (p *patternReader) hexadecimal() rune {
	n := rune(-1)
	for d := digit(p.peek(0)); d < 16; d = digit(p.peek(0)) {
		n = max(n, 0)*16 + d
		if p.at++; n > unicode.MaxRune {
			return -1
		}
	}
	return n
}

func digit(c rune) rune {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 99
}

// properties are the names of java.util.regex that are not Unicode's.
const properties = " Lower Upper ASCII Alpha Digit Alnum Punct Graph Print Blank Cntrl XDigit Space L1 all LC LD ALL " +
	"javaLowerCase javaUpperCase javaAlphabetic javaIdeographic javaTitleCase javaDigit javaDefined javaLetter " +
	"javaLetterOrDigit javaJavaIdentifierStart javaJavaIdentifierPart javaUnicodeIdentifierStart " +
	"javaUnicodeIdentifierPart javaIdentifierIgnorable javaSpaceChar javaWhitespace javaISOControl javaMirrored "

// unicodeNames are the Unicode properties that \p{Is...} knows besides scripts.
const unicodeNames = " ALPHABETIC LETTER IDEOGRAPHIC LOWERCASE UPPERCASE TITLECASE WHITE_SPACE WHITESPACE CONTROL PUNCTUATION " +
	"HEX_DIGIT HEXDIGIT ASSIGNED NONCHARACTER_CODE_POINT DIGIT ALNUM BLANK GRAPH PRINT WORD JOIN_CONTROL "

// property reads the name after \p.
func (p *patternReader) property() {
	name := ""
	if p.take('{') {
		start := p.at
		for p.more() && p.text[p.at] != '}' {
			p.at++
		}
		name = string(p.text[start:p.at])
		if !p.take('}') {
			p.fail("unclosed character family")
			return
		}
	} else if p.more() {
		name = string(p.text[p.at])
		p.at++
	}
	if !knownProperty(name) {
		p.fail("unknown character property %q", name)
	}
}

func knownProperty(name string) bool {
	if key, value, ok := strings.Cut(name, "="); ok {
		switch strings.ToLower(key) {
		case "sc", "script":
			return script(value)
		case "gc", "general_category":
			return category(value)
		case "blk", "block":
			return value != ""
		}
		return false
	}
	if rest, ok := strings.CutPrefix(name, "Is"); ok {
		return strings.Contains(unicodeNames, " "+strings.ToUpper(rest)+" ") && rest != "" || category(rest) || script(rest)
	}
	if rest, ok := strings.CutPrefix(name, "In"); ok {
		return rest != ""
	}
	return category(name)
}

func category(name string) bool {
	if name == "" || strings.Contains(name, " ") {
		return false
	}
	_, ok := unicode.Categories[name]
	return ok && len(name) <= 2 || name == "Cn" || strings.Contains(properties, " "+name+" ")
}

// script accepts the long names, and codes of four letters without a check.
func script(name string) bool {
	for known := range unicode.Scripts {
		if strings.EqualFold(known, name) {
			return true
		}
	}
	return len(name) == 4
}
