package replay

import (
	"regexp"
	"strings"
)

// Additive reports whether the text of update is that of original with fields,
// messages and oneofs more, and nothing else. [Compare] finds nothing in such
// a pair, so it need not be linked; most versions of most schemas are one. Both
// texts have to be valid and in the registry's canonical layout, and have to
// import the same files. False says nothing: the two have to be compared.
//
// A line that was added changes what is around it in one case alone: a new
// message can take a name that something else was known by. So where a message
// or an enum is new, all other names have to be absolute.
func Additive(original, update string) bool {
	a := additive{original: lines{rest: original}, update: lines{rest: update}}
	return a.block("") && (!a.declares || absolute(update))
}

// additive walks through two texts at once.
type additive struct {
	original, update lines
	declares         bool // a message or an enum is new
}

// block compares what stands in a block of both texts, up to its end. The
// header is the line that opened it, or "" for the file.
func (a *additive) block(header string) bool {
	for {
		was, is := a.original.next(), a.update.next()
		for was != is {
			if !a.added(header, is) {
				return false
			}
			is = a.update.next()
		}
		switch {
		case was == "", was == "}":
			return true
		case strings.HasSuffix(was, " {") && !a.block(was):
			return false
		}
	}
}

// plainField matches a field that nothing else depends on.
var plainField = regexp.MustCompile(`^(repeated |optional )?(map<\w+, [\w.]+>|[\w.]+) \w+ = \d+( \[deprecated = true\])?;$`)

// added reports whether a line, with the block that it opens, may be new.
func (a *additive) added(header, line string) bool {
	kind, _, _ := strings.Cut(line, " ")
	in, _, _ := strings.Cut(header, " ")
	switch {
	case in != "" && in != "message" && in != "oneof":
		return false
	case strings.HasSuffix(line, " {") && in != "oneof" && (kind == "message" || kind == "enum" || kind == "oneof" && in == "message"):
		a.declares = a.declares || kind != "oneof"
		return a.update.skip()
	}
	return in != "" && plainField.MatchString(line)
}

// fieldTypes matches the types of a field.
var fieldTypes = regexp.MustCompile(`^(?:repeated |optional |required )?(?:map<\w+, ([\w.]+)>|([\w.]+)) \w+ = \d+`)

// absolute reports whether no name in a text depends on where it stands.
func absolute(text string) bool {
	for l := (lines{rest: text}); ; {
		line := l.next()
		if line == "" {
			return true
		}
		m := fieldTypes.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if name := m[1] + m[2]; !strings.HasPrefix(name, ".") && !scalar(name) {
			return false
		}
	}
}

func scalar(name string) bool {
	switch name {
	case "double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64",
		"fixed32", "fixed64", "sfixed32", "sfixed64", "bool", "string", "bytes":
		return true
	}
	return false
}

// lines are those of a text that are not blank, without indentation: the braces
// tell what is in what.
type lines struct{ rest string }

// next returns the next line, or "" at the end.
func (l *lines) next() string {
	for l.rest != "" {
		line, rest, _ := strings.Cut(l.rest, "\n")
		l.rest = rest
		if line = strings.TrimSpace(line); line != "" {
			return line
		}
	}
	return ""
}

// skip goes behind the end of a block that was opened, and reports whether it
// has one.
func (l *lines) skip() bool {
	for depth := 1; depth > 0; {
		line := l.next()
		switch {
		case line == "":
			return false
		case line == "}":
			depth--
		case strings.HasSuffix(line, " {"):
			depth++
		}
	}
	return true
}
