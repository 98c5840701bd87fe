package jsonschema

import (
	"slices"
	"strings"
)

// formats are those that the loader checks, and keeps; it forgets others.
var (
	formats4 = []string{"date-time", "email", "hostname", "ipv4", "ipv6", "uri"}
	formats6 = []string{"json-pointer", "uri-reference", "uri-template"}
	formats7 = []string{"date", "regex", "relative-json-pointer", "time"}
)

func checked(d draft, format string) bool {
	switch {
	case d == latest:
		return false
	case slices.Contains(formats4, format):
		return true
	case slices.Contains(formats6, format):
		return d >= draft6
	case slices.Contains(formats7, format):
		return d >= draft7
	}
	return false
}

// rest returns the keywords of a schema that the loader does not know, sorted.
// Its schemas keep them, so they are part of what makes two of them equal.
func rest(d draft, v *value) []member {
	return without(v, func(word string) bool { return understood(d, word) })
}

// restOfReference returns what stands beside $ref. The loader does not read it.
func restOfReference(d draft, v *value) []member {
	return without(v, func(word string) bool {
		switch word {
		case "$ref", d.idKeyword(), "title", "description", "default":
			return true
		case "readOnly", "writeOnly":
			return d == draft7
		}
		return false
	})
}

func without(v *value, known func(word string) bool) []member {
	var rest []member
	for _, m := range v.members {
		if !known(m.name) {
			rest = append(rest, m)
		}
	}
	slices.SortFunc(rest, func(a, b member) int { return strings.Compare(a.name, b.name) })
	return rest
}

func understood(d draft, word string) bool {
	switch word {
	case d.idKeyword(), "title", "description", "default", "type", "enum", "allOf", "anyOf", "oneOf", "not":
		return true
	case "const", "contains", "propertyNames":
		return d >= draft6
	case "if", "then", "else":
		return d >= draft7
	}
	for _, words := range [][]string{stringWords, numberWords, arrayWords, objectWords} {
		if slices.Contains(words, word) {
			return true
		}
	}
	return false
}
