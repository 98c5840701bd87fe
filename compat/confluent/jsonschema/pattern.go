package jsonschema

import "regexp"

// checkPattern says why the registry would not take a regular expression.
func checkPattern(string) error { return nil }

// compile returns nil for what Go's regular expressions cannot do.
func compile(pattern string) *regexp.Regexp {
	compiled, err := regexp.Compile(pattern)
	if err != nil {
		return nil
	}
	return compiled
}
