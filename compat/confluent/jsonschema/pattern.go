package jsonschema

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// compile returns nil for what Go's regular expressions cannot do: look-around,
// back references, possessive quantifiers. Such a pattern matches no name here,
// where Java would try it. Go's take time in proportion to the name, whatever
// the pattern.
func compile(pattern string) *regexp.Regexp {
	compiled, err := regexp.Compile(pattern)
	if err != nil {
		return nil
	}
	return compiled
}

// checkPattern says why the registry would not take a regular expression: it
// compiles them with java.util.regex, whose syntax this follows. Names of
// Unicode blocks are not checked, nor is the x flag, which skips white space.
func checkPattern(pattern string) error {
	p := &patternReader{text: []rune(pattern), groups: map[string]bool{}}
	p.alternatives(0)
	if p.err == nil && p.at < len(p.text) {
		p.fail("unmatched )")
	}
	return p.err
}

type patternReader struct {
	text   []rune
	at     int
	groups map[string]bool
	err    error
}

// maxGroups is how deep groups and classes may be nested; Java's stack ends
// before.
const maxGroups = 1000

func (p *patternReader) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf("not a regular expression of Java: %s at character %d", fmt.Sprintf(format, args...), p.at+1)
		p.at = len(p.text)
	}
}

func (p *patternReader) more() bool { return p.at < len(p.text) }

// peek returns the character ahead, 0 at the end.
func (p *patternReader) peek(ahead int) rune {
	if p.at+ahead < len(p.text) {
		return p.text[p.at+ahead]
	}
	return 0
}

func (p *patternReader) take(c rune) bool {
	if p.more() && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *patternReader) alternatives(depth int) {
	if depth > maxGroups {
		p.fail("nested too deep")
	}
	for p.more() && p.text[p.at] != ')' {
		switch c := p.text[p.at]; c {
		case '|':
			p.at++
			continue
		case '*', '+', '?':
			p.fail("dangling %q", c)
			return
		case '(':
			p.at++
			if p.group(depth) {
				continue // flags are nothing to repeat
			}
		case '[':
			p.at++
			p.class(depth + 1)
		case '\\':
			p.at++
			p.escape(false)
		case '{':
		default:
			p.at++
		}
		p.quantifier()
	}
}

func (p *patternReader) quantifier() {
	switch p.peek(0) {
	case '?', '*', '+':
		p.at++
	case '{':
		p.at++
		if !p.counts() {
			p.fail("illegal repetition")
		}
	default:
		return
	}
	if c := p.peek(0); c == '?' || c == '+' {
		p.at++
	}
}

func (p *patternReader) counts() bool {
	low, ok := p.integer()
	if !ok {
		return false
	}
	if p.take(',') && p.peek(0) != '}' {
		high, ok := p.integer()
		if !ok || high < low {
			return false
		}
	}
	return p.take('}')
}

func (p *patternReader) integer() (int64, bool) {
	start := p.at
	for c := p.peek(0); c >= '0' && c <= '9'; c = p.peek(0) {
		p.at++
	}
	n, err := strconv.ParseInt(string(p.text[start:p.at]), 10, 32)
	return n, err == nil
}

// group reads what follows an opening parenthesis; flags says that it was
// nothing but flags.
func (p *patternReader) group(depth int) (flags bool) {
	if p.take('?') {
		switch c := p.peek(0); {
		case c == ':' || c == '=' || c == '!' || c == '>':
			p.at++
		case c == '<' && (p.peek(1) == '=' || p.peek(1) == '!'):
			p.at += 2
		case c == '<':
			p.at++
			name := p.name('>')
			if p.groups[name] {
				p.fail("group %q is defined twice", name)
			}
			p.groups[name] = true
		default:
			for strings.ContainsRune("idmsuxU-", p.peek(0)) && p.more() {
				p.at++
			}
			if p.take(')') {
				return true
			}
			if !p.take(':') {
				p.fail("unknown inline modifier")
			}
		}
	}
	p.alternatives(depth + 1)
	if p.err == nil && !p.take(')') {
		p.fail("unclosed group")
	}
	return false
}

// name reads the name of a group.
func (p *patternReader) name(end rune) string {
	start := p.at
	for c := p.peek(0); alphanumeric(c) && (p.at > start || c > '9'); c = p.peek(0) {
		p.at++
	}
	name := string(p.text[start:p.at])
	if name == "" || !p.take(end) {
		p.fail("a group name is expected")
	}
	return name
}
