package history

import (
	"bytes"
	"slices"
	"strings"
)

// The lines of .gitattributes: git keeps the lines of both branches in
// esgen.lock, and converts no line ends, which would change what was hashed.
const (
	attributeLock    = LockName + " merge=union -text"
	attributeSchemas = SchemasDir + "/** -text"
)

// attributes returns a text of .gitattributes with the lines that history needs
// behind all others, and whether any of them was missing. A line that says
// something else about the same files is somebody's choice and counts.
func attributes(old []byte) (text []byte, missing bool) {
	var add []string
	if !decides(old, LockName, "merge") {
		add = append(add, attributeLock)
	}
	if !decides(old, SchemasDir+"/**", "text") {
		add = append(add, attributeSchemas)
	}
	if len(add) == 0 {
		return old, false
	}
	text = slices.Clone(old)
	end := "\n"
	if bytes.Contains(old, []byte("\r\n")) {
		end = "\r\n"
	}
	if len(text) > 0 && !bytes.HasSuffix(text, []byte("\n")) {
		text = append(text, end...)
	}
	return append(text, strings.Join(add, end)+end...), true
}

// decides reports whether a line sets or unsets an attribute of a pattern.
func decides(text []byte, pattern, attribute string) bool {
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if len(words) == 0 || strings.TrimPrefix(words[0], "/") != pattern {
			continue
		}
		for _, word := range words[1:] {
			name, _, _ := strings.Cut(strings.TrimLeft(word, "-!"), "=")
			if name == attribute {
				return true
			}
		}
	}
	return false
}
