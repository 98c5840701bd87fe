package history

import "strings"

// typesIn returns what schema.Types does for a text that parses, in a fraction
// of the time: histories hold thousands of texts. A test holds the two together.
func typesIn(text string) []string {
	s := scanner{text: text}
	names, _ := s.body("")
	return names
}

// scanner reads the tokens of a Protobuf text.
type scanner struct {
	text string
	at   int
}

// body reads the statements of a file or a message up to the closing brace. It
// returns the types that they define, and whether there is anything else.
func (s *scanner) body(scope string) (names []string, content bool) {
	for {
		token := s.next()
		switch {
		case token == "" || token == "}":
			return names, content
		case token == "package" && scope == "":
			scope = s.name() + "."
		case token == "message" || token == "enum":
			name, ok := s.opens()
			if !ok {
				content = true
				s.skip(s.next())
				continue
			}
			full := scope + name
			var inner []string
			var more bool
			if token == "enum" {
				s.block()
			} else {
				inner, more = s.body(full + ".")
			}
			names = append(names, inner...)
			if more || len(inner) == 0 {
				names = append(names, full)
			}
		default:
			content = true
			s.skip(token)
		}
	}
}

// name reads a name with dots, up to the semicolon.
func (s *scanner) name() string {
	var name strings.Builder
	for token := s.next(); token != ";" && token != ""; token = s.next() {
		name.WriteString(token)
	}
	return name.String()
}

// opens reads a name and the brace behind it, or nothing.
func (s *scanner) opens() (string, bool) {
	start := s.at
	name := s.next()
	if s.next() == "{" {
		return name, true
	}
	s.at = start
	return "", false
}

// skip reads the rest of a statement that begins with a token: up to its
// semicolon, or to the end of its block.
func (s *scanner) skip(token string) {
	for depth := 0; token != ""; token = s.next() {
		switch token {
		case "(", "[":
			depth++
		case ")", "]":
			depth--
		case "{":
			s.block()
			if depth == 0 {
				return
			}
		case ";":
			if depth <= 0 {
				return
			}
		}
	}
}

// block reads up to the brace that closes one that was read.
func (s *scanner) block() {
	for depth := 1; depth > 0; {
		switch s.next() {
		case "{":
			depth++
		case "}":
			depth--
		case "":
			return
		}
	}
}

// next returns the next token, or "" at the end: a word, or one other byte. A
// string is a token of its quote alone.
func (s *scanner) next() string {
	for s.at < len(s.text) {
		start := s.at
		b := s.text[start]
		s.at++
		switch {
		case b == ' ' || b == '\t' || b == '\n' || b == '\r' || b == '\f' || b == '\v':
		case b == '/' && strings.HasPrefix(s.text[s.at:], "/"):
			s.until("\n")
		case b == '/' && strings.HasPrefix(s.text[s.at:], "*"):
			s.at++
			s.until("*/")
		case b == '"' || b == '\'':
			s.quoted(b)
			return s.text[start : start+1]
		case isWord(b):
			for s.at < len(s.text) && isWord(s.text[s.at]) {
				s.at++
			}
			return s.text[start:s.at]
		default:
			return s.text[start:s.at]
		}
	}
	return ""
}

// until moves behind a text.
func (s *scanner) until(end string) {
	if i := strings.Index(s.text[s.at:], end); i >= 0 {
		s.at += i + len(end)
		return
	}
	s.at = len(s.text)
}

// quoted moves behind the string whose quote was read.
func (s *scanner) quoted(quote byte) {
	for s.at < len(s.text) {
		b := s.text[s.at]
		s.at++
		switch b {
		case '\\':
			s.at = min(s.at+1, len(s.text))
		case quote:
			return
		}
	}
}

func isWord(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' || b == '_'
}
